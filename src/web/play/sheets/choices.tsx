import type { JSX } from "hono/jsx/dom/jsx-runtime";

interface Option<Value> {
  value: Value;
  label: string;
  /** Instead of the label, for who does not see it. */
  name?: string | undefined;
}

interface PickProps<Value> {
  legend: string;
  className?: string;
  options: readonly Option<Value>[];
  chosen: Value;
  onChoose: (value: Value) => void;
}

/** One of a few. */
export function Pick<Value extends string | number>(props: PickProps<Value>): JSX.Element {
  const { legend, className = "", options, chosen, onChoose } = props;
  return (
    <fieldset class={`pick ${className}`}>
      <legend>{legend}</legend>
      {options.map(({ value, label, name }) => (
        <label key={value}>
          <input
            type="radio"
            name={legend}
            aria-label={name}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

interface CheckProps {
  label: string;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
}

/** Yes or no. */
export function Check({ label, isChecked, onChange }: CheckProps): JSX.Element {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={(event: Event) => onChange((event.target as HTMLInputElement).checked)}
      />
      {label}
    </label>
  );
}

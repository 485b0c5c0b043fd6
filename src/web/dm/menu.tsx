import type { JSX } from "hono/jsx/dom/jsx-runtime";

/** A labelled menu. */
export function Menu(props: {
  label: string;
  value: string;
  /** Value and what is shown for it. */
  options: readonly (readonly [value: string, shown: string])[];
  onChange: (value: string) => void;
}): JSX.Element {
  const change = (event: Event): void => props.onChange((event.target as HTMLSelectElement).value);
  return (
    <label class="field">
      <span>{props.label}</span>
      <select value={props.value} onChange={change}>
        {props.options.map(([value, shown]) => (
          <option key={value} value={value}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
}

import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Reveal, Sounds, TableSettings } from "../../../core/protocol/table-settings.ts";

const REVEALS: readonly (readonly [Reveal, string])[] = [
  ["at-once", "At once"],
  ["sentence", "By sentence"],
  ["word", "Word by word"],
  ["early", "Also while they wait"],
];

const SOUNDS: readonly (readonly [Sounds, string])[] = [
  ["all", "Everything"],
  ["characters", "Characters"],
  ["narration", "The telling"],
  ["none", "Nothing"],
];

function Choice<Value extends string>(props: {
  legend: string;
  name: string;
  of: readonly (readonly [Value, string])[];
  chosen: Value;
  onChoose: (value: Value) => void;
}): JSX.Element {
  return (
    <fieldset class="pick">
      <legend>{props.legend}</legend>
      {props.of.map(([value, words]) => (
        <label key={value}>
          <input
            type="radio"
            name={props.name}
            checked={props.chosen === value}
            onChange={() => props.onChoose(value)}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

/** What the game master chooses for the whole table. */
export function TableChoices(props: {
  settings: TableSettings;
  onChoose: (settings: Partial<TableSettings>) => void;
}): JSX.Element {
  const { settings, onChoose } = props;
  return (
    <>
      <Choice
        legend="Words on the phones appear"
        name="reveal"
        of={REVEALS}
        chosen={settings.reveal}
        onChoose={(reveal) => onChoose({ reveal })}
      />
      <Choice
        legend="Read aloud"
        name="sounds"
        of={SOUNDS}
        chosen={settings.sounds}
        onChoose={(sounds) => onChoose({ sounds })}
      />
    </>
  );
}

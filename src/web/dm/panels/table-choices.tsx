import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Reveal, Sounds, TableSettings } from "../../../core/protocol/table-settings.ts";
import { displayName } from "../../shared/names.ts";

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

/** On whose devices what is for everyone sounds. */
function Loudspeakers(props: {
  players: readonly string[];
  chosen: readonly string[];
  onChoose: (chosen: readonly string[]) => void;
}): JSX.Element {
  const { players, chosen, onChoose } = props;
  return (
    <fieldset class="pick">
      <legend>The sound comes from</legend>
      <label>
        <input
          type="checkbox"
          checked={chosen.length === 0}
          disabled={chosen.length === 0}
          onChange={() => onChoose([])}
        />
        Every device
      </label>
      {players.map((player) => (
        <label key={player}>
          <input
            type="checkbox"
            checked={chosen.includes(player)}
            onChange={() =>
              onChoose(
                chosen.includes(player) ? chosen.filter((other) => other !== player) : [...chosen, player],
              )
            }
          />
          {displayName(player)}
        </label>
      ))}
      <p class="small">
        For a room with one loudspeaker: choose whose device it is. Whispers stay on the others.
      </p>
    </fieldset>
  );
}

/** What the game master chooses for the whole table. */
export function TableChoices(props: {
  players: readonly string[];
  settings: TableSettings;
  onChoose: (settings: Partial<TableSettings>) => void;
}): JSX.Element {
  const { players, settings, onChoose } = props;
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
      <Loudspeakers
        players={players}
        chosen={settings.loudspeakers}
        onChoose={(loudspeakers) => onChoose({ loudspeakers })}
      />
    </>
  );
}

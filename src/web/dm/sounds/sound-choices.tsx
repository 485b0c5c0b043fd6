import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PlayerStatus } from "../../../core/protocol/api.ts";
import type { SoundsStatus } from "../../../core/protocol/sounds.ts";
import { displayName } from "../../shared/names.ts";
import { Loudness, type LoudnessProps } from "./loudness.tsx";
import type { Sounds } from "./use-sounds.ts";

const FADES: readonly (readonly [ms: number, words: string])[] = [
  [1_000, "1 second"],
  [4_000, "4 seconds"],
  [10_000, "10 seconds"],
  [30_000, "30 seconds"],
];
/** Half as loud as it was to the ear is about 10 dB. */
const DUCKS: readonly (readonly [db: number, words: string])[] = [
  [0, "As loud as before"],
  [6, "A little softer"],
  [12, "Half as loud"],
  [30, "Nearly silent"],
];

function Volume({ label, volume, onChange }: LoudnessProps): JSX.Element {
  return (
    <div class="slide flat">
      <span>{label}</span>
      <Loudness label={label} volume={volume} onChange={onChange} />
      <output>{Math.round(volume * 100)} %</output>
    </div>
  );
}

function Choice(props: {
  words: string;
  value: number;
  options: readonly (readonly [value: number, words: string])[];
  onChange: (value: number) => void;
}): JSX.Element {
  const { words, value, options, onChange } = props;
  const isListed = options.some(([each]) => each === value);
  return (
    <label class="field">
      {words}
      <select
        value={String(value)}
        onChange={(event: Event) => onChange(Number((event.target as HTMLSelectElement).value))}
      >
        {!isListed && <option value={String(value)}>{value} dB softer</option>}
        {options.map(([each, option]) => (
          <option key={each} value={String(each)}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

/** How loud all of it is, how long a change takes, and what becomes of it beside speech. */
export function SoundChoices(props: {
  status: SoundsStatus;
  fadeMs: number;
  onFade: (ms: number) => void;
  act: Sounds["act"];
}): JSX.Element {
  const { status, fadeMs, onFade, act } = props;
  return (
    <>
      <Volume
        label="All sounds"
        volume={status.master}
        onChange={(master) => act((api) => api.setVolumes({ master }))}
      />
      <div class="two">
        <Choice words="Change over in" value={fadeMs} options={FADES} onChange={onFade} />
        <Choice
          words="During speech"
          value={status.duckDb}
          options={DUCKS}
          onChange={(duckDb) => void act((api) => api.setVolumes({ duckDb }))}
        />
      </div>
    </>
  );
}

/** For whom the place is softer. */
export function PlayerVolumes(props: {
  status: SoundsStatus;
  players: readonly PlayerStatus[];
  act: Sounds["act"];
}): JSX.Element {
  const { status, players, act } = props;
  return (
    <details class="stack">
      <summary>How loud for each player</summary>
      {players.map(({ id }) => (
        <Volume
          key={id}
          label={displayName(id)}
          volume={status.players[id] ?? 1}
          onChange={(volume) => act((api) => api.setVolumes({ players: { [id]: volume } }))}
        />
      ))}
    </details>
  );
}

import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PlayerStatus } from "../../../core/protocol/api.ts";
import type { SoundInfo, SoundsStatus } from "../../../core/protocol/sounds.ts";
import { displayName } from "../../shared/names.ts";
import { SOUND_KEYS } from "./sound-keys.ts";

/** Files that are no longer are short sounds; the others are beds. */
export const SHORT_SECONDS = 15;

/** Short sounds, in the order of their keys: files by name, then what needs none. */
export function hitsOf(status: SoundsStatus | undefined): readonly SoundInfo[] {
  const isHit = ({ builtIn, seconds = 0 }: SoundInfo): boolean =>
    builtIn ? builtIn === "hit" : seconds <= SHORT_SECONDS;
  const hits = (status?.sounds ?? []).filter(isHit);
  return [...hits.filter(({ builtIn }) => builtIn), ...hits.filter(({ builtIn }) => !builtIn)];
}

/** What is heard once. */
export function Hits(props: {
  status: SoundsStatus;
  players: readonly PlayerStatus[];
  /** Whom it is for; empty: everyone. */
  to: string;
  onTo: (player: string) => void;
  onHit: (sound: string) => void;
}): JSX.Element {
  const { status, players, to, onTo, onHit } = props;
  return (
    <div class="stack">
      <div class="row">
        <h3 class="grow">Short sounds</h3>
        <label class="row small">
          To
          <select
            aria-label="To whom"
            value={to}
            onChange={(event: Event) => onTo((event.target as HTMLSelectElement).value)}
          >
            <option value="">everyone</option>
            {players.map(({ id }) => (
              <option key={id} value={id}>
                {displayName(id)} alone
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="hits">
        {hitsOf(status).map(({ id, name }, index) => (
          <button
            key={id}
            type="button"
            class={to === "" ? "" : "moonlit"}
            aria-keyshortcuts={SOUND_KEYS[index]}
            onClick={() => onHit(id)}
          >
            <span>{name}</span> {SOUND_KEYS[index] && <kbd>{SOUND_KEYS[index]?.toUpperCase()}</kbd>}
          </button>
        ))}
      </div>
      <p class="small">
        Press its letter where nobody writes. Files of {SHORT_SECONDS} seconds and less are short sounds.
      </p>
    </div>
  );
}

import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { SoundInfo, SoundsStatus } from "../../../core/protocol/sounds.ts";
import { SHORT_SECONDS } from "./hits.tsx";
import { Loudness } from "./loudness.tsx";
import type { Sounds } from "./use-sounds.ts";

/** What a sound is called, with a capital. */
export function titleOf({ name }: Pick<SoundInfo, "name">): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function lengthOf(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** What goes on until it is faded out. */
export function Beds(props: { status: SoundsStatus; fadeMs: number; act: Sounds["act"] }): JSX.Element {
  const { status, fadeMs, act } = props;
  const isBed = ({ builtIn, seconds = 0 }: SoundInfo): boolean =>
    builtIn ? builtIn === "bed" : seconds > SHORT_SECONDS;
  const playing = new Map(status.beds.map((bed) => [bed.sound, bed]));
  const others = status.beds.some(({ leaving }) => !leaving);
  return (
    <div>
      <h3>The place</h3>
      <ul class="items">
        {status.sounds
          .filter((sound) => isBed(sound) || playing.has(sound.id))
          .map((sound) => {
            const bed = playing.get(sound.id);
            const isOn = bed !== undefined && !bed.leaving;
            const title = titleOf(sound);
            return (
              <li key={sound.id} class={isOn ? "bed on" : "bed"}>
                <button
                  type="button"
                  aria-label={`${isOn ? "Fade out" : "Add"} ${title}`}
                  onClick={() =>
                    void act((api) =>
                      isOn ? api.stop({ sound: sound.id, fadeMs }) : api.play({ sound: sound.id, fadeMs }),
                    )
                  }
                >
                  {isOn ? "Fade out" : "Add"}
                </button>
                <span class="grow">
                  <b>{title}</b>
                  <span class="small">{wordsOf(sound, bed)}</span>
                </span>
                {isOn ? (
                  <Loudness
                    key="volume"
                    label={`How loud ${title} is`}
                    volume={bed.volume}
                    onChange={(volume) => act((api) => api.play({ sound: sound.id, volume }))}
                  />
                ) : (
                  <button
                    key="change"
                    type="button"
                    class="quiet"
                    disabled={!others}
                    aria-label={`Change to ${title}`}
                    onClick={() => void act((api) => api.play({ sound: sound.id, fadeMs, instead: true }))}
                  >
                    Change to
                  </button>
                )}
              </li>
            );
          })}
      </ul>
    </div>
  );
}

function wordsOf({ builtIn, seconds = 0 }: SoundInfo, bed: SoundsStatus["beds"][number] | undefined): string {
  if (bed) return bed.leaving ? "fades out" : "plays";
  return builtIn ? "made here, no file" : `your file · ${lengthOf(seconds)}`;
}

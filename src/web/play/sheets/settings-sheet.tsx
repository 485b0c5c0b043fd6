import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { areHeard, type Sounds } from "../../../core/protocol/table-settings.ts";
import { WORDS_APPEAR, type WordsAppear } from "../captions/caption.ts";
import { speakerColour, speakerName } from "../captions/speaker.ts";
import type { Install } from "../device/install.ts";
import { LIGHTS, type Light } from "../device/light.ts";
import { canKeepScreenOn } from "../device/wake-lock.ts";
import type { Seat } from "../seat.ts";
import type { SeatView } from "../seat-view.ts";
import { levelOf, SIZES } from "../settings.ts";
import { Check, Pick } from "./choices.tsx";
import { InStep } from "./in-step.tsx";

const SIZE_NAMES = ["Small", "Medium", "Large", "Huge"] as const;
const LIGHT_NAMES: Readonly<Record<Light, string>> = {
  device: "As the device",
  night: "By night",
  day: "By day",
  strong: "Strong contrast",
};
const APPEAR_NAMES: Readonly<Record<WordsAppear, string>> = {
  "at-once": "At once",
  sentence: "By sentence",
  word: "Word by word",
  never: "Never",
};

const REVEAL_WORDS = {
  sentence: "Your game master shows words sentence by sentence, as they are said: they appear no sooner.",
  word: "Your game master shows words one by one, as they are said: they appear no sooner.",
} as const;

interface SeatProps {
  seat: Seat;
  view: SeatView;
}

interface SettingsProps extends SeatProps {
  install: Install;
  close: () => void;
}

function Levels({ seat, view }: SeatProps): JSX.Element | null {
  // Whoever spoke last is as they are called now.
  const speakers = new Map(view.captions.map((caption) => [caption.speaker, caption]));
  speakers.delete(undefined);
  if (speakers.size === 0) return null;
  return (
    <fieldset class="levels">
      <legend>How loud each is</legend>
      {[...speakers].map(([speaker = "", caption]) => (
        <label key={speaker} class="level" style={{ "--speaker": `var(${speakerColour(caption)})` }}>
          <b>{speakerName(caption)}</b>
          <input
            type="range"
            min="0"
            max="100"
            value={String(Math.round(levelOf(view, speaker) * 100))}
            onInput={(event: Event) => {
              const level = (event.target as HTMLInputElement).valueAsNumber / 100;
              seat.set({ levels: { ...view.levels, [speaker]: level } });
            }}
          />
        </label>
      ))}
    </fieldset>
  );
}

/** Of what is said, what is also heard; all of it is read. */
function Aloud({ seat, view }: SeatProps): JSX.Element {
  const { sounds = "all" } = view;
  const [telling, characters] = [areHeard(sounds, true), areHeard(sounds, false)];
  return (
    <div>
      <Check
        label="Read the telling aloud"
        isChecked={telling}
        onChange={(isChecked) => seat.hear(soundsOf(isChecked, characters))}
      />
      <Check
        label="Read characters aloud"
        isChecked={characters}
        onChange={(isChecked) => seat.hear(soundsOf(telling, isChecked))}
      />
    </div>
  );
}

function soundsOf(telling: boolean, characters: boolean): Sounds {
  if (telling) return characters ? "all" : "narration";
  return characters ? "characters" : "none";
}

/** All that can be set, and what is done once in an evening. */
export function SettingsSheet({ seat, view, install, close }: SettingsProps): JSX.Element {
  const last = view.captions.findLast(({ isOver }) => isOver);
  const isHeardAgain = last !== undefined && seat.heardAgain([last.id]).length > 0;
  const isSpeaking = view.spoken !== undefined && !view.isReplay;
  return (
    <>
      <Pick
        legend="Size of the words"
        className="sizes"
        options={SIZES.map((_, size) => ({ value: size, label: "A", name: SIZE_NAMES[size] }))}
        chosen={view.size}
        onChoose={(size) => seat.set({ size })}
      />
      <Pick
        legend="Light"
        options={LIGHTS.map((light) => ({ value: light, label: LIGHT_NAMES[light] }))}
        chosen={view.light}
        onChoose={(light) => seat.set({ light })}
      />
      <Pick
        legend="Words appear"
        options={WORDS_APPEAR.map((words) => ({ value: words, label: APPEAR_NAMES[words] }))}
        chosen={view.words}
        onChoose={(words) => seat.set({ words })}
      />
      {view.reveal && view.reveal !== "at-once" && <p class="small">{REVEAL_WORDS[view.reveal]}</p>}
      <Levels seat={seat} view={view} />
      <Aloud seat={seat} view={view} />
      {canKeepScreenOn && (
        <Check
          label="Keep the screen awake"
          isChecked={view.awake}
          onChange={(awake) => seat.set({ awake })}
        />
      )}
      {view.sound === "running" && view.step && <InStep seat={seat} step={view.step} trimMs={view.trimMs} />}
      <div class="row wrap">
        {last && isHeardAgain && view.sound === "running" && (
          <button
            type="button"
            disabled={isSpeaking}
            onClick={() => {
              seat.hearAgain([last.id]);
              close();
            }}
          >
            Replay the last line
          </button>
        )}
        {install.isOffered && (
          <button
            type="button"
            onClick={() => {
              install.ask();
              close();
            }}
          >
            Put on the home screen
          </button>
        )}
      </div>
      {install.isByHand && (
        <p class="small">To put it on the home screen: Share, then “Add to Home Screen”.</p>
      )}
    </>
  );
}

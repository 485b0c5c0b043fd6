import { useLayoutEffect, useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Flame, Loudspeaker, Quill } from "../shared/icons.tsx";
import { InStep } from "./in-step.tsx";
import type { Seat, SeatView } from "./seat.ts";
import { canKeepScreenOn } from "./wake-lock.ts";

/** The candle to be lit: the tap that browsers want before they make a sound. */
function Candle({ seat, words, hint }: { seat: Seat; words: string; hint: string }): JSX.Element {
  return (
    <div class="candle">
      <button type="button" aria-describedby="candle-hint" onClick={() => seat.unlock()}>
        <Flame lit={false} />
        <span>{words}</span>
      </button>
      <p id="candle-hint">{hint}</p>
    </div>
  );
}

function Loudness({ seat, view }: { seat: Seat; view: SeatView }): JSX.Element {
  const mute = useRef<HTMLButtonElement>(null);
  // It takes the place of the candle, and with it the focus of whoever lit that by a key.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) mute.current?.focus();
  }, []);
  return (
    <div class="loudness">
      <button
        ref={mute}
        type="button"
        class="mute"
        aria-pressed={view.muted ? "true" : "false"}
        onClick={() => seat.set({ muted: !view.muted })}
      >
        <Loudspeaker silent={view.muted} />
        <span>{view.muted ? "Unmute" : "Mute"}</span>
      </button>
      <label class="volume">
        <span>Volume</span>
        <input
          type="range"
          min="0"
          max="100"
          value={String(Math.round(view.volume * 100))}
          onInput={(event: Event) =>
            seat.set({ volume: (event.target as HTMLInputElement).valueAsNumber / 100 })
          }
        />
      </label>
      <button
        type="button"
        class="reading"
        aria-label="Captions"
        aria-pressed={view.captions ? "true" : "false"}
        onClick={() => seat.set({ captions: !view.captions })}
      >
        <Quill />
      </button>
    </div>
  );
}

function Expired(): JSX.Element {
  return (
    <div class="farewell" role="alert">
      <p class="farewell-title">This link no longer works.</p>
      <p>Ask your game master for a new one: they can show it as a code to scan.</p>
    </div>
  );
}

function Crowded({ seat }: { seat: Seat }): JSX.Element {
  return (
    <div class="farewell" role="alert">
      <p class="farewell-title">This player is open on too many devices.</p>
      <p>Close this page somewhere else, in another tab or on another device, and try again here.</p>
      <button type="button" onClick={() => seat.sitDown()}>
        Try again
      </button>
    </div>
  );
}

/** What the thumb reaches: the tap that begins it all, then mute and volume. */
export function Dock({ seat, view }: { seat: Seat; view: SeatView }): JSX.Element {
  if (view.connection === "refused") return view.isCrowded ? <Crowded seat={seat} /> : <Expired />;
  if (view.sound === "running") {
    return (
      <>
        <Loudness seat={seat} view={view} />
        {view.step && <InStep seat={seat} step={view.step} trimMs={view.trimMs} />}
      </>
    );
  }
  if (view.sound === "interrupted") {
    return <Candle seat={seat} words="Tap to go on" hint="Something else took the sound away." />;
  }
  const meanwhile = view.lines.length > 0 ? "You hear nothing yet; read along until you tap." : undefined;
  const hint = canKeepScreenOn
    ? "Your tap switches the sound on."
    : "Your tap switches the sound on. Keep your screen awake to keep hearing.";
  return <Candle seat={seat} words="Tap to listen" hint={meanwhile ?? hint} />;
}

import { useLayoutEffect, useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Flame, Loudspeaker } from "../shared/icons.tsx";
import { Asks } from "./asks.tsx";
import { canKeepScreenOn } from "./device/wake-lock.ts";
import { News } from "./news.tsx";
import type { Seat } from "./seat.ts";
import type { SeatView } from "./seat-view.ts";
import { loudspeakerWords } from "./words.ts";

/** The candle to be lit: the tap that browsers want before they make a sound. */
export function Candle({ seat, hint }: { seat: Seat; hint: string }): JSX.Element {
  return (
    <div class="candle">
      <button type="button" aria-describedby="candle-hint" onClick={() => seat.unlock()}>
        <Flame lit={false} />
        <span>Tap to listen</span>
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
      <input
        type="range"
        aria-label="Volume"
        min="0"
        max="100"
        value={String(Math.round(view.volume * 100))}
        onInput={(event: Event) =>
          seat.set({ volume: (event.target as HTMLInputElement).valueAsNumber / 100 })
        }
      />
    </div>
  );
}

/** What the thumb reaches: the tap that begins it all, then mute and volume, and how to answer; above them what has to be known now. */
export function Dock({ seat, view }: { seat: Seat; view: SeatView }): JSX.Element {
  const isAway = view.connection === "refused" || view.connection === "closed";
  const loudspeaker = loudspeakerWords(view);
  return (
    <footer class="dock">
      <News seat={seat} view={view} />
      {!isAway && loudspeaker && <p class="small">{loudspeaker}</p>}
      {!isAway && view.sound === "locked" && <Candle seat={seat} hint={hintFor(view)} />}
      {!isAway && view.sound === "running" && <Loudness seat={seat} view={view} />}
      {!isAway && (view.sound !== "locked" || view.captions.length > 0) && <Asks seat={seat} view={view} />}
    </footer>
  );
}

function hintFor({ captions, awake }: SeatView): string {
  if (captions.length > 0) return "You hear nothing yet; read along until you tap.";
  return canKeepScreenOn && awake
    ? "Your tap switches the sound on. The screen stays awake while you listen."
    : "Your tap switches the sound on. Keep your screen awake to keep hearing.";
}

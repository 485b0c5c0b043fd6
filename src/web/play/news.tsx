import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Seat } from "./seat.ts";
import type { SeatView } from "./seat-view.ts";
import { missedWords, silenceWords } from "./words.ts";

/** Silence of so many seconds is said to be one; a hiccup is not. */
const SILENT_SECONDS = 5;

function Lost({ seconds }: { seconds: number }): JSX.Element {
  return (
    <div class="note bad" role="alert">
      <strong>{silenceWords(seconds)}</strong>
      Trying again. What you miss will be waiting here.
    </div>
  );
}

function Back({ seat, missed }: { seat: Seat; missed: readonly string[] }): JSX.Element {
  const heardAgain = seat.heardAgain(missed);
  return (
    <div class="note" role="status">
      <strong>{missedWords(missed.length)}</strong>
      <div class="row wrap">
        {heardAgain.length > 0 && (
          <button type="button" onClick={() => seat.hearAgain(heardAgain)}>
            Hear {missed.length === 1 ? "it" : "them"}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => seat.goOn()}>
          Go on from now
        </button>
      </div>
    </div>
  );
}

function Paused({ seat }: { seat: Seat }): JSX.Element {
  return (
    <div class="note row wrap" role="alert">
      <span class="grow">
        <strong>Something else took the sound.</strong>A call, perhaps.
      </span>
      <button type="button" class="main" onClick={() => seat.unlock()}>
        Tap to go on
      </button>
    </div>
  );
}

function Expired(): JSX.Element {
  return (
    <div class="note bad" role="alert">
      <strong>This link no longer works.</strong>
      Ask your game master for a new one; they can show it as a code to scan.
    </div>
  );
}

function Crowded({ seat }: { seat: Seat }): JSX.Element {
  return (
    <div class="note bad" role="alert">
      <strong>This player is open on too many devices.</strong>
      <p>Close this page somewhere else, in another tab or on another device, and try again here.</p>
      <button type="button" onClick={() => seat.sitDown()}>
        Try again
      </button>
    </div>
  );
}

/** What somebody has to know now, and can do about it: one thing, the worst. */
export function News({ seat, view }: { seat: Seat; view: SeatView }): JSX.Element | null {
  const { connection, isCrowded, silentSeconds = 0, sound, missed } = view;
  if (connection === "refused") return isCrowded ? <Crowded seat={seat} /> : <Expired />;
  if (connection !== "open" && silentSeconds >= SILENT_SECONDS) return <Lost seconds={silentSeconds} />;
  if (sound === "interrupted") return <Paused seat={seat} />;
  if (missed.length > 0) return <Back seat={seat} missed={missed} />;
  return null;
}

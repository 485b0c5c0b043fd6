import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Seat } from "./seat.ts";
import type { SeatView } from "./seat-view.ts";
import { Sheet } from "./sheets/sheet.tsx";

const loadAnswer = async () => (await import("./sheets/answer-sheet.tsx")).AnswerSheet;

/** Four ways to answer. */
export function Asks({ seat, view }: { seat: Seat; view: SeatView }): JSX.Element {
  const [isWriting, setWriting] = useState(false);
  const isOpen = view.connection === "open";
  return (
    <>
      <div class="asks">
        <button
          type="button"
          aria-pressed={view.hand ? "true" : "false"}
          disabled={!isOpen}
          onClick={() => seat.answer({ kind: "hand", raised: !view.hand, private: false })}
        >
          {view.hand ? "Hand down" : "Raise hand"}
        </button>
        <button
          type="button"
          disabled={!isOpen}
          onClick={() => seat.answer({ kind: "again", private: false })}
        >
          Again
        </button>
        <button
          type="button"
          disabled={!isOpen}
          onClick={() => seat.answer({ kind: "slower", private: false })}
        >
          Slower
        </button>
        <button type="button" onClick={() => setWriting(true)}>
          Answer…
        </button>
      </div>
      {isWriting && (
        <Sheet
          title="Your answer"
          leave="Not now"
          load={loadAnswer}
          props={{ seat, draft: view.draft, isOpen }}
          onClose={() => setWriting(false)}
        />
      )}
    </>
  );
}

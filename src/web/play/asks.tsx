import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { AnswerSheet } from "./answer-sheet.tsx";
import type { Seat } from "./seat.ts";
import type { SeatView } from "./seat-view.ts";

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
        <AnswerSheet seat={seat} draft={view.draft} isOpen={isOpen} onClose={() => setWriting(false)} />
      )}
    </>
  );
}

import { useEffect, useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { MAX_ANSWER_CHARS } from "../../../core/protocol/answers.ts";
import type { Seat } from "../seat.ts";
import { Pick } from "./choices.tsx";

interface AnswerSheetProps {
  seat: Seat;
  draft: string;
  isOpen: boolean;
  close: () => void;
}

/** What a player does or says, in writing. It is kept until the table has it. */
export function AnswerSheet({ seat, draft, isOpen, close }: AnswerSheetProps): JSX.Element {
  const box = useRef<HTMLTextAreaElement>(null);
  const [reader, setReader] = useState("dm");
  useEffect(() => {
    if (box.current) box.current.value = draft;
    box.current?.focus();
  }, []);
  const send = (): void => {
    if (draft.trim() === "") box.current?.focus();
    else if (seat.answer({ kind: "text", text: draft, private: reader === "dm" })) close();
  };
  return (
    <>
      <Pick
        legend="Who reads it"
        options={[
          { value: "dm", label: "Game master alone" },
          { value: "all", label: "Everyone" },
        ]}
        chosen={reader}
        onChoose={setReader}
      />
      <label class="field">
        What you do or say
        <textarea
          ref={box}
          rows={3}
          maxLength={MAX_ANSWER_CHARS}
          onInput={(event: Event) => seat.write((event.target as HTMLTextAreaElement).value)}
        />
      </label>
      <button type="button" class="main" disabled={!isOpen} onClick={send}>
        {reader === "dm" ? "Send to the game master" : "Send to everyone"}
      </button>
    </>
  );
}

import { useLayoutEffect, useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";

/** Lines that Up brings back. */
const REMEMBERED = 50;

/** The text box: Enter says it, Shift+Enter breaks the line, Up in an empty box brings back what was said. */
export function LineBox(props: {
  placeholder: string;
  describedBy: string;
  /** To be put into the box; again for every new object. */
  proposal: { text: string } | undefined;
  onSay: (text: string) => void;
  onStop: () => void;
  boxRef: { current: HTMLTextAreaElement | null };
}): JSX.Element {
  const { boxRef, proposal, onSay, onStop } = props;
  const said = useRef<readonly string[]>([]);
  const back = useRef(0);

  useLayoutEffect(() => {
    if (!proposal || !boxRef.current) return;
    boxRef.current.value = proposal.text;
    boxRef.current.focus();
  }, [proposal]);

  const recall = (event: KeyboardEvent, box: HTMLTextAreaElement): void => {
    const lines = said.current;
    const step = event.key === "ArrowUp" ? 1 : -1;
    const browsing = box.value === "" || box.value === lines.at(-back.current);
    if (!browsing || (box.value === "" && step < 0)) return;
    event.preventDefault();
    back.current = Math.min(lines.length, Math.max(0, (box.value === "" ? 0 : back.current) + step));
    box.value = back.current > 0 ? (lines.at(-back.current) ?? "") : "";
  };

  const press = (event: KeyboardEvent): void => {
    const box = event.target as HTMLTextAreaElement;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") recall(event, box);
    else if (event.key === "Escape") onStop();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (box.value.trim() === "") return;
      said.current = [...said.current, box.value].slice(-REMEMBERED);
      back.current = 0;
      onSay(box.value);
    }
  };

  return (
    <textarea
      class="line-box"
      ref={boxRef}
      rows={2}
      autofocus
      aria-label="What is said"
      aria-describedby={props.describedBy}
      placeholder={props.placeholder}
      onKeyDown={press}
    />
  );
}

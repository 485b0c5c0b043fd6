import { useLayoutEffect } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Proposal } from "./use-console.ts";
import type { Recall } from "./use-recall.ts";

/** The text box: Enter says it, Shift+Enter breaks the line, Up in an empty box brings back what was said. */
export function LineBox(props: {
  placeholder: string;
  describedBy: string;
  /** To be put into the box; again for every new object. */
  proposal: Proposal | undefined;
  recall: Recall;
  /** To whom the text in the box goes: what is brought back goes to nobody else than before. */
  to: readonly string[];
  onTo: (to: readonly string[]) => void;
  onText: (text: string) => void;
  onSay: () => void;
  onStop: () => void;
  boxRef: { current: HTMLTextAreaElement | null };
}): JSX.Element {
  const { boxRef, proposal, recall, to, onTo, onSay, onStop } = props;

  useLayoutEffect(() => {
    if (!proposal || !boxRef.current) return;
    if (proposal.failedTo) {
      // Up brings it back.
      if (boxRef.current.value !== "") return;
      onTo(proposal.failedTo);
    }
    boxRef.current.value = proposal.text;
    boxRef.current.focus();
  }, [proposal]);

  const press = (event: KeyboardEvent): void => {
    const { key, isComposing, keyCode, shiftKey } = event;
    // Keys that end a composition belong to it; Safari tells so by the code only.
    if (isComposing || keyCode === 229) return;
    const box = event.target as HTMLTextAreaElement;
    if (key === "Escape") onStop();
    else if (key === "ArrowUp" || key === "ArrowDown") {
      const back = recall.browse(key, { text: box.value, to });
      if (!back) return;
      event.preventDefault();
      box.value = back.text;
      onTo(back.to);
    } else if (key === "Enter" && !shiftKey) {
      event.preventDefault();
      onSay();
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
      onInput={(event: Event) => props.onText((event.target as HTMLTextAreaElement).value)}
    />
  );
}

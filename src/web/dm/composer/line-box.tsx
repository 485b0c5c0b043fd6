import { useLayoutEffect, useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Proposal } from "../use-console.ts";
import { replaceAll } from "./insert.ts";
import type { Recall, Said } from "./use-recall.ts";

/**
 * The text box: Enter says it, Ctrl+Enter says it now, Shift+Enter breaks the line, Up in an empty box brings back what
 * was said, a stroke and then a key says a prepared line.
 */
export function LineBox(props: {
  placeholder: string;
  describedBy: string;
  /** To be put into the box; again for every new object. */
  proposal: Proposal | undefined;
  recall: Recall;
  /** By whom and to whom the text in the box is: what is brought back goes to nobody else than before. */
  manner: Said["manner"];
  onManner: (manner: Said["manner"]) => void;
  onText: (text: string) => void;
  onSay: () => void;
  onInterrupt: () => void;
  /** Says what is prepared under a key; false where nothing is. */
  onKey: (key: string) => boolean;
  boxRef: { current: HTMLTextAreaElement | null };
}): JSX.Element {
  const { boxRef, proposal, recall, manner, onManner, onText } = props;

  /** The stroke in the box begins a line. */
  const isPlain = useRef(false);

  useLayoutEffect(() => {
    const { current: box } = boxRef;
    if (!proposal || !box) return;
    if (proposal.failed) {
      // Up brings it back.
      if (box.value !== "") return;
      onManner(proposal.failed);
    }
    box.value = proposal.text;
    onText(proposal.text);
    box.focus();
  }, [proposal]);

  const press = (event: KeyboardEvent): void => {
    const { key, isComposing, keyCode, shiftKey, ctrlKey, metaKey, altKey } = event;
    // Keys that end a composition belong to it; Safari tells so by the code only.
    if (isComposing || keyCode === 229) return;
    const box = event.target as HTMLTextAreaElement;
    if (box.value === "") isPlain.current = false;
    if (key === "ArrowUp" || key === "ArrowDown") {
      const back = recall.browse(key, { text: box.value, manner });
      if (!back) return;
      event.preventDefault();
      replaceAll(box, back.text);
      onManner(back.manner);
    } else if (key === "Enter" && !shiftKey) {
      event.preventDefault();
      if (ctrlKey || metaKey) props.onInterrupt();
      else props.onSay();
    } else if (box.value === "/" && !isPlain.current && !ctrlKey && !metaKey && !altKey) {
      if (key === "/") {
        event.preventDefault();
        isPlain.current = true;
      } else if (props.onKey(key)) {
        event.preventDefault();
        replaceAll(box, "");
      }
    }
  };

  return (
    <textarea
      class="line"
      ref={boxRef}
      rows={2}
      autofocus
      aria-label="What is said"
      aria-describedby={props.describedBy}
      placeholder={props.placeholder}
      onKeyDown={press}
      onInput={(event: Event) => onText((event.target as HTMLTextAreaElement).value)}
    />
  );
}

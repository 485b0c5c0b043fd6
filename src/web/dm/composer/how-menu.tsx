import { useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { insert } from "./insert.ts";
import { TAGS, type Tag, tagged } from "./tag.ts";

/** Kinds of line, and the context that each is. */
const KINDS = [
  ["", "Usual"],
  ["narration", "Telling"],
  ["dialogue", "Talking"],
  ["combat", "Fight"],
  ["ambient", "Background"],
] as const;

/** How the line is said: tags around the words that are selected, and what kind of line it is. */
export function HowMenu(props: {
  boxRef: { current: HTMLTextAreaElement | null };
  context: string;
  onContext: (context: string) => void;
  /** The line is only read. */
  isSilent: boolean;
  onSilent: (isSilent: boolean) => void;
}): JSX.Element {
  const { boxRef, context, onContext } = props;
  const menu = useRef<HTMLDetailsElement>(null);
  const close = (): void => menu.current?.removeAttribute("open");
  const put = (tag: Tag): void => {
    const { current: box } = boxRef;
    if (!box) return;
    const at = { text: box.value, from: box.selectionStart, to: box.selectionEnd };
    const { words, from, to } = tagged(at, tag);
    insert(box, words);
    box.setSelectionRange(from, to);
    close();
  };
  const shut = (): void => {
    close();
    menu.current?.querySelector("summary")?.focus();
  };
  return (
    <details class="how" ref={menu}>
      <summary class="button">How</summary>
      <div class="how-menu">
        <div class="row">
          <p class="small grow">Around the words you have selected</p>
          <button type="button" class="quiet" onClick={shut}>
            Close
          </button>
        </div>
        <div class="how-grid">
          {TAGS.map((tag) => (
            <button key={tag.open} type="button" onClick={() => put(tag)}>
              {tag.label}
              <code>{tag.open}</code>
            </button>
          ))}
        </div>
        <fieldset class="pick">
          <legend>What kind of line</legend>
          {KINDS.map(([value, words]) => (
            <label key={value}>
              <input type="radio" name="kind" checked={context === value} onChange={() => onContext(value)} />
              {words}
            </label>
          ))}
        </fieldset>
        <p class="small">
          Of lines that wait, fights go first, then talking, telling and background. Only Interrupt cuts off a
          line that sounds, and not one of a more urgent kind.
        </p>
        <label class="check">
          <input
            type="checkbox"
            checked={props.isSilent}
            onChange={(event: Event) => props.onSilent((event.target as HTMLInputElement).checked)}
          />
          Text only, no voice
        </label>
      </div>
    </details>
  );
}

import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { TAGS, type Tag, tagged } from "./tag.ts";

/** How words may be said: each button puts a tag around what is selected in the box. */
export function TagBar({ boxRef }: { boxRef: { current: HTMLTextAreaElement | null } }): JSX.Element {
  const put = (tag: Tag): void => {
    const { current: box } = boxRef;
    if (!box) return;
    const { text, from, to } = tagged(
      { text: box.value, from: box.selectionStart, to: box.selectionEnd },
      tag,
    );
    box.value = text;
    box.focus();
    box.setSelectionRange(from, to);
  };
  return (
    <fieldset class="tags">
      <legend>How</legend>
      {TAGS.map((tag) => (
        <button key={tag.label} type="button" class="tag" title={tag.title} onClick={() => put(tag)}>
          [{tag.label}]
        </button>
      ))}
    </fieldset>
  );
}

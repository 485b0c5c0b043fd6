import type { Stretch } from "./spoken-word.ts";

/** What the style sheet calls it: `::highlight(spoken)`. */
const NAME = "spoken";

/**
 * Lights a stretch of an element's text, or puts the light out. The document stays as it is, so that a
 * screen reader is not told the line again with every word; browsers without highlights show the line alone.
 */
export function lightWord(element: HTMLElement | null, stretch: Stretch | undefined): void {
  if (!("highlights" in CSS)) return;
  const text = element?.firstChild;
  if (!stretch || !(text instanceof Text) || stretch.start + stretch.length > text.length) {
    CSS.highlights.delete(NAME);
    return;
  }
  const range = new Range();
  range.setStart(text, stretch.start);
  range.setEnd(text, stretch.start + stretch.length);
  CSS.highlights.set(NAME, new Highlight(range));
}

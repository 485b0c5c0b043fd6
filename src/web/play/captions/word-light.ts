import type { Stretch } from "./spoken-word.ts";

/** What the style sheet calls it: `::highlight(spoken)`. */
const NAME = "spoken";

/** Where a stretch of an element's text is; undefined where the element does not have it. */
export function rangeOf(element: HTMLElement | null, stretch: Stretch | undefined): Range | undefined {
  if (!element || !stretch) return undefined;
  const range = new Range();
  const end = stretch.start + stretch.length;
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let at = 0;
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const { length } = node as Text;
    if (at <= stretch.start) range.setStart(node, Math.min(length, stretch.start - at));
    at += length;
    if (at < end) continue;
    range.setEnd(node, end - (at - length));
    return range;
  }
  return undefined;
}

/**
 * Lights a stretch of text, or puts the light out. The document stays as it is, so that a screen reader is not told the
 * line again with every word; browsers without highlights show the line alone.
 */
export function lightWord(range: Range | undefined): void {
  if (!("highlights" in CSS)) return;
  if (range) CSS.highlights.set(NAME, new Highlight(range));
  else CSS.highlights.delete(NAME);
}

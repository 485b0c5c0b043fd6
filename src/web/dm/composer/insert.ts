/** Puts words in the place of what is selected, as if they were typed: one undo takes them back. */
export function insert(box: HTMLTextAreaElement, words: string): void {
  box.focus();
  // The only way that keeps the box's own undo; where a browser has it no more, the words still come.
  if (document.execCommand("insertText", false, words)) return;
  box.setRangeText(words, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Replaces all that stands in the box, and can be taken back likewise. */
export function replaceAll(box: HTMLTextAreaElement, words: string): void {
  box.focus();
  box.select();
  if (words !== "") insert(box, words);
  else document.execCommand("delete");
}

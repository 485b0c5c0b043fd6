/** What of a model's stream can be left out: `think`, what it thinks before it answers. */
export const OMITTABLE = ["think"] as const;
export type Omittable = (typeof OMITTABLE)[number];

/** As models mark it: `<think>`, `<thinking>`, `<seed:think>`, `[THINK]`, `◁think▷`. */
const NAMES = "(?:think|thinking|thought|thoughts|reasoning|reflection)";
const TAG = new RegExp(
  `<(/?)\\s?(?:[a-z]{1,12}:)?${NAMES}\\s?>|\\[(/?)${NAMES}\\]|◁(/?)${NAMES}▷|<\\|(/?)${NAMES}\\|>`,
  "giu",
);
/** Characters of the longest of them. */
const MAX_TAG = 32;

/** Leaves out thoughts of a text that arrives in deltas, and their tags; what is never closed ends with the text. */
export interface Omitter {
  /** Takes the next delta; returns what is left of what is certain by now. */
  push(delta: string): string;
  /** The text has ended: what is left. */
  flush(): string;
}

export function omitting(): Omitter {
  let held = "";
  let isWithin = false;
  const read = (text: string): string => {
    let out = "";
    let from = 0;
    for (const { 0: tag, index } of text.matchAll(TAG)) {
      if (!isWithin) out += text.slice(from, index);
      isWithin = !/^.\|?\//u.test(tag);
      from = index + tag.length;
    }
    return isWithin ? out : out + text.slice(from);
  };
  return {
    push(delta) {
      const text = held + delta;
      const at = begun(text);
      held = text.slice(at);
      return read(text.slice(0, at));
    },
    flush() {
      const rest = read(held);
      held = "";
      return rest;
    },
  };
}

/** A whole text without its thoughts. */
export function withoutThoughts(text: string): string {
  const omitter = omitting();
  return omitter.push(text) + omitter.flush();
}

/** Where a tag may have begun that is not all there yet. */
function begun(text: string): number {
  const tail = Math.max(0, text.length - MAX_TAG);
  const at = Math.max(...["<", "[", "◁"].map((opener) => text.lastIndexOf(opener)));
  return at >= tail && /^(?:<[a-z/|\s:]*\|?|\[[a-z/]*|◁[a-z/]*)$/iu.test(text.slice(at)) ? at : text.length;
}

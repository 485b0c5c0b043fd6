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

/**
 * Thoughts within thoughts: what follows the inner one is held back so far for the end of the outer one. Where that
 * does not come, the inner beginning was only spoken of, and what follows is the answer.
 */
const MAX_DOUBTFUL = 1000;

/** Leaves out thoughts of a text that arrives in deltas, and their tags; what is never closed ends with the text. */
export interface Omitter {
  /** Takes the next delta; returns what is left of what is certain by now. */
  push(delta: string): string;
  /** The text has ended: what is left. */
  flush(): string;
}

export function omitting(): Omitter {
  let held = "";
  /** Beginnings without an end. */
  let depth = 0;
  let isWithin = false;
  let doubtful = "";
  const release = (): string => {
    const released = doubtful;
    doubtful = "";
    depth = 0;
    return released;
  };
  const outside = (text: string): string => {
    if (isWithin) return "";
    if (depth === 0) return text;
    doubtful += text;
    return doubtful.length > MAX_DOUBTFUL ? release() : "";
  };
  const take = (tag: string): void => {
    if (!/^.\|?\//u.test(tag)) {
      depth += 1;
      isWithin = true;
      return;
    }
    if (!isWithin) doubtful = "";
    depth = Math.max(0, depth - 1);
    isWithin = false;
  };
  const read = (text: string): string => {
    let out = "";
    let from = 0;
    for (const { 0: tag, index } of text.matchAll(TAG)) {
      out += outside(text.slice(from, index));
      take(tag);
      from = index + tag.length;
    }
    return out + outside(text.slice(from));
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
      return rest + release();
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

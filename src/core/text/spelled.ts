import type { Speakable } from "./speakable.ts";

/** The same, letter by letter and digit by digit: `AB 12` is said `A B 1 2`. */
export function spelled(spoken: Speakable): Speakable {
  let text = "";
  const origins: number[] = [];
  let at = 0;
  for (const char of spoken.text) {
    const isSpelled = /[\p{L}\p{N}]/u.test(char);
    const gap = isSpelled && /\S$/u.test(text) ? " " : "";
    const added = gap + (isSpelled ? char.toUpperCase() : char);
    for (let unit = 0; unit < added.length; unit++) origins.push(at);
    text += added;
    at += char.length;
  }
  const originOf = (position: number): number => origins[position] ?? spoken.text.length;
  return {
    text,
    inCaption: (words) =>
      spoken.inCaption(
        words.map(([start, length, startMs, endMs]) => {
          const from = originOf(start);
          return [from, length > 0 ? originOf(start + length - 1) + 1 - from : 0, startMs, endMs];
        }),
      ),
  };
}

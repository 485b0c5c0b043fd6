/** Code points that a terminal obeys, or that deceive who reads, by the Unicode charts; the end of a line is one of them. */
const OBEYED: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x061c, 0x061c],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff],
];

/** What of it is in a text, in hex. */
export function obeyed(text: string): string[] {
  return [...text]
    .map((char) => char.codePointAt(0) ?? 0)
    .filter((code) => OBEYED.some(([first, last]) => first <= code && code <= last))
    .map((code) => code.toString(16));
}

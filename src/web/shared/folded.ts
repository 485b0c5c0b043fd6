/** A stretch of a line's text: as it is, emphasised, or a mark that is not shown. */
export interface Piece {
  start: number;
  end: number;
  look: "plain" | "em" | "strong" | "mark";
}

type Look = Exclude<Piece["look"], "mark">;

/** A mark before a word, what it marks, and the same mark behind a word. */
const MARKED = /(^|[^\p{L}\p{N}\\])(\*{1,3}|_{1,3}|~~|`)(\S|\S.*?\S)\2(?![\p{L}\p{N}])/gsu;
/** Of a heading, at the beginning of a line of text. */
const HEADING = /^#{1,6} /gm;

/** The text in pieces as prose is read: Markdown's marks keep their place in it, and are not shown. */
export function folded(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { index, 0: mark } of text.matchAll(HEADING)) {
    pieces.push(...emphases(text, end, index, "plain"), {
      start: index,
      end: index + mark.length,
      look: "mark",
    });
    end = index + mark.length;
  }
  return [...pieces, ...emphases(text, end, text.length, "plain")];
}

function emphases(text: string, from: number, to: number, look: Look): Piece[] {
  const pieces: Piece[] = [];
  let end = from;
  const plain = (until: number): void => {
    if (until > end) pieces.push({ start: end, end: until, look });
  };
  for (const { index, 1: before = "", 2: mark = "", 3: inside = "" } of text
    .slice(from, to)
    .matchAll(MARKED)) {
    const start = from + index + before.length;
    const inner = start + mark.length;
    const outer = inner + inside.length;
    plain(start);
    pieces.push({ start, end: inner, look: "mark" });
    pieces.push(...emphases(text, inner, outer, lookOf(mark, look)));
    pieces.push({ start: outer, end: outer + mark.length, look: "mark" });
    end = outer + mark.length;
  }
  plain(to);
  return pieces;
}

function lookOf(mark: string, around: Look): Look {
  if (mark === "~~" || mark === "`") return around;
  return mark.length > 1 || around === "strong" ? "strong" : "em";
}

import type { WordTime } from "../dsp/audio.ts";

/**
 * A stretch `[from, to)` of a written text, in UTF-16 units, and what is said for it. A piece whose `said` is what is
 * written there maps unit by unit; any other maps as a whole. Pieces stand in order and do not overlap; what is
 * between them is not said. A piece may be empty in the text (`from === to`): a pause that nobody wrote.
 */
export interface Piece {
  from: number;
  to: number;
  said: string;
}

/** All that is said. */
export function saidOf(pieces: readonly Piece[]): string {
  return pieces.map(({ said }) => said).join("");
}

/**
 * Two steps as one: `first` maps `written` to what it says, `second` maps that to what is said in the end. Where
 * `second` takes a part of a piece that `first` has rewritten, the part stands for the whole of it.
 */
export function composed(written: string, first: readonly Piece[], second: readonly Piece[]): Piece[] {
  const between = saidOf(first);
  const places = new PieceMap(written, first);
  const out: Piece[] = [];
  for (const { from, to, said } of second) {
    if (said === between.slice(from, to)) for (const part of places.parts(from, to)) add(out, part, written);
    else add(out, { ...places.written(from, to), said }, written);
  }
  return out;
}

/** Times of words of what is said, placed in the written text. */
export function wordsInWritten(
  written: string,
  pieces: readonly Piece[],
  words: readonly WordTime[],
): WordTime[] {
  const places = new PieceMap(written, pieces);
  return words.map(([start, length, startMs, endMs]) => {
    const { from, to } = places.written(start, start + length);
    return [from, to - from, startMs, endMs];
  });
}

/** Joins what overlaps, and what is written as it is said on both sides. */
function add(out: Piece[], piece: Piece, written: string): void {
  const last = out.at(-1);
  const isSame = ({ from, to, said }: Piece): boolean => said === written.slice(from, to);
  const overlaps = last !== undefined && piece.from < last.to;
  const continues = last?.to === piece.from && piece.from < piece.to && isSame(last) && isSame(piece);
  if (!last || (!overlaps && !continues)) out.push(piece);
  else
    out[out.length - 1] = { from: last.from, to: Math.max(last.to, piece.to), said: last.said + piece.said };
}

/** Finds places in a written text for places in what is said. */
class PieceMap {
  readonly #written: string;
  readonly #pieces: readonly Piece[];
  /** Where each piece begins in what is said. */
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(written: string, pieces: readonly Piece[]) {
    let at = 0;
    this.#written = written;
    this.#pieces = pieces;
    this.#starts = pieces.map(({ said }) => {
      at += said.length;
      return at - said.length;
    });
    this.#length = at;
  }

  /** The parts of pieces that say `[from, to)`. */
  parts(from: number, to: number): Piece[] {
    const out: Piece[] = [];
    for (let index = this.#indexAt(from); index < this.#pieces.length; index++) {
      const start = this.#starts[index] as number;
      const piece = this.#pieces[index] as Piece;
      if (start >= to) break;
      const [a, b] = [Math.max(0, from - start), Math.min(piece.said.length, to - start)];
      if (a >= b) continue;
      const said = piece.said.slice(a, b);
      out.push(this.#isSame(piece) ? { from: piece.from + a, to: piece.from + b, said } : { ...piece, said });
    }
    return out;
  }

  /** The stretch that `[from, to)` is said for; empty where that is empty, or beyond the end. */
  written(from: number, to: number): { from: number; to: number } {
    const parts = from < to ? this.parts(from, to) : [];
    const [first] = parts;
    const last = parts.at(-1);
    if (first && last) return { from: first.from, to: last.to };
    const at = this.#placeOf(from);
    return { from: at, to: at };
  }

  #placeOf(said: number): number {
    if (said >= this.#length) return this.#pieces.at(-1)?.to ?? this.#written.length;
    const index = this.#indexAt(said);
    const piece = this.#pieces[index] as Piece;
    return this.#isSame(piece) ? piece.from + said - (this.#starts[index] as number) : piece.from;
  }

  /** The piece that says what is at a place. */
  #indexAt(said: number): number {
    let [low, high] = [0, this.#pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= said) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  #isSame({ from, to, said }: Piece): boolean {
    return said === this.#written.slice(from, to);
  }
}

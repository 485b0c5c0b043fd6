import type { Piece } from "./piece.ts";
import { folded } from "./white-space.ts";

/** A stretch of what is shown, and of what is said for it. */
interface Stretch {
  written: number;
  spoken: number;
  writtenLength: number;
  spokenLength: number;
  /** Said as it is written. */
  isSame: boolean;
}

/** What was cut off a block. */
export interface CutText {
  /** As it is shown. */
  text: string;
  pieces: Piece[];
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff60]$/u;
/** What stands behind a word without a space. */
const TOUCHES = /^[.,;:!?…)\]”’»]/u;
const BROKEN_WORD = /(\p{Ll}+)-$/u;
/** Their hyphens stay when a line ends behind them. */
const HYPHENATED =
  /^(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|well|half|self|ill|ever|all|non|ex)$/;

/** The part of a block that is not given out yet, white space folded: what is shown, and what is said of it. */
export class BlockText {
  #written = "";
  #spoken = "";
  #stretches: Stretch[] = [];
  /** Up to here all was cut off. */
  #writtenFrom = 0;
  #spokenFrom = 0;
  /** The last character that is shown, and the last that is said, of what is not cut off. */
  #lastShown = "";
  #lastSaid = "";
  /** Something to see stands between two words that touch it. */
  #isGap = false;

  /** What is said, with what was cut off. */
  get spoken(): string {
    return this.#spoken;
  }

  /** Where what is said and not cut off begins. */
  get spokenFrom(): number {
    return this.#spokenFrom;
  }

  /** Characters that are shown and not cut off. */
  get length(): number {
    return this.#written.length - this.#writtenFrom;
  }

  text(given: string): void {
    let text = folded(given);
    if (text.startsWith(" ") && this.#isAtSpace()) {
      text = text.slice(1);
      if (!this.#isSaidAtSpace()) this.#add("", " ");
    } else if (text.startsWith(" ") && this.#isSaidAtSpace()) {
      this.#add(" ", "");
      text = text.slice(1);
    }
    if (text === "") return;
    // `roars 🔥!` is said like `roars!`
    if (this.#lastSaid === " " && TOUCHES.test(text)) this.#unsaySpace();
    if (this.#isGap && /^[\p{L}\p{N}]/u.test(text)) this.#add("", " ");
    this.#isGap = false;
    this.#add(text, text);
  }

  eye(given: string): void {
    const text = folded(given);
    if (/\p{Extended_Pictographic}/u.test(text))
      this.#isGap = this.#isSaid() && /[\p{L}\p{N}\ud800-\udfff]/u.test(this.#lastSaid);
    this.#add(text.startsWith(" ") && this.#isAtSpace() ? text.slice(1) : text, "");
  }

  say(given: string, said: string): void {
    const text = folded(given);
    const written = text.startsWith(" ") && this.#isAtSpace() ? text.slice(1) : text;
    // A comma needs no space before it.
    if (/^[,.;:]/.test(said) && this.#lastSaid === " " && this.#isSaid()) this.unsay();
    if (this.#isGap && /^[\p{L}\p{N}]/u.test(said)) this.#add("", " ");
    this.#isGap = false;
    this.#add(written, said.startsWith(" ") && this.#isSaidAtSpace() ? said.slice(1) : said);
  }

  /** @param next what the next line begins with */
  lineBreak(next: string): void {
    const last = this.#spoken.slice(Math.max(this.#spokenFrom, this.#spoken.length - 24));
    const [, word = ""] = /^\p{Ll}/u.test(next) ? (BROKEN_WORD.exec(last) ?? []) : [];
    const isBroken = word !== "" || this.#written.endsWith("\u00ad");
    if (word !== "" && !HYPHENATED.test(word)) this.unsay();
    if (isBroken || (WIDE.test(last) && WIDE.test(next))) this.eye(" ");
    else this.text(" ");
  }

  /** The last character is for the eye. */
  unsay(): void {
    const last = this.#stretches.at(-1);
    if (!last?.isSame || last.spokenLength === 0 || !this.#isSaid()) return;
    last.writtenLength -= 1;
    last.spokenLength -= 1;
    this.#spoken = this.#spoken.slice(0, -1);
    this.#lastSaid = this.#spoken.at(-1) ?? "";
    const written = this.#written.length - 1;
    this.#stretches.push({
      written,
      spoken: this.#spoken.length,
      writtenLength: 1,
      spokenLength: 0,
      isSame: false,
    });
  }

  /** The space before what was for the eye is for the eye as well. */
  #unsaySpace(): void {
    const [said, eye] = this.#stretches.slice(-2);
    const isBehindEye = said?.isSame && said.spokenLength > 0 && eye && !eye.isSame && eye.spokenLength === 0;
    if (!isBehindEye || !this.#isSaid()) return;
    said.writtenLength -= 1;
    said.spokenLength -= 1;
    eye.written -= 1;
    eye.writtenLength += 1;
    eye.spoken -= 1;
    this.#spoken = this.#spoken.slice(0, -1);
  }

  /** The place in what is said at or before `at` that does not fall into what is said for something else. */
  boundary(at: number): number {
    const found = this.#stretches.find(
      ({ spoken, spokenLength }) => spoken < at && at < spoken + spokenLength,
    );
    if (!found || found.isSame) return at;
    return found.spoken > this.#spokenFrom ? found.spoken : found.spoken + found.spokenLength;
  }

  /** Cuts off what is said up to `at`, with what is shown and not said around it. */
  cut(at: number): CutText {
    const [only] = this.#stretches;
    if (only?.isSame && this.#stretches.length === 1 && at < this.#spoken.length)
      return this.#cutPlain(only, at);
    const to = this.#writtenEnd(at);
    const text = this.#written.slice(this.#writtenFrom, to).trim();
    const isAll = at >= this.#spoken.length && to >= this.#written.length;
    const pieces = this.#pieces(at, this.#writtenFrom + text.length);
    this.#writtenFrom = to;
    this.#spokenFrom = at;
    if (isAll) this.#clear();
    else this.#drop();
    return { text, pieces };
  }

  /** Forgets what was cut off. @returns by how much places in what is said are less now */
  forget(): number {
    const by = this.#spokenFrom;
    if (by === 0 && this.#writtenFrom === 0) return 0;
    this.#spoken = this.#spoken.slice(by);
    this.#written = this.#written.slice(this.#writtenFrom);
    for (const stretch of this.#stretches) {
      stretch.spoken -= by;
      stretch.written -= this.#writtenFrom;
    }
    this.#spokenFrom = 0;
    this.#writtenFrom = 0;
    return by;
  }

  /** Where all is said as it is written. */
  #cutPlain(only: Stretch, at: number): CutText {
    const to = only.written + at - only.spoken;
    const isSpaced = this.#written.charCodeAt(to - 1) === 0x20;
    const text = this.#written.slice(this.#writtenFrom, isSpaced ? to - 1 : to);
    only.writtenLength -= to - only.written;
    only.spokenLength = only.writtenLength;
    only.written = this.#writtenFrom = to;
    only.spoken = this.#spokenFrom = at;
    return { text, pieces: text === "" ? [] : [{ from: 0, to: text.length, said: text }] };
  }

  #add(written: string, said: string): void {
    if (written === "" && said === "") return;
    const last = this.#stretches.at(-1);
    const isSame = written === said;
    const isEye = said === "";
    if (last && ((isSame && last.isSame) || (isEye && last.spokenLength === 0 && !last.isSame))) {
      last.writtenLength += written.length;
      last.spokenLength += said.length;
    } else {
      this.#stretches.push({
        written: this.#written.length,
        spoken: this.#spoken.length,
        writtenLength: written.length,
        spokenLength: said.length,
        isSame,
      });
    }
    this.#written += written;
    this.#spoken += said;
    this.#lastShown = written.at(-1) ?? this.#lastShown;
    this.#lastSaid = said.at(-1) ?? this.#lastSaid;
  }

  /** Where what is shown is cut for a cut of what is said: behind the space between the two, if there is one. */
  #writtenEnd(at: number): number {
    if (at >= this.#spoken.length) return this.#written.length;
    let end = this.#written.length;
    let index = this.#stretches.length - 1;
    // The stretch that says what follows.
    for (; index >= 0; index--) {
      const { spoken, spokenLength, written, isSame } = this.#stretches[index] as Stretch;
      if (spokenLength === 0 || spoken > at) continue;
      end = isSame ? written + at - spoken : written;
      break;
    }
    const follows = this.#stretches[index];
    if (follows && at > follows.spoken) return end;
    // Silent text stands between: an opening mark belongs to the text after the space.
    for (index -= 1; index >= 0; index--) {
      const { written, writtenLength, spokenLength } = this.#stretches[index] as Stretch;
      if (written + writtenLength <= this.#writtenFrom) break;
      const shown = this.#written.slice(written, written + writtenLength);
      if (spokenLength > 0) return shown.endsWith(" ") ? written + writtenLength : end;
      if (shown.trim() === "") return written + writtenLength;
      const space = shown.lastIndexOf(" ");
      if (space >= 0 && /^[*_~]*$/.test(shown.slice(space + 1))) return written + space + 1;
    }
    return end;
  }

  /** @param writtenTo where what is shown ends, without the space behind it */
  #pieces(at: number, writtenTo: number): Piece[] {
    const pieces: Piece[] = [];
    const offset = this.#writtenFrom;
    const end = Math.min(at, this.#spoken.length);
    const to = this.#spoken[end - 1] === " " ? end - 1 : end;
    for (const { written, writtenLength, spoken, spokenLength, isSame } of this.#stretches) {
      if (spoken >= to) break;
      if (spokenLength === 0 || spoken + spokenLength <= this.#spokenFrom) continue;
      if (!isSame) {
        const said = this.#spoken.slice(spoken, Math.min(to, spoken + spokenLength));
        const until = Math.min(written + writtenLength, writtenTo);
        pieces.push({ from: Math.min(written, until) - offset, to: until - offset, said });
        continue;
      }
      const from = Math.max(written, written + this.#spokenFrom - spoken);
      const until = Math.min(written + Math.min(spokenLength, to - spoken), writtenTo);
      if (from < until) {
        pieces.push({ from: from - offset, to: until - offset, said: this.#written.slice(from, until) });
      }
    }
    return pieces;
  }

  #drop(): void {
    const first = this.#stretches.findIndex(
      ({ written, writtenLength }) => written + writtenLength > this.#writtenFrom,
    );
    if (first > 0) this.#stretches.splice(0, first);
    const [stretch] = this.#stretches;
    const cut = stretch ? this.#writtenFrom - stretch.written : 0;
    if (!stretch || cut <= 0) return;
    stretch.written += cut;
    stretch.writtenLength -= cut;
    if (!stretch.isSame) return;
    stretch.spoken += cut;
    stretch.spokenLength -= cut;
  }

  #clear(): void {
    this.#written = "";
    this.#spoken = "";
    this.#stretches = [];
    this.#writtenFrom = 0;
    this.#spokenFrom = 0;
    this.#isGap = false;
  }

  #isAtSpace(): boolean {
    return this.length === 0 || this.#lastShown === " ";
  }

  #isSaidAtSpace(): boolean {
    return !this.#isSaid() || this.#lastSaid === " ";
  }

  #isSaid(): boolean {
    return this.#spoken.length > this.#spokenFrom;
  }
}

/** ms of speech a letter, before anything was heard of the voice. */
const FIRST_MS_PER_LETTER = 65;
/** ms of work for a ms of speech that are assumed before the first measurement. */
const FIRST_RTF = 0.5;
/** How much the newest measurement counts. */
const NEWEST = 0.4;
/** By what part measurements are off what was expected, before there were any. */
const FIRST_MISS = 0.125;
/** So many times what they are off by on average, few are off by more. */
const MISSES = 2;
const LEAST_MARGIN = 1.05;
const MOST_MARGIN = 2;

/** How quickly a voice is made on this machine, measured while it speaks, and how sure that is. */
export class Pace {
  #rtf: number | undefined;
  #msPerLetter = FIRST_MS_PER_LETTER;
  #miss = FIRST_MISS;

  /** ms that a text lasts, about, at normal speed. */
  lengthMs(text: string): number {
    return text.length * this.#msPerLetter;
  }

  /** ms of work on a text at normal speed, at the most: by so much more as measurements differ. */
  workMs(text: string): number {
    const margin = Math.min(MOST_MARGIN, Math.max(LEAST_MARGIN, 1 + MISSES * this.#miss));
    return (this.#rtf ?? FIRST_RTF) * this.lengthMs(text) * margin;
  }

  /** A text was spoken at some speed: ms of speech, and of work. */
  note(text: string, spoken: { audioMs: number; tookMs: number; speed: number }): void {
    const { audioMs, tookMs, speed } = spoken;
    if (audioMs <= 0 || text.length === 0) return;
    const [rtf, msPerLetter] = [tookMs / audioMs, (audioMs * speed) / text.length];
    if (this.#rtf === undefined) {
      this.#rtf = rtf;
      this.#msPerLetter = msPerLetter;
      return;
    }
    const expectedMs = (this.#rtf * this.lengthMs(text)) / speed;
    this.#miss = mixed(this.#miss, Math.abs(tookMs / expectedMs - 1));
    this.#rtf = mixed(this.#rtf, rtf);
    this.#msPerLetter = mixed(this.#msPerLetter, msPerLetter);
  }
}

function mixed(before: number, now: number): number {
  return before + NEWEST * (now - before);
}

/** ms of speech a letter, before anything was heard of the voice. */
const FIRST_MS_PER_LETTER = 65;
/** ms of work for a ms of speech that are assumed before the first measurement. */
const FIRST_RTF = 0.5;
/** How much of what was measured counts once there is a newer measurement. */
const KEPT = 0.85;
/** So many measurements say that a text costs nothing by itself; where lengths differ, others soon outweigh them. */
const DOUBT = 0.3;
/** By what part measurements are off what was expected, before there were any; and how much the newest counts. */
const FIRST_MISS = 0.125;
const NEWEST_MISS = 0.3;
/** So many times what they are off by on average, few are off by more. */
const MISSES = 2;
const LEAST_MARGIN = 1.05;
const MOST_MARGIN = 2;

/**
 * How quickly a voice is made on this machine, measured while it speaks, and how sure that is. A text costs something by
 * itself, however short it is, and something for each ms of its speech: least squares tell the two apart.
 */
export class Pace {
  /** ms for a text, and for a ms of its speech. */
  #fixedMs = 0;
  #rtf = FIRST_RTF;
  #miss = FIRST_MISS;
  /** Of the measurements: how many, and of ms of speech (x) and of work (y). */
  #sums = { count: 0, x: 0, y: 0, xx: 0, xy: 0 };
  /** ms at normal speed, and letters. */
  #spoken = { ms: 0, letters: 0 };

  /** ms that a text lasts, about, at normal speed. */
  lengthMs(text: string): number {
    const { ms, letters } = this.#spoken;
    return text.length * (letters === 0 ? FIRST_MS_PER_LETTER : ms / letters);
  }

  /** ms of work on a text at some speed, at the most: by so much more as measurements differ. */
  workMs(text: string, speed: number): number {
    const margin = Math.min(MOST_MARGIN, Math.max(LEAST_MARGIN, 1 + MISSES * this.#miss));
    return this.#expectedMs(text, speed) * margin;
  }

  /** A text was spoken at some speed: ms of speech, and of work. */
  note(text: string, spoken: { audioMs: number; tookMs: number; speed: number }): void {
    const { audioMs, tookMs, speed } = spoken;
    if (audioMs <= 0 || text.length === 0) return;
    if (this.#sums.count > 0) {
      const miss = Math.abs(tookMs / this.#expectedMs(text, speed) - 1);
      this.#miss += NEWEST_MISS * (miss - this.#miss);
    }
    const { count, x, y, xx, xy } = this.#sums;
    this.#sums = {
      count: KEPT * count + 1,
      x: KEPT * x + audioMs,
      y: KEPT * y + tookMs,
      xx: KEPT * xx + audioMs ** 2,
      xy: KEPT * xy + audioMs * tookMs,
    };
    const { ms, letters } = this.#spoken;
    this.#spoken = { ms: KEPT * ms + audioMs * speed, letters: KEPT * letters + text.length };
    this.#fit();
  }

  #expectedMs(text: string, speed: number): number {
    return this.#fixedMs + (this.#rtf * this.lengthMs(text)) / speed;
  }

  #fit(): void {
    const { count, x, y, xx, xy } = this.#sums;
    const fixedMs = (y * xx - x * xy) / ((count + DOUBT) * xx - x ** 2);
    this.#fixedMs = Math.max(0, fixedMs);
    this.#rtf = Math.max(0, (xy - this.#fixedMs * x) / xx);
  }
}

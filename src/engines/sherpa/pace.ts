/** ms of speech a letter, before anything was heard of the voice. */
const FIRST_MS_PER_LETTER = 65;
/** How much the newest measurement counts. */
const NEWEST = 0.4;

/** How quickly a voice is made on this machine, measured while it speaks. */
export class Pace {
  #rtf: number | undefined;
  #msPerLetter = FIRST_MS_PER_LETTER;

  /** ms of work for a ms of speech; undefined before the first measurement. */
  get rtf(): number | undefined {
    return this.#rtf;
  }

  /** ms that a text lasts, about, at normal speed. */
  lengthMs(text: string): number {
    return text.length * this.#msPerLetter;
  }

  /** A text was spoken at some speed: ms of speech, and of work. */
  note(text: string, spoken: { audioMs: number; tookMs: number; speed: number }): void {
    const { audioMs, tookMs, speed } = spoken;
    if (audioMs <= 0 || text.length === 0) return;
    const [rtf, msPerLetter] = [tookMs / audioMs, (audioMs * speed) / text.length];
    const isFirst = this.#rtf === undefined;
    this.#rtf = isFirst ? rtf : mixed(this.#rtf ?? rtf, rtf);
    this.#msPerLetter = isFirst ? msPerLetter : mixed(this.#msPerLetter, msPerLetter);
  }
}

function mixed(before: number, now: number): number {
  return before + NEWEST * (now - before);
}

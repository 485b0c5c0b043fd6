/** A sound of the place at a place in what is shown, in UTF-16 units: it belongs to the word that follows. */
export interface Cue {
  at: number;
  name: string;
}

/** The sounds in a text, from where it is not given out yet. */
export class Cues {
  #waiting: Cue[] = [];
  #due: Cue[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#due.length === 0;
  }

  add(at: number, name: string): void {
    this.#waiting.push({ at, name });
  }

  /** So much of the text is cut off, of which `length` is shown. @param isAll nothing of the block is left */
  cut(by: number, length: number, isAll: boolean): void {
    const isCut = ({ at }: Cue): boolean => isAll || at < by;
    for (const { at, name } of this.#waiting.filter(isCut))
      this.#due.push({ at: Math.min(at, length), name });
    this.#waiting = this.#waiting.flatMap((cue) => (isCut(cue) ? [] : [{ ...cue, at: cue.at - by }]));
  }

  /** Those of what is given out now; what is left belongs to the next. */
  take(): Cue[] {
    return this.#due.splice(0);
  }
}

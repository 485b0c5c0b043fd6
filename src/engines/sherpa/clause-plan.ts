import { clausesOf } from "./clauses.ts";
import type { Pace } from "./pace.ts";

/** ms of waiting for a voice that are no late start. */
const EARLY_MS = 300;
/** ms by which the start may be later than it could be. */
const PRECISION_MS = 5;

export interface ClausePlanOptions {
  pace: Pace;
  /** 1 is normal. */
  speed: number;
  /** ms of sound that listeners still have. */
  aheadMs: number;
  /** Nobody hears any of it before all of it is there. */
  whole: boolean;
  /** A clock in ms. */
  now?: () => number;
}

/**
 * In which parts a sentence is spoken, so that it starts early and has no hole. It starts as soon as every clause that
 * follows will be made before it is to be heard, be that while one is being made; until then, what was made is held back.
 * The parts are as long as that permits: of a voice that is made quickly the first one is the whole sentence.
 */
export class ClausePlan {
  readonly #options: ClausePlanOptions;
  readonly #now: () => number;
  /** Still to be spoken. */
  readonly #clauses: string[];
  /** What is being spoken, and when it will be made, about. */
  #part: { text: string; madeAt: number } | undefined;
  /** ms of sound. */
  #madeMs = 0;
  /** When listeners have heard what they had before. */
  readonly #freeAt: number;
  /** When they begin to hear what was made. */
  #heardAt: number | undefined;

  constructor(text: string, options: ClausePlanOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#clauses = options.whole ? [text] : clausesOf(text);
    this.#freeAt = this.#now() + options.aheadMs;
  }

  /** ms for which what was made is held back, if all goes as it is expected to; 0 where it may be given out. */
  get heldMs(): number {
    if (this.#heardAt !== undefined) return 0;
    const now = this.#now();
    const startAt = this.#startAt(now);
    return startAt <= Math.max(now, this.#freeAt) ? 0 : startAt - now;
  }

  /** What was made is given out from now on. */
  start(): void {
    this.#heardAt ??= Math.max(this.#now(), this.#freeAt);
  }

  /** What is spoken next, at once; undefined where that was all. */
  next(): string | undefined {
    if (this.#clauses.length === 0) return undefined;
    const now = this.#now();
    const heardAt = this.#heardAt ?? Math.max(this.#startAt(now), this.#freeAt);
    const count = this.#fitting(this.#clauses, Math.max(EARLY_MS, heardAt + this.#madeMs - now));
    const text = this.#clauses.splice(0, Math.max(1, count)).join("");
    this.#part = { text, madeAt: now + this.workMs(text) };
    return text;
  }

  /** The last part was spoken. @param audioMs that it lasts */
  made(audioMs: number): void {
    this.#part = undefined;
    this.#madeMs += audioMs;
  }

  /** ms of work on a text, at the most. */
  workMs(text: string): number {
    return this.#options.pace.workMs(text, this.#options.speed);
  }

  /** When listeners may begin to hear, so that nothing comes too late. */
  #startAt(now: number): number {
    let madeAt = now;
    let soundMs = this.#madeMs;
    let startAt = now;
    if (this.#part) {
      // What takes longer than it may can take any time.
      madeAt = this.#part.madeAt < now ? Number.POSITIVE_INFINITY : this.#part.madeAt;
      startAt = Math.max(startAt, madeAt - soundMs);
      soundMs += this.#lengthMs(this.#part.text);
    }
    const rest = this.#clauses.join("");
    if (rest === "" || madeAt === Number.POSITIVE_INFINITY) return startAt;
    // All the rest at once always does; the more parts, the earlier the last one is short, and the more work.
    let [early, late] = [startAt, Math.max(startAt, madeAt + this.workMs(rest) - soundMs)];
    if (this.#isInTime(early, madeAt, soundMs)) return early;
    while (late - early > PRECISION_MS) {
      const middle = (early + late) / 2;
      if (this.#isInTime(middle, madeAt, soundMs)) late = middle;
      else early = middle;
    }
    return late;
  }

  /**
   * Whether what is still to be spoken can be made in time where listeners begin to hear at some moment. Each part as
   * long as it may be: that costs least, and puts off most.
   * @param from when the first part is begun @param soundMs what they have until then
   */
  #isInTime(heardAt: number, from: number, soundMs: number): boolean {
    let madeAt = from;
    let dryAt = heardAt + soundMs;
    for (let rest = this.#clauses; rest.length > 0; ) {
      const count = this.#fitting(rest, dryAt - madeAt);
      if (count === 0) return false;
      const text = rest.slice(0, count).join("");
      rest = rest.slice(count);
      madeAt += this.workMs(text);
      dryAt += this.#lengthMs(text);
    }
    return true;
  }

  /** How many clauses can be made at once within some ms. */
  #fitting(clauses: readonly string[], withinMs: number): number {
    let text = "";
    const end = clauses.findIndex((clause) => {
      text += clause;
      return this.workMs(text) > withinMs;
    });
    return end < 0 ? clauses.length : end;
  }

  #lengthMs(text: string): number {
    return this.#options.pace.lengthMs(text) / this.#options.speed;
  }
}

import { clausesOf } from "./clauses.ts";
import type { Pace } from "./pace.ts";

/** ms of waiting for a voice that are no late start. */
const EARLY_MS = 500;
/** What the next clause may take beyond what was measured. */
const MARGIN = 1.25;
/** ms of work for a ms of speech that are assumed before the first measurement. */
const FIRST_RTF = 0.5;

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
 * In which parts a sentence is spoken, so that it starts early and has no hole. As much at once as is made before the
 * listeners run dry, or before they would notice that they wait; of a voice that is made quickly that is the whole
 * sentence. What was made is held back until all that follows is made sooner than it is to be heard.
 */
export class ClausePlan {
  readonly #options: ClausePlanOptions;
  readonly #now: () => number;
  /** Still to be spoken. */
  #clauses: string[];
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

  /** Whether what is made is held back for now. */
  get isHeld(): boolean {
    return this.#heardAt === undefined && this.#runsDry();
  }

  /** What is spoken next, at once; undefined where that was all. */
  next(): string | undefined {
    const [first, ...others] = this.#clauses;
    if (first === undefined) return undefined;
    let part = first;
    const limitMs = Math.max(EARLY_MS, this.#leftMs);
    while (others[0] !== undefined && this.workMs(part + others[0]) <= limitMs) part += others.shift();
    this.#clauses = others;
    return part;
  }

  /** The last part was spoken. @param audioMs that it lasts */
  made(audioMs: number): void {
    this.#madeMs += audioMs;
    if (!this.#runsDry()) this.#heardAt ??= Math.max(this.#now(), this.#freeAt);
  }

  /** ms of work on a text, about. */
  workMs(text: string): number {
    return (this.#options.pace.rtf ?? FIRST_RTF) * this.#lengthMs(text) * MARGIN;
  }

  /** ms of sound that listeners have, if what was made is given out. */
  get #leftMs(): number {
    const now = this.#now();
    const heardAt = this.#heardAt ?? Math.max(now, this.#freeAt);
    return Math.max(0, heardAt + this.#madeMs - now);
  }

  /** Whether some clause would come too late, if what was made began to be heard now. */
  #runsDry(): boolean {
    let workMs = 0;
    let soundMs = this.#leftMs;
    return this.#clauses.some((clause) => {
      workMs += this.workMs(clause);
      const isLate = workMs > soundMs;
      soundMs += this.#lengthMs(clause);
      return isLate;
    });
  }

  #lengthMs(text: string): number {
    return this.#options.pace.lengthMs(text) / this.#options.speed;
  }
}

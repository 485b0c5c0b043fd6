import { clausesOf } from "./clauses.ts";
import type { Pace } from "./pace.ts";

/** ms of waiting for a voice that are no late start. */
const EARLY_MS = 500;

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
  #clauses: string[];
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
    const [first, ...others] = this.#clauses;
    if (first === undefined) return undefined;
    const now = this.#now();
    const heardAt = this.#heardAt ?? Math.max(this.#startAt(now), this.#freeAt);
    const limitMs = Math.max(EARLY_MS, heardAt + this.#madeMs - now);
    let text = first;
    while (others[0] !== undefined && this.workMs(text + others[0]) <= limitMs) text += others.shift();
    this.#clauses = others;
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
    return this.#options.pace.workMs(text) / this.#options.speed;
  }

  /** When listeners may begin to hear, so that no clause comes too late. */
  #startAt(now: number): number {
    let startAt = now;
    let madeAt = now;
    let soundMs = this.#madeMs;
    const follow = (text: string, at: number): void => {
      madeAt = at;
      startAt = Math.max(startAt, madeAt - soundMs);
      soundMs += this.#lengthMs(text);
    };
    // What takes longer than it may can take any time.
    if (this.#part) follow(this.#part.text, this.#part.madeAt < now ? Infinity : this.#part.madeAt);
    for (const clause of this.#clauses) follow(clause, madeAt + this.workMs(clause));
    return startAt;
  }

  #lengthMs(text: string): number {
    return this.#options.pace.lengthMs(text) / this.#options.speed;
  }
}

import type { Rank } from "./rank.ts";

/** A stretch of a line that was handed over. */
interface Stretch {
  line: Rank;
  /** Where in the line it begins, ms. */
  fromMs: number;
  ms: number;
}

/** What a listener was handed, and how much of it they have still to hear, if they hear it without a pause. */
export class ClientBufferEstimate {
  /** Not heard yet, in the order in which it will be. */
  #ahead: Stretch[] = [];
  /** Put aside while others speak into them, the latest last. */
  readonly #aside: Stretch[][] = [];
  /** When all that is ahead will have been heard. */
  #until = 0;
  #stoppedAt: number | undefined;
  readonly #heardTo = new WeakMap<Rank, number>();

  /** ms of sound ahead of the ear. */
  get aheadMs(): number {
    return Math.max(0, this.#until - this.#now);
  }

  /** Hands over `ms` of a line more, from `fromMs` of it on. */
  add(line: Rank, fromMs: number, ms: number): void {
    this.#hear();
    this.#until = Math.max(this.#until, this.#now);
    this.#append({ line, fromMs, ms });
  }

  /** How far the line was heard, ms; undefined where none of it was. */
  placeIn(line: Rank): number | undefined {
    this.#hear();
    return this.#heardTo.get(line);
  }

  /** ms until all of the line that was handed over has been heard; 0 where nothing of it is left. */
  leftOf(line: Rank): number {
    this.#hear();
    let ms = 0;
    let left = 0;
    for (const stretch of [...this.#ahead, ...this.#aside.toReversed().flat()]) {
      ms += stretch.ms;
      if (stretch.line === line) left = ms;
    }
    return left;
  }

  /** Lines that make way are put aside: what is added now is heard before them. */
  interrupt(makesWay: (line: Rank) => boolean): void {
    this.#hear();
    const ahead = this.#ahead;
    this.#aside.push(ahead.filter(({ line }) => makesWay(line)));
    this.#replace(ahead.filter(({ line }) => !makesWay(line)));
  }

  /** What made way last goes on behind what is ahead. */
  goOn(): void {
    this.#hear();
    this.#until = Math.max(this.#until, this.#now);
    for (const stretch of this.#aside.pop() ?? []) this.#append(stretch);
  }

  /** Nothing more of the line is heard. */
  drop(line: Rank): void {
    this.#hear();
    this.#replace(this.#ahead.filter((stretch) => stretch.line !== line));
    for (const [index, stretches] of this.#aside.entries()) {
      this.#aside[index] = stretches.filter((stretch) => stretch.line !== line);
    }
  }

  /** Nothing is ahead any more. */
  clear(): void {
    this.#ahead = [];
    this.#until = 0;
  }

  /** Nobody hears it from now on. */
  stop(): void {
    this.#hear();
    this.#stoppedAt ??= performance.now();
  }

  /** What another had ahead of a line is heard here now, as far as `toMs` of it. */
  join(other: ClientBufferEstimate, line: Rank, toMs: number = Number.POSITIVE_INFINITY): void {
    const heardTo = other.placeIn(line);
    if (heardTo !== undefined) this.#heardTo.set(line, heardTo);
    for (const { line: own, fromMs, ms } of other.#ahead) {
      if (own === line && fromMs < toMs) this.add(line, fromMs, Math.min(ms, toMs - fromMs));
    }
    other.drop(line);
  }

  get #now(): number {
    return this.#stoppedAt ?? performance.now();
  }

  #append({ line, fromMs, ms }: Stretch): void {
    const last = this.#ahead.at(-1);
    if (last?.line === line && Math.abs(last.fromMs + last.ms - fromMs) < 1) last.ms += ms;
    else this.#ahead.push({ line, fromMs, ms });
    this.#until += ms;
  }

  #replace(stretches: Stretch[]): void {
    this.#ahead = stretches;
    this.#until = this.#now + stretches.reduce((sum, { ms }) => sum + ms, 0);
  }

  /** Notes what was heard since the last time. */
  #hear(): void {
    let heard = this.#ahead.reduce((sum, { ms }) => sum + ms, 0) - this.aheadMs;
    for (let first = this.#ahead[0]; first && heard > 0; first = this.#ahead[0]) {
      const ms = Math.min(heard, first.ms);
      heard -= ms;
      first.fromMs += ms;
      first.ms -= ms;
      this.#heardTo.set(first.line, first.fromMs);
      if (first.ms > 1e-6) break;
      this.#ahead.shift();
    }
  }
}

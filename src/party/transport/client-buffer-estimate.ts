import type { Rank } from "./rank.ts";

/** A stretch of an utterance that was handed over. */
interface Stretch {
  utterance: Rank;
  /** Where in the utterance it begins, ms. */
  fromMs: number;
  ms: number;
}

/** Estimates how much of what a listener was handed is still to be heard, if it plays without a pause. */
export class ClientBufferEstimate {
  /** Not heard yet, in the order in which it will be. */
  #ahead: Stretch[] = [];
  /** Put aside while others speak into them, the latest last. */
  readonly #aside: Stretch[][] = [];
  /** When all that is ahead will have been heard. */
  #until = 0;
  #stoppedAt: number | undefined;
  readonly #heardTo = new WeakMap<Rank, number>();

  /** ms of sound that are still to be heard. */
  get aheadMs(): number {
    return Math.max(0, this.#until - this.#now);
  }

  /** Hands over `ms` of an utterance more, from `fromMs` of it on. */
  add(utterance: Rank, fromMs: number, ms: number): void {
    this.#hear();
    this.#until = Math.max(this.#until, this.#now);
    this.#append({ utterance, fromMs, ms });
  }

  /** Before all else so many ms are heard of what another process has handed over. @param before stands for that */
  hold(before: Rank, ms: number): void {
    this.#hear();
    const interrupted = this.#aside.flat().find(({ utterance }) => utterance === before);
    if (interrupted) {
      interrupted.ms = ms;
      return;
    }
    const own = this.#ahead.filter(({ utterance }) => utterance !== before);
    this.#replace(ms > 0 ? [{ utterance: before, fromMs: 0, ms }, ...own] : own);
  }

  /** How far the utterance was heard, ms; undefined where none of it was. */
  placeIn(utterance: Rank): number | undefined {
    this.#hear();
    return this.#heardTo.get(utterance);
  }

  /** ms until all of the utterance that was handed over has been heard; 0 where nothing of it is left. */
  leftOf(utterance: Rank): number {
    this.#hear();
    let ms = 0;
    let left = 0;
    for (const stretch of [...this.#ahead, ...this.#aside.toReversed().flat()]) {
      ms += stretch.ms;
      if (stretch.utterance === utterance) left = ms;
    }
    return left;
  }

  /** Lines that make way are put aside: what is added now is heard before them. */
  interrupt(makesWay: (utterance: Rank) => boolean): void {
    this.#hear();
    const ahead = this.#ahead;
    this.#aside.push(ahead.filter(({ utterance }) => makesWay(utterance)));
    this.#replace(ahead.filter(({ utterance }) => !makesWay(utterance)));
  }

  /** The utterances put aside last go on after what is ahead. */
  goOn(): void {
    this.#hear();
    this.#until = Math.max(this.#until, this.#now);
    for (const stretch of this.#aside.pop() ?? []) this.#append(stretch);
  }

  /** Nothing more of the utterance is heard. */
  drop(utterance: Rank): void {
    this.#hear();
    this.#replace(this.#ahead.filter((stretch) => stretch.utterance !== utterance));
    for (const [index, stretches] of this.#aside.entries()) {
      this.#aside[index] = stretches.filter((stretch) => stretch.utterance !== utterance);
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

  /** Takes over what another connection had still to hear of an utterance, up to `toMs` of it. */
  join(other: ClientBufferEstimate, utterance: Rank, toMs: number = Number.POSITIVE_INFINITY): void {
    const heardTo = other.placeIn(utterance);
    if (heardTo !== undefined) this.#heardTo.set(utterance, heardTo);
    for (const { utterance: own, fromMs, ms } of other.#ahead) {
      if (own === utterance && fromMs < toMs) this.add(utterance, fromMs, Math.min(ms, toMs - fromMs));
    }
    other.drop(utterance);
  }

  get #now(): number {
    return this.#stoppedAt ?? performance.now();
  }

  #append({ utterance, fromMs, ms }: Stretch): void {
    const last = this.#ahead.at(-1);
    if (last?.utterance === utterance && Math.abs(last.fromMs + last.ms - fromMs) < 1) last.ms += ms;
    else this.#ahead.push({ utterance, fromMs, ms });
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
      this.#heardTo.set(first.utterance, first.fromMs);
      if (first.ms > 1e-6) break;
      this.#ahead.shift();
    }
  }
}

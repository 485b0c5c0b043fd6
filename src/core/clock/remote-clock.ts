import { deviationAt, offsetAt } from "./drift.ts";
import type { Bound } from "./edge.ts";
import { type BoundFit, type DriftPrior, fitBounds, USUAL_DRIFT } from "./fit-bounds.ts";

/** The echo of a probe: `t0` is when it was sent on the local clock, `t1` and `t2` when it came and went back on the remote one, in ms. */
export interface ClockEcho {
  t0: number;
  t1: number;
  t2: number;
}

/** Echoes after which the estimate can be relied on. */
export const TRUSTED_ECHOES = 16;
/** Echoes that are remembered. */
const MAX_ECHOES = 1_024;
/** Older ones are forgotten, because the drift of a clock changes with its temperature… */
const WINDOW_MS = 180_000;
/** …but not more for each that comes: after a sleep the old ones know more than the first new ones. */
const FORGOTTEN_AT_ONCE = 2;
/** Bounds that contradict each other by more than this mean that a clock was set, or stood still. */
const STEP_MS = 1;
/** How well a drift is known again after a step: the same crystals, at another temperature. */
const DRIFT_AFTER_STEP = 10e-6;
/** By how much a clock's drift may change between two echoes, ms per ms. */
const WANDER = 2e-6;
/** An estimate is made anew when echoes have become more by this share, or after so many ms. */
const FIT_SHARE = 1 / 8;
const FIT_MS = 250;
/** How far back delays are looked at. */
const DELAYS_MS = 60_000;

/**
 * What a remote clock shows, from the echoes of probes. Of each way it believes the fastest messages of the
 * last three minutes, wherever they occurred, and follows the drift of the clocks. What no protocol can know is how much
 * longer one way takes than the other: half the difference is an error of the offset.
 *
 * Both clocks must be monotonic and tell ms. Work for an echo and memory are bounded.
 */
export class RemoteClock {
  #there: Bound[] = [];
  #back: Bound[] = [];
  #echoes = 0;
  #resets = 0;
  #prior: DriftPrior = USUAL_DRIFT;
  #fit: BoundFit | undefined;
  #fitEchoes = 0;
  #fitAt = 0;

  /** Takes an echo that came at `t3` on the local clock. Older ones than the last, and nonsense, are ignored. */
  learn({ t0, t1, t2 }: ClockEcho, t3: number): void {
    if (![t0, t1, t2, t3].every(Number.isFinite) || t3 < t0 || t2 < t1 || t3 - t0 - (t2 - t1) < -STEP_MS)
      return;
    const last = { sent: this.#there.at(-1)?.at ?? -Infinity, came: this.#back.at(-1)?.at ?? -Infinity };
    if (t3 < last.came) this.#reset();
    else if (t0 <= last.sent) return;
    const there = { at: t0, offset: t1 - t0 };
    const back = { at: t3, offset: t2 - t3 };
    if (this.#contradicts(there, back)) this.#reset();
    this.#there.push(there);
    this.#back.push(back);
    this.#echoes += 1;
    this.#forget(t3);
  }

  /** Echoes since the clock was last started anew. */
  get echoes(): number {
    return this.#echoes;
  }

  /** Whether there were enough echoes to rely on what it says. */
  get isTrusted(): boolean {
    return this.#echoes >= TRUSTED_ECHOES;
  }

  /** How often it was started anew because a clock had jumped. */
  get resets(): number {
    this.#estimate();
    return this.#resets;
  }

  /** ms to add to the local clock for the remote one, at the last echo; undefined before the first. */
  get offsetMs(): number | undefined {
    const fit = this.#estimate();
    return fit && offsetAt(fit, this.#back.at(-1)?.at ?? fit.at);
  }

  /** By how many millionths the remote clock runs faster than the local one. */
  get drift(): number {
    return (this.#estimate()?.slope ?? 0) * 1e6;
  }

  /** What the remote clock shows when the local one shows `localMs`; undefined before the first echo. */
  remoteAt(localMs: number): number | undefined {
    const fit = this.#estimate();
    return fit && localMs + offsetAt(fit, localMs);
  }

  /** What the local clock shows when the remote one shows `remoteMs`; undefined before the first echo. */
  localAt(remoteMs: number): number | undefined {
    const fit = this.#estimate();
    return fit && fit.at + (remoteMs - fit.at - fit.offset) / (1 + fit.slope);
  }

  /**
   * ms by which the estimate is wrong at most, however unequal both ways are: half the gap between the bounds,
   * and what drift may have added since the last echo. Infinite before the first.
   */
  uncertaintyMs(localMs: number): number {
    const fit = this.#estimate();
    return fit ? bound(fit, localMs) + this.#wander(localMs) : Infinity;
  }

  /**
   * The standard deviation of the estimate in ms where both ways are alike, which is far less than the
   * uncertainty. Infinite before the clock is trusted.
   */
  deviationMs(localMs: number): number {
    const fit = this.isTrusted ? this.#estimate() : undefined;
    return fit ? Math.hypot(deviationAt(fit, localMs), this.#wander(localMs)) : Infinity;
  }

  /**
   * ms that messages took from there to here in the last minute: the longest but for the share
   * 1 − `quantile` of them; undefined before the first echo. Wrong by as much as the offset is.
   */
  delayMs(quantile: number): number | undefined {
    const fit = this.#estimate();
    const since = (this.#back.at(-1)?.at ?? 0) - DELAYS_MS;
    const recent = fit ? this.#back.filter(({ at }) => at >= since) : [];
    const delays = recent
      .map(({ at, offset }) => (fit ? offsetAt(fit, at) - offset : 0))
      .sort((a, b) => a - b);
    return delays[Math.max(0, Math.ceil(quantile * delays.length) - 1)];
  }

  #estimate(): BoundFit | undefined {
    const now = this.#back.at(-1)?.at;
    if (now === undefined) return undefined;
    const more = this.#echoes - this.#fitEchoes;
    const isFresh = more === 0 || (more < this.#fitEchoes * FIT_SHARE && now - this.#fitAt < FIT_MS);
    if (this.#fit && isFresh) return this.#fit;
    let fit = fitBounds(this.#there, this.#back, this.#fit?.slope ?? this.#prior.slope, this.#prior);
    if (fit.gap < -STEP_MS) {
      this.#reset(1);
      fit = fitBounds(this.#there, this.#back, this.#prior.slope, this.#prior);
    }
    this.#fitEchoes = this.#echoes;
    this.#fitAt = now;
    this.#fit = fit;
    return fit;
  }

  #wander(localMs: number): number {
    return WANDER * Math.max(0, localMs - (this.#back.at(-1)?.at ?? localMs));
  }

  /** Whether an echo cannot be true where the estimate is. */
  #contradicts(there: Bound, back: Bound): boolean {
    const fit = this.#fit;
    if (!fit) return false;
    const allowed = bound(fit, back.at) + this.#wander(back.at) + STEP_MS;
    return (
      there.offset - offsetAt(fit, there.at) < -allowed || back.offset - offsetAt(fit, back.at) > allowed
    );
  }

  /** Forgets all but the newest echoes: a clock has jumped. */
  #reset(kept = 0): void {
    this.#resets += 1;
    if (this.#fit) {
      const { slope, slopeVariance } = this.#fit;
      const deviation = Math.hypot(DRIFT_AFTER_STEP, Math.sqrt(slopeVariance));
      this.#prior = deviation < USUAL_DRIFT.deviation ? { slope, deviation } : USUAL_DRIFT;
    }
    this.#there = kept ? this.#there.slice(-kept) : [];
    this.#back = kept ? this.#back.slice(-kept) : [];
    this.#echoes = kept;
    this.#fit = undefined;
  }

  #forget(now: number): void {
    for (let forgotten = 0; forgotten < FORGOTTEN_AT_ONCE; forgotten++) {
      const isOld = (this.#back[0]?.at ?? now) < now - WINDOW_MS;
      if (!isOld && this.#back.length <= MAX_ECHOES) return;
      this.#there.shift();
      this.#back.shift();
    }
  }
}

/** Half the gap, and three standard deviations for where the estimate lies in it. */
function bound(fit: BoundFit, localMs: number): number {
  return Math.max(0, fit.gap) / 2 + 3 * deviationAt(fit, localMs);
}

import { fitLine, type LinearFit, median, offsetOn, type Point } from "./fit-line.ts";
import { RenderClock } from "./render-clock.ts";

/** What a page can say about its audio device at one moment; `…Ms` are on the local clock. */
export interface OutputStamp {
  /** `getOutputTimestamp()`: at that time that second of the context left the device; 0 where it is not known. */
  atMs: number;
  contextTime: number;
  /** When this was looked up, and the context's time then. */
  seenAtMs: number;
  currentTime: number;
  /** Seconds between the context's time and the ear, as the browser estimates them; 0 where it does not. */
  latency: number;
}

/** Of so many ms the middle one of the stamps is believed. */
const BIN_MS = 200;
/** Stamps that agree with each other against the line mean that the device has slipped. */
const STEP_STAMPS = 4;
const STEP_MS = 0.5;
const NOISE_MEMORY = 80;
const MAX_ERROR_MS = 20;
/** Bins the line is made of: twelve seconds. */
const MAX_BINS = 60;
/** Bins after which what it says is of use. */
const READY_BINS = 2;
/** Bins in which a slip shows that is less than the noise of single stamps: one second. */
const SLIP_BINS = 5;
/** No clock drifts like this, ms a ms. A device that is starting does, and then only the latest bins tell the truth. */
const MOST_DRIFT = 3e-4;
const LATEST_BINS = 3;
const LEAST_BEND_MS = 0.1;
/** Stamps that say what a browser's timestamps are worth. */
const TRIAL_STAMPS = 12;
/** A slip that only timestamps tell of is none once the context has rendered on for so long as if nothing had happened. */
const DOUBT_MS = 3_000;
/** No device plays what was rendered less than this ago. */
const LEAST_LATENCY_SECONDS = 0.002;

/**
 * Which moment of an audio context leaves the device when: a line through the browser's own timestamps, whose
 * noise it takes out, following the drift of the device and its slips. Where those cannot be true (some
 * browsers leave the latency out, some give none) it goes by the context's time and the latency they claim. Once somebody
 * has listened how late the device is, it goes by that and by how the context renders, until the device slips.
 */
export class OutputClock {
  #bins: Point[] = [];
  #open: Point[] = [];
  #line: LinearFit | undefined;
  #errors: number[] = [];
  #suspects: Point[] = [];
  #last = Number.NEGATIVE_INFINITY;
  #stamps = 0;
  #implausible = 0;
  readonly #rendered = new RenderClock();
  /** ms from rendering to leaving the device, from when somebody listened until the device slips. */
  #held: { ms: number; slips: number } | undefined;
  /** Until then timestamps say that it has slipped. */
  #doubtedUntil = Number.NEGATIVE_INFINITY;

  /** Whether it knows enough. */
  get isReady(): boolean {
    return this.#line !== undefined && this.#bins.length >= READY_BINS;
  }

  /** Whether the browser says when sound leaves the device; else that is its guess, and nobody can tell. */
  get isTrusted(): boolean {
    return this.#stamps >= TRIAL_STAMPS && this.#implausible * 2 < this.#stamps;
  }

  /** ms by which what it says may be off, in the middle. */
  get noiseMs(): number {
    return this.#heldMs === undefined ? this.#stampNoiseMs : this.#rendered.noiseMs;
  }

  /** Seconds of the context that pass in a ms of the local clock. */
  get rate(): number {
    const slope = this.#heldMs === undefined ? this.#line?.slope : this.#rendered.slope;
    return (1 + (slope ?? 0)) / 1000;
  }

  /** Seconds of the context that leave the device at that time. */
  contextTimeAt(localMs: number): number {
    const heldMs = this.#heldMs;
    const offset =
      heldMs === undefined ? this.#claimedAt(localMs) : this.#rendered.offsetAt(localMs) - heldMs;
    return (localMs + offset) / 1000;
  }

  /**
   * Somebody listens how late the device is: what is believed of that now stays so. What a browser's timestamps say of it
   * wanders by some ms while the sound does not.
   */
  hold(): void {
    if (this.#heldMs !== undefined || !this.#rendered.isReady || !this.isReady) return;
    const ms = this.#rendered.offsetAt(this.#last) - this.#claimedAt(this.#last);
    this.#held = { ms, slips: this.#rendered.slips };
    this.#doubtedUntil = Number.NEGATIVE_INFINITY;
  }

  add(stamp: OutputStamp): void {
    this.#judge(stamp);
    const isUsable = !isImplausible(stamp) && this.#implausible * 2 <= this.#stamps;
    const at = isUsable ? stamp.atMs : stamp.seenAtMs;
    const seconds = isUsable ? stamp.contextTime : stamp.currentTime - stamp.latency;
    if (stamp.currentTime > 0) this.#rendered.add(stamp.seenAtMs, stamp.currentTime * 1000);
    if (at <= this.#last) return;
    this.#last = at;
    this.#take({ at, offset: seconds * 1000 - at });
  }

  get #stampNoiseMs(): number {
    return this.#errors.length === 0 ? MAX_ERROR_MS : median(this.#errors);
  }

  get #heldMs(): number | undefined {
    const isHeld = this.#held?.slips === this.#rendered.slips && this.#last > this.#doubtedUntil;
    return isHeld ? this.#held?.ms : undefined;
  }

  #forget(): void {
    this.#bins = [];
    this.#open = [];
    this.#line = undefined;
    this.#errors = [];
    this.#suspects = [];
  }

  #judge(stamp: OutputStamp): void {
    // Whoever turns out to tell the truth later is believed later.
    if (this.#stamps >= 16 * TRIAL_STAMPS) {
      this.#stamps /= 2;
      this.#implausible /= 2;
    }
    const before = this.#implausible * 2 > this.#stamps;
    this.#stamps += 1;
    if (isImplausible(stamp)) this.#implausible += 1;
    if (this.#implausible * 2 > this.#stamps !== before) this.#forget();
  }

  #take(point: Point): void {
    this.#noteError(point);
    const [first] = this.#open;
    if (first && point.at - first.at > BIN_MS) this.#closeBin();
    this.#open.push(point);
    if (this.#bins.length < READY_BINS) this.#line = fitLine([...this.#bins, middle(this.#open)]);
  }

  #closeBin(): void {
    this.#bins = [...this.#bins, middle(this.#open)].slice(-MAX_BINS);
    this.#open = [];
    this.#followSlip();
    this.#line = fitLine(this.#bins);
    if (Math.abs(this.#line.slope) > MOST_DRIFT) this.#bins = this.#bins.slice(-LATEST_BINS);
    while (this.#bins.length > LATEST_BINS && this.#isStrange(this.#bins)) this.#bins.shift();
    this.#line = fitLine(this.#bins);
  }

  /** Whether the oldest bin is further from the others than drift and noise explain: the device was still starting. */
  #isStrange([oldest, ...others]: readonly Point[]): boolean {
    const usual = middle(others);
    const noise = median(others.map(({ offset }) => Math.abs(offset - usual.offset)));
    const { at, offset } = oldest ?? usual;
    return Math.abs(offset - usual.offset) > MOST_DRIFT * (usual.at - at) + 4 * noise + LEAST_BEND_MS;
  }

  /** A device that slips does so at once: what was before says how fast it runs, and nothing else. */
  #noteError(point: Point): void {
    if (!this.isReady) return;
    const error = point.offset - this.#claimedAt(point.at);
    this.#suspects = [...this.#suspects, point].slice(-STEP_STAMPS);
    if (this.#hasSlipped()) {
      const slip = median(this.#suspects.slice(1).map(({ at, offset }) => offset - this.#claimedAt(at)));
      this.#bins = this.#bins.map(({ at }) => ({ at, offset: this.#claimedAt(at) + slip }));
      this.#open = [];
      this.#suspects = [];
      this.#line = fitLine(this.#bins);
      this.#doubtedUntil = point.at + DOUBT_MS;
    }
    // Never without the noise being noted, or a device that got noisier would never be believed again.
    this.#errors = [...this.#errors, Math.min(Math.abs(error), MAX_ERROR_MS)].slice(-NOISE_MEMORY);
  }

  #hasSlipped(): boolean {
    if (this.#suspects.length < STEP_STAMPS) return false;
    const noise = this.#errors.length > 20 ? Math.max(0.03, this.#stampNoiseMs) : 1;
    const errors = this.#suspects.map(({ at, offset }) => offset - this.#claimedAt(at));
    const least = Math.min(...errors.map(Math.abs));
    const isOneSided = errors.every((error) => error > 0) || errors.every((error) => error < 0);
    const spread = Math.max(...errors) - Math.min(...errors);
    return isOneSided && least > Math.max(STEP_MS, 8 * noise) && spread < 0.3 + 4 * noise;
  }

  /** Where the last second lies beside all that was before by more than chance, the device is there now. */
  #followSlip(): void {
    const before = this.#bins.slice(0, -SLIP_BINS);
    const latest = this.#bins.slice(-SLIP_BINS);
    if (before.length < 2 * SLIP_BINS) return;
    const line = fitLine(before);
    const beside = ({ at, offset }: Point): number => offset - offsetOn(line, at);
    const apart = latest.map(beside);
    const slip = median(apart);
    const noise = median(before.map((bin) => Math.abs(beside(bin))));
    const isOneSided = apart.every((each) => each * slip > 0);
    if (!isOneSided || Math.abs(slip) < Math.max(STEP_MS, 4 * noise)) return;
    this.#bins = [...before.map(({ at, offset }) => ({ at, offset: offset + slip })), ...latest];
  }

  /** As the stamps have it. */
  #claimedAt(localMs: number): number {
    return this.#line ? offsetOn(this.#line, localMs) : 0;
  }
}

function isImplausible({ atMs, contextTime, seenAtMs, currentTime }: OutputStamp): boolean {
  if (atMs <= 0 || contextTime <= 0) return true;
  const latency = currentTime - contextTime - (seenAtMs - atMs) / 1000;
  return latency < LEAST_LATENCY_SECONDS;
}

function middle(points: readonly Point[]): Point {
  const at = points[points.length >> 1]?.at ?? 0;
  return { at, offset: median(points.map(({ offset }) => offset)) };
}

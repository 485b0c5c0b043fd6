import { fitLine, type LinearFit, mean, median, offsetOn, type Point, type UsualSlope } from "./fit-line.ts";

/** Of so many ms the mean counts. */
const BIN_MS = 500;
/** Bins the line is made of: ninety seconds. */
const MAX_BINS = 180;
/** Bins after which the line can be relied on. */
const READY_BINS = 24;
/** So many bins, one after the other, that lie beside all before by so much mean that the device has slipped. */
const SLIP_BINS = 4;
const SLIP_MS = 1;
const ABOVE_NOISE = 5;
/** As long as few bins tell it. */
const FIRST_NOISE_MS = 0.5;
const LEAST_BINS = 6;
/** How well it is known after a slip how fast a device runs, where it was known before. */
const KNOWN_DEVIATION = 3e-5;

/**
 * How far an audio context has rendered, by its own time. A context renders in bursts, of 10 ms and more, but in the mean
 * exactly as its device does, where a browser's timestamps bend by milliseconds over tens of seconds. How far that is
 * ahead of what is heard it does not tell.
 */
export class RenderClock {
  #bins: Point[] = [];
  #open: Point[] = [];
  #line: LinearFit | undefined;
  #usual: UsualSlope | undefined;
  #noiseMs = FIRST_NOISE_MS;
  #slips = 0;

  /** Whether it has followed the device for long enough since that has slipped last. */
  get isReady(): boolean {
    return this.#bins.length >= READY_BINS;
  }

  /** How often the device has slipped: by how much cannot be told here. */
  get slips(): number {
    return this.#slips;
  }

  /** ms by which a bin is off, in the middle. */
  get noiseMs(): number {
    return this.#noiseMs;
  }

  /** ms of the context that pass in a ms of the local clock, less one. */
  get slope(): number {
    return this.#line?.slope ?? 0;
  }

  /** @param contextMs that is rendered by then */
  add(localMs: number, contextMs: number): void {
    const [first] = this.#open;
    if (first && localMs - first.at > BIN_MS) this.#closeBin();
    this.#open.push({ at: localMs, offset: contextMs - localMs });
  }

  /** By how much the context is ahead of the local clock at that time; ms. */
  offsetAt(localMs: number): number {
    return this.#line ? offsetOn(this.#line, localMs) : 0;
  }

  #closeBin(): void {
    const bin = {
      at: mean(this.#open.map(({ at }) => at)),
      offset: mean(this.#open.map(({ offset }) => offset)),
    };
    this.#bins = [...this.#bins, bin].slice(-MAX_BINS);
    this.#open = [];
    this.#judge();
    this.#line = fitLine(this.#bins, this.#usual);
  }

  /** Bins that lie beside all before are a slip if none of them does not, else an accident. */
  #judge(): void {
    const before = this.#bins.slice(0, -SLIP_BINS);
    const latest = this.#bins.slice(-SLIP_BINS);
    if (before.length < 2) return;
    const line = fitLine(before, this.#usual);
    const beside = (bin: Point): number => bin.offset - offsetOn(line, bin.at);
    if (before.length >= LEAST_BINS) this.#noiseMs = median(before.map((bin) => Math.abs(beside(bin))));
    const limit = Math.max(SLIP_MS, ABOVE_NOISE * this.#noiseMs);
    const [oldest = 0, ...others] = latest.map(beside);
    if (Math.abs(oldest) < limit) return;
    if (others.some((each) => each * Math.sign(oldest) < limit)) this.#bins = [...before, ...latest.slice(1)];
    else {
      if (before.length >= READY_BINS) this.#usual = { slope: line.slope, deviation: KNOWN_DEVIATION };
      this.#bins = latest;
      this.#noiseMs = FIRST_NOISE_MS;
      this.#slips += 1;
    }
  }
}

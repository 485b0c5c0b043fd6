import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";

/** ms of sound in a frame: small ones leave early, large ones cost fewer system calls. */
const SIZES_MS = [40, 100, 200, 500, 1000];
/** ms of sound that listeners gather before they begin, so that a frame may be that much late. */
const CUSHION_MS = 80;

/** How large the frames of one sentence are: as large as the sound that listeners have ahead lets them wait. */
export class FramePace {
  readonly #now: () => number;
  /** When the listeners will have heard what they were given, on `now`'s clock. */
  #heardAt: number;

  /**
   * @param aheadMs of sound the listeners still have when the sentence begins
   * @param now a clock in ms
   */
  constructor(aheadMs: number, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#heardAt = now() + aheadMs;
  }

  /** Samples of the next frame, at 24 kHz; whole packets. */
  size(): number {
    const lead = this.#heardAt - this.#now() + CUSHION_MS;
    const ms = SIZES_MS.findLast((size) => size <= lead) ?? (SIZES_MS[0] as number);
    return (ms * V2_SAMPLE_RATE) / 1000;
  }

  /** A frame of so many samples was made. */
  made(samples: number): void {
    this.#heardAt = Math.max(this.#heardAt, this.#now()) + (samples * 1000) / V2_SAMPLE_RATE;
  }
}

import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";

/** Where utterances sound. Times are whole samples at 24 kHz on the sink's own clock. */
export interface AudioSink {
  /** Whether anything can be heard here. */
  readonly isLoud: boolean;
  /** The earliest that something could still be placed at. */
  readonly now: number;
  /** What leaves the loudspeaker now. */
  readonly playhead: number;
  /** Where that moment of the server's clock stands; undefined on a sink that does not keep the table's time. */
  positionOf(at: number): number | undefined;
  /** An utterance's first sound came so many samples too late to be heard in step from its beginning. */
  tooLate?(samples: number): void;
  /** @param owner whose sound it is, to be faded together */
  place(samples: Float32Array<ArrayBuffer>, at: number, owner: object): void;
  /** All of that owner falls silent within 10 ms of `at`, and does not come back. */
  fade(owner: object, at: number): void;
  /** That owner's sound from `from` to `to` will be placed again elsewhere. */
  erase(owner: object, from: number, to: number): void;
}

/** For as long as there is no sound: utterances go by in real time, unheard. */
export class SilentSink implements AudioSink {
  readonly isLoud = false;
  readonly #now: () => number;

  /** @param now a clock in ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  get now(): number {
    return Math.round((this.#now() * V2_SAMPLE_RATE) / 1000);
  }

  get playhead(): number {
    return this.now;
  }

  positionOf(): undefined {}

  place(): void {}

  fade(): void {}

  erase(): void {}
}

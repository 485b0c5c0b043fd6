import type { RemoteClock } from "../../core/clock/remote-clock.ts";

/** What a loudspeaker asks the table's clock. */
export type TableClock = Pick<
  RemoteClock,
  "isTrusted" | "echoes" | "drift" | "remoteAt" | "uncertaintyMs" | "delayMs"
>;

/** Whose table it is that a player keeps step with. */
export interface StepSource {
  /** Whether step is to be kept. */
  readonly keepsStep?: boolean;
  /** Undefined before the table's clock is known. */
  readonly clock?: TableClock | undefined;
  /** Takes the ms that have to lie between the server's sending and hearing here; undefined while not known. */
  reportLatency?(ms: number | undefined): void;
}

/** A sound of this device's own, for moments of the table's clock. */
export interface TimedSound {
  /** Mono at 24 kHz, with some silence at its end: a resampler keeps the last samples back. */
  samples: Float32Array<ArrayBuffer>;
  /** ms on the server's clock. */
  momentsAt: readonly number[];
}

/** How well this device keeps step with the table. */
export interface StepState {
  /** ms by which it plays late (early where negative), as far as it can tell. */
  skewMs: number;
  /** ms by which that may be wrong: what its clocks cannot know. */
  uncertaintyMs: number;
  /** False: the device does not say truthfully when sound leaves it; only ears can tell. */
  isTrusted: boolean;
}

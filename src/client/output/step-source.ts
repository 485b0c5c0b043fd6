import type { RemoteClock } from "../../core/clock/remote-clock.ts";

/** Whose table it is that a player keeps step with. */
export interface StepSource {
  /** Whether step is to be kept. */
  readonly keepsStep?: boolean;
  /** Undefined before the table's clock is known. */
  readonly clock?: RemoteClock | undefined;
  /** ms that have to lie between the server's sending and the ear here. */
  latencyMs?: number | undefined;
}

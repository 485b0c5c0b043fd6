import { type ClockProbe, writeV2 } from "../../core/protocol/v2.ts";
import type { V2Connection } from "./connection.ts";

/**
 * Tells a client what its server's clock said when its probe came and when this leaves.
 * @param clock ms on the clock that v2 listeners follow
 */
export function answerProbe(
  connection: V2Connection,
  { t0, latencyMs }: ClockProbe,
  clock: { receivedAt: number; now: () => number },
): void {
  connection.v2.reportLatency(latencyMs);
  connection.post(writeV2({ type: "clock", t0, t1: clock.receivedAt, t2: clock.now() }));
  // Flushed at once: time in the outbox would be taken for network delay.
  connection.flush();
}

import type { StepState } from "../../client/index.ts";
import type { SeatView } from "./seat.ts";

/** How things stand, in words a player at a table understands. */
export function standing({ connection, sound, muted, volume }: SeatView): string {
  switch (connection) {
    case "connecting":
      return "Finding the table…";
    case "waiting":
      return "Connection lost. Trying again…";
    case "refused":
    case "closed":
      return "Not at the table";
    case "open":
      if (sound === "locked") return "At the table, without sound";
      if (sound !== "running") return "Sound is paused";
      return muted || volume === 0 ? "Muted" : "Listening";
  }
}

/** How well this device keeps step, in words that promise no more than it can know. */
export function stepWords({ skewMs, uncertaintyMs, isTrusted }: StepState): string {
  if (!isTrusted) return "Nearly in step";
  return `In step ±${Math.max(1, Math.ceil(Math.abs(skewMs) + uncertaintyMs))} ms`;
}

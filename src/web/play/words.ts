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

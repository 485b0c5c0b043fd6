import type { LogEntry, LogPart } from "./log-entry.ts";

/** The ends of lines that have none: whoever made them is gone. */
export function brokenOff(entries: readonly LogEntry[]): LogPart[] {
  const open = new Map<string, LogPart>();
  for (const { u, to, b, m } of entries.flatMap(({ parts }) => parts)) {
    if (b) open.set(u, { u, to, m: { is: "end", isBroken: true, frames: -1, samples: 0, clips: 0 } });
    if (m?.is === "end" || m?.is === "cancel") open.delete(u);
  }
  return [...open.values()];
}

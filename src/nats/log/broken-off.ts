import { textsOf } from "../../party/speaking/line/texts-of.ts";
import type { LogEntry, LogPart } from "./log-entry.ts";

/** What is missing of a line that is open. */
interface OpenLine {
  begun: LogPart;
  /** Of its text, what was stored; −1: all of it at once. */
  told: Set<number>;
}

/** What is still to be told of lines that have no end, as whoever made them is gone: texts that were not stored yet, and their ends. */
export async function brokenOff(entries: readonly LogEntry[]): Promise<LogPart[]> {
  const open = new Map<string, OpenLine>();
  for (const part of entries.flatMap(({ parts }) => parts)) {
    const { u, b, m } = part;
    if (b) open.set(u, { begun: part, told: new Set() });
    if (m?.is === "whole") open.get(u)?.told.add(-1);
    if (m?.is === "sentence") open.get(u)?.told.add(m.sentence);
    if (m?.is === "end" || m?.is === "cancel") open.delete(u);
  }
  const parts = await Promise.all([...open.values()].map(partsOf));
  return parts.flat();
}

async function partsOf({ begun: { u, to, b }, told }: OpenLine): Promise<LogPart[]> {
  const texts = b ? await textsOf(b) : [];
  const missing = texts.filter(
    (text) => (text.is === "whole" && !told.has(-1)) || (text.is === "sentence" && !told.has(text.sentence)),
  );
  const end = { is: "end" as const, isBroken: true, frames: -1, samples: 0, clips: 0 };
  return [...missing, end].map((m) => ({ u, to, m }));
}

import { z } from "zod";
import type { LineMessage } from "../../party/fan-out/line-parts.ts";
import { jsonIn } from "../log/log-entry.ts";
import type { BusLine } from "./bus-line.ts";
import { isFor, type PlacedPart } from "./party-lines.ts";

/** Characters of one answer; a server takes 1 MiB of one message by default. */
const ANSWER_CHARS = 384 * 1024;

/** What a node asks that has missed something. */
export interface Asked {
  v: 1;
  node: string;
  /** The last entry that was told there. */
  have: number;
  /** Players who are there, or are about to come. */
  players: string[];
  /** Those among them of whom the node knows nothing yet. */
  fresh: string[];
  /** Whether a game master is there, who is told what players tell. */
  console?: boolean | undefined;
}

const askSchema: z.ZodType<Asked> = z.object({
  v: z.literal(1),
  node: z.string(),
  have: z.number().int().nonnegative(),
  players: z.array(z.string()),
  fresh: z.array(z.string()),
  console: z.boolean().optional(),
});

/** Undefined for what another version asks, or nobody of ours. */
export function readAsked(bytes: Uint8Array): Asked | undefined {
  return askSchema.safeParse(jsonIn(bytes)).data;
}

/** What a node is told that asks. */
export interface Answer extends CaughtUp {
  v: 1;
  e: number;
  /** The session of the holder. */
  s: string;
}

/** What a node has missed. */
export interface CaughtUp {
  /** With the parts that are for somebody there; those of earlier entries are for the fresh ones. */
  entries: { i: number; parts: PlacedPart[] }[];
  /** What was told behind an entry, of lines that are not over. */
  passed: { i: number; k: number; u: string; m: LineMessage }[];
  /** Lines that are not over: how much sound of them there is, and how far it was heard. */
  lines: { u: string; frames: number; clips: number; heardMs?: number }[];
  /** More follows behind the last of these entries. */
  more: boolean;
}

/** What the holder knows of a party, and this node has missed, as far as it is for somebody there. */
export function catchUpFor(
  asked: Asked,
  known: {
    entries: readonly { i: number; parts: PlacedPart[] }[];
    passed: readonly { i: number; k: number; line: BusLine; m: LineMessage }[];
    lines: Iterable<BusLine>;
  },
): CaughtUp {
  const entries: CaughtUp["entries"] = [];
  let chars = 0;
  let more = false;
  for (const { i, parts } of known.entries) {
    const theirs =
      i > asked.have
        ? parts.filter(({ to, a }) => isFor(to, asked.players) || (a && asked.console))
        : parts.filter(({ to }) => to !== "all" && isFor(to, asked.fresh));
    if (i <= asked.have && theirs.length === 0) continue;
    more = chars > ANSWER_CHARS;
    if (more) break;
    entries.push({ i, parts: theirs });
    chars += JSON.stringify(theirs).length;
  }
  if (more) return { entries, passed: [], lines: [], more };
  const isTheirs = (line: BusLine): boolean => isFor(line.to, asked.players);
  const passed = known.passed
    .filter(({ line }) => isTheirs(line))
    .map(({ line, ...rest }) => ({ ...rest, u: line.id }));
  const open = [...known.lines].filter((line) => isTheirs(line) && line.made && line.isOpen);
  return { entries, passed, lines: open.map(soundOf), more };
}

function soundOf(line: BusLine): CaughtUp["lines"][number] {
  const { sound, subscriptions = [] } = line.active ?? {};
  const places = [...subscriptions.flatMap(({ placeMs }) => placeMs ?? []), line.heardMs ?? []].flat();
  const heardMs = places.length === 0 ? {} : { heardMs: Math.max(...places) };
  return { u: line.id, frames: sound?.frames.head ?? 0, clips: sound?.clips.head ?? 0, ...heardMs };
}

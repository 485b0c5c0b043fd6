import { z } from "zod";
import type { Answer } from "../../core/protocol/answers.ts";
import type { DeliveryReport } from "../../core/protocol/api.ts";
import type { Audience } from "../../core/protocol/speak-request.ts";
import type { LineMessage } from "../../party/fan-out/line-parts.ts";
import type { BegunLine } from "../../party/speaking/line/begun-line.ts";

/** Of the form of entries. A node passes over what is of a higher one. */
const VERSION = 1;

/** Something that happened to a line: it begins, or a message of it; or a player's answer. */
export interface LogPart {
  /** The line. */
  u: string;
  /** Whom it is for. */
  to: Audience;
  b?: BegunLine | undefined;
  m?: LineMessage | undefined;
  /** Of no line: what a player has told. */
  a?: Answer | undefined;
}

/** What is stored of a party at once. */
export interface LogEntry {
  v: typeof VERSION;
  /** Of the holder that stored it. */
  e: number;
  /** From 1, without a hole, whoever holds the party. */
  i: number;
  /** Where the holder is asked something: its session. */
  s: string;
  parts: readonly LogPart[];
}

/** Nodes of one house write these, which hold what came in through doors already: only the frame is looked at. */
const entrySchema = z.looseObject({
  v: z.literal(VERSION),
  e: z.number().int().nonnegative(),
  i: z.number().int().positive(),
  s: z.string(),
  parts: z.array(
    z.looseObject({
      u: z.string(),
      to: z.union([z.literal("all"), z.array(z.string())]),
      b: z.looseObject({ id: z.string(), handle: z.number(), order: z.number() }).optional(),
      m: z.looseObject({ is: z.string() }).optional(),
      a: z.looseObject({ id: z.string(), player: z.string() }).optional(),
    }),
  ),
});

export function entryOf(entry: Omit<LogEntry, "v">): LogEntry {
  return { v: VERSION, ...entry };
}

/** Undefined for what another version wrote, or nobody of ours. */
export function readEntry(value: unknown): LogEntry | undefined {
  const { data } = entrySchema.safeParse(value);
  return data as LogEntry | undefined;
}

/** JSON, or undefined where it is none. */
export function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Players whose part of a report is stored: a server takes 1 MiB of one message by default. */
const STORED_PLAYERS = 1_000;

/** What is stored of a report. */
export function storable(report: DeliveryReport): DeliveryReport {
  return { ...report, players: report.players.slice(0, STORED_PLAYERS) };
}

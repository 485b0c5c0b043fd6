import { z } from "zod";
import { ANSWER_KINDS, type Answer } from "../../core/protocol/answers.ts";
import type { DeliveryReport, RecentUtterance } from "../../core/protocol/api.ts";
import { COLOURS } from "../../core/protocol/colours.ts";
import type { Audience, SayAgain } from "../../core/protocol/speak-request.ts";
import type { headOf } from "../request/resolved-request.ts";

/** A line begins. */
export interface BeginRecord {
  is: "begin";
  id: string;
  /** Of the process that says it. */
  epoch: string;
  /** Of the message that tells it: numbers rise from process to process. */
  offset: number;
  /** ms since the epoch. */
  at: number;
  handle: number;
  head: Omit<ReturnType<typeof headOf>, "utterance" | "interrupt">;
  to: Audience;
  /** As it was given; left out where it was still being written. */
  text?: string | undefined;
  /** What says it again; of a text that was still being written, without the text. */
  again?: SayAgain | undefined;
  /** Players who were there. */
  listeners: number;
}

/** One sentence of it was told; without an offset to nobody by us. */
export interface TextRecord {
  is: "text";
  id: string;
  sentence: number;
  text: string;
  offset?: number | undefined;
}

/** It is over. */
export interface OverRecord {
  is: "over";
  id: string;
  state: RecentUtterance["state"];
  report: DeliveryReport;
  /** Of the last message to all who listened. */
  offset?: number | undefined;
  /** The text with its tags, where it was given bit by bit. */
  written?: string | undefined;
}

/** All of it was made, or handed over: what is known of it until it is over. The latest one counts. */
export interface MadeRecord {
  is: "made";
  id: string;
  /** ms since the epoch. */
  at: number;
  /** ms until all that was handed over will have been heard. */
  leftMs: number;
  /** Sentences that should have been heard and are not. */
  silent: number;
  report: DeliveryReport;
}

/** Whoever comes by that name is somebody else from here on. */
export interface ForgetRecord {
  is: "forget";
  player: string;
  offset: number;
}

/** A player told something. */
export interface AnswerRecord extends Answer {
  is: "answer";
}

/** A process begins. */
export interface LifeRecord {
  is: "life";
  epoch: string;
  /** All its numbers are higher. */
  offset: number;
}

/** Lines went to make room: none of them had a message of a higher number. */
export interface DroppedRecord {
  is: "dropped";
  offset: number;
}

export type JournalRecord =
  | BeginRecord
  | TextRecord
  | MadeRecord
  | OverRecord
  | ForgetRecord
  | AnswerRecord
  | LifeRecord
  | DroppedRecord;

const count = z.number().int().nonnegative();
/** ms since the epoch that are a date. */
const time = z.number().nonnegative().max(8.64e15);
const id = z.string().max(64);

const reportSchema = z.looseObject({
  utterance: id,
  delivered: z.boolean(),
  cancelled: z.boolean(),
  listeners: count,
  sentences: count,
  durationMs: z.number(),
  engines: z.array(z.string()),
  players: z.array(z.looseObject({ player: z.string(), complete: z.boolean(), heardMs: z.number() })),
  problems: z.array(z.looseObject({ code: z.string(), message: z.string() })),
});

const recordSchema = z.discriminatedUnion("is", [
  z.object({
    is: z.literal("begin"),
    id,
    at: time,
    epoch: id,
    offset: count,
    handle: count,
    head: z.object({
      speaker: z.string(),
      name: z.string().optional(),
      colour: z.enum(COLOURS).optional().catch(undefined),
      private: z.boolean(),
      priority: z.number(),
      language: z.string(),
      speed: z.number(),
      pitch: z.number(),
    }),
    to: z.union([z.literal("all"), z.array(z.string())]),
    text: z.string().optional(),
    again: z.record(z.string(), z.unknown()).optional(),
    listeners: count,
  }),
  z.object({ is: z.literal("text"), id, sentence: count, text: z.string(), offset: count.optional() }),
  z.object({
    is: z.literal("made"),
    id,
    at: time,
    leftMs: z.number().nonnegative(),
    silent: count,
    report: reportSchema,
  }),
  z.object({
    is: z.literal("over"),
    id,
    state: z.enum(["done", "cancelled", "failed", "broken-off"]),
    report: reportSchema,
    offset: count.optional(),
    written: z.string().optional(),
  }),
  z.object({ is: z.literal("forget"), player: z.string(), offset: count }),
  z.object({
    is: z.literal("answer"),
    id,
    player: z.string(),
    at: z.string(),
    kind: z.enum(ANSWER_KINDS),
    text: z.string().optional(),
    raised: z.boolean().optional(),
    private: z.boolean(),
  }),
  z.object({ is: z.literal("life"), epoch: id, offset: count }),
  z.object({ is: z.literal("dropped"), offset: count }),
]);

/** What a journal says, if it is one of ours; what other versions write besides is passed over. */
export function asJournalRecord(value: unknown): JournalRecord | undefined {
  const { data } = recordSchema.safeParse(value);
  return data as JournalRecord | undefined;
}

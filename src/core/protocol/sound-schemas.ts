import { z } from "zod";
import { MAX_NAME_CHARS, MAX_PLAYERS } from "./messages.ts";
import type { HitRequest, PlayBedRequest, SoundMeasure, SoundVolumes, StopBedsRequest } from "./sounds.ts";

const MAX_FADE_MS = 60_000;
const MAX_DUCK_DB = 60;
/** Of an id, and longer than any name. */
const MAX_SOUND_CHARS = 64;

const sound = (): z.ZodString => z.string().trim().min(1).max(MAX_SOUND_CHARS);
const one = (): z.ZodNumber => z.number().min(0).max(1);
const fade = (): z.ZodNumber => z.number().min(0).max(MAX_FADE_MS);
const player = (): z.ZodString => z.string().trim().min(1).max(MAX_NAME_CHARS);

export const playBedSchema: z.ZodType<PlayBedRequest> = z.lazy(() =>
  z.strictObject({
    sound: sound(),
    volume: one().optional(),
    fadeMs: fade().optional(),
    instead: z.boolean().optional(),
  }),
);

export const stopBedsSchema: z.ZodType<StopBedsRequest> = z.lazy(() =>
  z.strictObject({ sound: sound().optional(), fadeMs: fade().optional() }),
);

export const hitSchema: z.ZodType<HitRequest> = z.lazy(() =>
  z.strictObject({
    sound: sound(),
    to: z.union([z.literal("all"), z.array(player()).min(1).max(MAX_PLAYERS)]).default("all"),
    volume: one().optional(),
    inStep: z.boolean().optional(),
  }),
);

export const soundVolumesSchema: z.ZodType<SoundVolumes> = z.lazy(() =>
  z.strictObject({
    master: one().optional(),
    players: z.record(player(), one()).optional(),
    duckDb: z.number().min(0).max(MAX_DUCK_DB).optional(),
  }),
);

export const soundMeasureSchema: z.ZodType<SoundMeasure> = z.lazy(() =>
  z.strictObject({
    lufs: z.number().min(-100).max(20).nullable(),
    peak: z.number().min(0).max(100),
  }),
);

/** What a file that is uploaded is to be called. */
export const soundNameSchema: z.ZodType<{ name: string }> = z.lazy(() =>
  z.strictObject({ name: z.string().min(1).max(256) }),
);

/**
 * What is asked of voices over HTTP, checked at the door; as in `messages.ts`.
 * @module
 */
import { z } from "zod";
import { MAX_NAME_CHARS } from "./messages.ts";

const voiceName = (): z.ZodString =>
  z
    .string()
    .trim()
    .regex(/^(piper:)?\w[\w.+-]{0,100}$/, { error: "expected the name of a voice" });

/** Which voices are looked for. */
export interface VoiceQuery {
  engine?: string | undefined;
  /** BCP 47, with or without a region. */
  language?: string | undefined;
  gender?: "female" | "male" | undefined;
  find: string;
}

export const voiceQuerySchema: z.ZodType<VoiceQuery> = z.lazy(() =>
  z.strictObject({
    engine: z.string().trim().min(1).max(MAX_NAME_CHARS).optional(),
    language: z.string().trim().toLowerCase().min(1).max(64).optional(),
    gender: z.enum(["female", "male"]).optional(),
    find: z.string().max(200).default(""),
  }),
);

/** A voice to install: of the catalogue, or `piper:en_GB-alba-medium`. */
export const installSchema: z.ZodType<{ name: string }> = z.lazy(() => z.strictObject({ name: voiceName() }));

/** A voice to hear. */
export const sampleSchema: z.ZodType<{ voice: string }> = z.lazy(() =>
  z.strictObject({ voice: voiceName() }),
);

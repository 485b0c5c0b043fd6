import { z } from "zod";
import { InputError, parseInput } from "../../core/protocol/messages.ts";
import { SOUND_FORMATS, type SoundFormat } from "./sound/sound-writers.ts";

/** What a program asks for, in OpenAI's words. */
export interface SpeechRequest {
  input: string;
  /** An engine's name: it speaks, if it is here. Any other name means whatever engine the voice has. */
  model: string | undefined;
  /** Undefined: the narrator's. */
  voice: string | undefined;
  format: SoundFormat;
  /** 1 = as the voice speaks by itself. */
  speed: number;
  /** How it is to be said, for engines that take such words. */
  instructions: string | undefined;
  /** `sse`: as server-sent events. */
  streamFormat: "audio" | "sse";
}

/** What is asked of a voice. */
export type VoiceWish = Pick<SpeechRequest, "model" | "voice" | "speed" | "instructions">;

const MAX_NAME_CHARS = 200;
const name = z.string().trim().max(MAX_NAME_CHARS);
const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

/** Pages send what stands in a field of theirs: a number in words, or nothing. */
const speed = z
  .union([z.number(), z.string().trim()], { error: "expected a number" })
  .transform((value) => (value === "" ? undefined : Number(value)))
  .pipe(z.number({ error: "expected a number" }).min(0.25).max(4).optional());

/** Programs send fields of other servers, too: those are passed over. */
const schema = z.object({
  input: z.string(),
  model: optional(name),
  voice: optional(z.union([name, z.object({ id: name }).transform(({ id }) => id)])),
  response_format: optional(
    z
      .string()
      .trim()
      .toLowerCase()
      .pipe(z.enum(SOUND_FORMATS, { error: `expected one of ${SOUND_FORMATS.join(", ")}` })),
  ),
  speed: optional(speed),
  instructions: optional(z.string().max(4096)),
  stream_format: optional(z.enum(["audio", "sse"])),
});

/** What is taken of a body, for whoever describes it. */
export const speechSchema: z.ZodType = schema;

/** @param defaultFormat where none is asked for @throws InputError `bad-request`, naming the fields */
export function parseSpeechRequest(body: unknown, defaultFormat: SoundFormat): SpeechRequest {
  const { response_format: format, stream_format, voice, ...rest } = parseInput(schema, body);
  if (rest.input.trim() === "") throw new InputError([{ path: "input", message: "there is no text" }]);
  return {
    ...rest,
    voice: voice === "" ? undefined : voice,
    format: format ?? defaultFormat,
    speed: rest.speed ?? 1,
    streamFormat: stream_format ?? "audio",
  };
}

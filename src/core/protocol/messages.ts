/**
 * What comes in from outside, checked at the door: HTTP bodies and socket messages. A schema and its type
 * stand together; inside, the types are trusted. Every schema is lazy: who only imports Bardcast waits for none.
 * @module
 */
import { z } from "zod";
import { cleaned } from "../clean-text.ts";
import { BardcastError, messageOf } from "../errors.ts";
import { once } from "../once.ts";
import { OMITTABLE } from "../text/omit.ts";
import { answerFields, answerText, isPrivate, NO_ANSWER, saysWhat } from "./answer-schemas.ts";
import { LISTENER_STATES } from "./presence.ts";
import type { Audience, SpeakRequest } from "./speak-request.ts";
import { REVEALS, SOUNDS, type Sounds, type TableSettings } from "./table-settings.ts";
import { TUNING_TYPES, tuningMessageSchema } from "./tuning-schemas.ts";
import { CODECS, type V2ClientMessage } from "./v2.ts";

/** Bytes of one message from a client: theirs are tiny. Where a runtime has no limit, so many characters. */
export const MAX_MESSAGE_BYTES: number = 64 * 1024;
/** Players at one table. */
export const MAX_PLAYERS = 1000;
/** Characters of a player's id and of other names. */
export const MAX_NAME_CHARS = 64;

const name = (): z.ZodString => z.string().trim().min(1).max(MAX_NAME_CHARS);

/** Doubles count once. */
const players = (): z.ZodType<string[]> =>
  z
    .array(name())
    .max(MAX_PLAYERS)
    .transform((ids) => [...new Set(ids)]);

/** Players named one by one, or everybody; doubles count once. */
const audience = (): z.ZodType<Audience> =>
  z
    .union([z.literal("all"), z.array(name()).min(1).max(MAX_PLAYERS)], {
      error: 'expected "all" or a list of players',
    })
    .transform((to) => (to === "all" ? to : [...new Set(to)]));

/** Levels of lists and objects in what is only looked at later; what is deeper cannot be kept. */
const MAX_LEVELS = 16;

function isShallow(value: unknown, levels: number = MAX_LEVELS): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => isShallow(each, levels - 1));
}

const anything = (): z.ZodUnknown =>
  z
    .unknown()
    .refine((value) => isShallow(value), { error: `more than ${MAX_LEVELS} levels of lists and objects` });

const speakFields = once(() => ({
  to: audience().default("all"),
  speaker: name().optional(),
  npc: z.strictObject({ name: name(), race: name().optional(), gender: name().optional() }).optional(),
  context: name().optional(),
  priority: z.number().int().min(-100).max(100).optional(),
  voice: anything().optional(),
  reveal: z.enum(REVEALS).optional(),
  speech: z.boolean().optional(),
  interrupt: z.union([z.boolean(), z.literal("drop")]).optional(),
  omit: z.array(z.enum(OMITTABLE)).optional(),
  stageDirections: z.enum(["shown", "said"]).optional(),
  cast: z.literal("from text").optional(),
}));

export const speakRequestSchema: z.ZodType<SpeakRequest> = z.lazy(() =>
  z.strictObject({ text: z.string(), ...speakFields() }),
);

/** The same without a text, for a body that is the text. */
export const speakParametersSchema: z.ZodType<Omit<SpeakRequest, "text">> = z.lazy(() =>
  z.strictObject(speakFields()),
);

/** Before which line one that waits is begun; `null`: after all others. */
export const moveSchema: z.ZodType<{ before: string | null }> = z.strictObject({
  before: z.string().min(1).max(64).nullable(),
});

/** What the DM's console was about to say, as it writes it itself. */
export const draftSchema: z.ZodType<Record<string, unknown>> = z.lazy(() => z.record(z.string(), anything()));

export const newPlayerSchema: z.ZodType<{ id: string }> = z.lazy(() =>
  z.strictObject({ id: z.string().trim() }),
);

/** Which part of what was said: so many, before one of them. */
export const logQuerySchema: z.ZodType<{ before?: string | undefined; limit: number }> = z.lazy(() =>
  z.strictObject({
    before: z.string().min(1).max(64).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
);

/** Of the table's settings, those that are to be others. */
export const tableSettingsSchema: z.ZodType<{
  [Name in keyof TableSettings]?: TableSettings[Name] | undefined;
}> = z.lazy(() =>
  z.strictObject({
    reveal: z.enum(REVEALS).optional(),
    sounds: z.enum(SOUNDS).optional(),
    loudspeakers: players().optional(),
  }),
);

/** What lines call a character. */
export const characterIdSchema: z.ZodType<string> = z.lazy(name);

/** The words are looked at by whoever keeps them. */
export const lexiconSchema: z.ZodType<{ lexicon: unknown }> = z.lazy(() =>
  z.strictObject({
    lexicon: z.record(z.string(), z.unknown(), { error: "expected a map of words and how they are said" }),
  }),
);

/** Somebody without a seat. `expiresInS`: seconds for which the token is good, at most ten years. */
export const guestSchema: z.ZodType<{
  role: "observer" | "service";
  name: string;
  expiresInS?: number | undefined;
}> = z.lazy(() =>
  z.strictObject({
    role: z.enum(["observer", "service"]),
    name: z.string().trim(),
    expiresInS: z.number().int().min(1).max(315_360_000).optional(),
  }),
);

/** What a dm20 client says. Any of it is a sign of life. */
export type Dm20ClientMessage =
  | { type: "pong" }
  | { type: "heartbeat" }
  /** Which lines the player wants to hear, with all devices; the others are sent as text alone. */
  | { type: "settings"; sounds: Sounds }
  /** What the player tells the game master. */
  | { type: "action"; text: string; private: boolean }
  /** Texts told after that time, ISO 8601, are wanted: as far as they are kept, and were not told on this socket. */
  | { type: "history_request"; since?: string | null | undefined };

export const dm20ClientMessageSchema: z.ZodType<Dm20ClientMessage> = z.lazy(() =>
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("pong") }),
    z.object({ type: z.literal("heartbeat") }),
    z.object({ type: z.literal("settings"), sounds: z.enum(SOUNDS) }),
    z.object({ type: z.literal("action"), text: answerText(), private: isPrivate() }),
    z.object({ type: z.literal("history_request"), since: z.string().max(64).nullish() }),
  ]),
);

const count = (): z.ZodNumber => z.number().int().nonnegative();
const id = (): z.ZodString => z.string().min(1).max(64);
const amountMs = (): z.ZodNumber => z.number().finite().nonnegative();

const hello = once(() =>
  z.object({
    type: z.literal("hello"),
    codecs: z
      .array(z.string())
      .transform((codecs) =>
        CODECS.filter((codec) => codecs.includes(codec)).sort(
          (a, b) => codecs.indexOf(a) - codecs.indexOf(b),
        ),
      )
      .pipe(z.array(z.enum(CODECS)).min(1, 'expected at least one of "opus", "pcm16"')),
    sync: z.boolean().optional(),
    captions: z.boolean().optional(),
    sounds: z.enum(SOUNDS).optional(),
    resume: z
      .object({
        epoch: id(),
        offset: count(),
        utterances: z
          .array(z.tuple([count().max(0xffff), z.number().int().min(-1).max(0xffff_ffff)]))
          .max(256),
        anew: z.boolean().optional(),
      })
      .optional(),
  }),
);

/** What a v2 client says but of a tuning; unknown types are not among it. */
export const v2ClientMessageSchema: z.ZodType<V2ClientMessage> = z.lazy(() =>
  z.discriminatedUnion("type", [
    hello(),
    z.object({ type: z.literal("clock"), t0: z.number().finite(), latencyMs: amountMs().optional() }),
    z.object({ type: z.literal("pong") }),
    z.object({
      type: z.literal("heard"),
      utterance: id(),
      heardMs: amountMs(),
      state: z.enum(LISTENER_STATES),
      underruns: count(),
      skewMs: z.number().finite().optional(),
      untrusted: z.literal(true).optional(),
      leftMs: amountMs().optional(),
      ended: z.boolean().optional(),
    }),
    z.object({
      type: z.literal("settings"),
      muted: z.boolean().optional(),
      codec: z.enum(CODECS).optional(),
      captions: z.boolean().optional(),
      sync: z.boolean().optional(),
      sounds: z.enum(SOUNDS).optional(),
    }),
    z.object({ type: z.literal("speak"), text: z.string(), ...speakFields() }),
    z.object({ type: z.literal("cancel"), utterance: id() }),
    z.object({ type: z.literal("answer"), ...answerFields() }).refine(saysWhat, NO_ANSWER),
  ]),
);

const typedSchema: z.ZodType<{ type: string }> = z.lazy(() => z.object({ type: z.string() }));
const V2_CLIENT_TYPES = new Set(["hello", "clock", "pong", "heard", "settings", "speak", "cancel", "answer"]);

/** A v2 client's message; undefined where its type is not known here. @throws InputError `bad-request` */
export function parseV2ClientMessage(input: unknown): V2ClientMessage | undefined {
  const { type } = parseInput(typedSchema, input);
  if (TUNING_TYPES.has(type)) return parseInput(tuningMessageSchema, input);
  return V2_CLIENT_TYPES.has(type) ? parseInput(v2ClientMessageSchema, input) : undefined;
}

/** Where in the input, and what is wrong there. */
export interface Issue {
  path: string;
  message: string;
}

/** Bad input, with every place that is wrong. */
export class InputError extends BardcastError {
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    const [first] = issues;
    super("bad-request", first?.path ? `${first.path}: ${first.message}` : (first?.message ?? "bad input"));
    this.issues = issues;
  }
}

/** The input as the schema has it, its text clean. @throws InputError `bad-request` */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = safely(() => schema.safeParse(cleaned(input)));
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
  );
}

/** An object that throws while it is checked is reported with that error. */
function safely<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw new InputError([{ path: "", message: `it cannot be read: ${messageOf(error)}` }]);
  }
}

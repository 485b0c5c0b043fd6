/**
 * What comes in from outside, checked at the door: HTTP bodies and socket messages. A schema and its type
 * stand together; inside, the types are trusted.
 * @module
 */
import { z } from "zod";
import { BardcastError } from "./errors.ts";

/** Body of `POST /api/speak`, and with `text` left out its query parameters. */
export interface SpeakRequest {
  text: string;
  to: "all" | string[];
  speaker?: string | undefined;
  npc?: { name: string; race?: string | undefined; gender?: string | undefined } | undefined;
  context?: string | undefined;
  priority?: number | undefined;
  /** Checked where voices are known. */
  voice?: unknown;
}

const name = z.string().trim().min(1).max(64);

/** Players named one by one, or everybody; doubles count once. */
const audienceSchema = z
  .union([z.literal("all"), z.array(name).min(1).max(1000)], { error: 'expected "all" or a list of players' })
  .transform((to) => (to === "all" ? to : [...new Set(to)]));

const fields = {
  to: audienceSchema.default("all"),
  speaker: name.optional(),
  npc: z.strictObject({ name, race: name.optional(), gender: name.optional() }).optional(),
  context: name.optional(),
  priority: z.number().int().min(-100).max(100).optional(),
  voice: z.unknown().optional(),
};

export const speakRequestSchema: z.ZodType<SpeakRequest> = z.strictObject({ text: z.string(), ...fields });

/** The same without a text, for a body that is the text. */
export const speakParametersSchema: z.ZodType<Omit<SpeakRequest, "text">> = z.strictObject(fields);

export const newPlayerSchema: z.ZodType<{ id: string }> = z.strictObject({ id: z.string().trim() });

/** What a dm20 client says. Any of it is a sign of life. */
export type Dm20ClientMessage = { type: "pong" } | { type: "heartbeat" };

export const dm20ClientMessageSchema: z.ZodType<Dm20ClientMessage> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("pong") }),
  z.object({ type: z.literal("heartbeat") }),
]);

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

/** The input as the schema has it. @throws InputError `bad-request` */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
  );
}

import { z } from "zod";
import type { ClipFormat } from "../core/dsp/audio.ts";
import { EFFECTS } from "../core/dsp/effects/names.ts";
import { editDistance } from "../core/edit-distance.ts";
import { once } from "../core/once.ts";
import { parseInput } from "../core/protocol/messages.ts";
import { rateOf, semitonesOf } from "../core/text/prosody-text.ts";
import { hertzIn, semitonesOfHertz } from "./edge-pitch.ts";

/** How a speaker sounds. */
export interface VoiceConfig {
  /** The engine's own name for the voice, e.g. `en-us+f3`. */
  voiceId: string;
  /** BCP 47, lower-cased, e.g. `en-us`. */
  language: string;
  /** 1 = normal, 2 = twice as fast; 0.25…4. */
  speed: number;
  /** Semitones, 0 = normal; −24…24. */
  pitch: number;
  /** Container of dm20 clips. */
  outputFormat: ClipFormat;
  /** What only some engines or later stages understand: `engine`, `voice_design`, `effects`, … */
  extra: Readonly<Record<string, unknown>>;
}

/** Least and most of what is a number. */
export const VOICE_LIMITS: Readonly<Record<"speed" | "pitch", readonly [least: number, most: number]>> = {
  speed: [0.25, 4],
  pitch: [-24, 24],
};

/** The number that a text stands for; whatever stands for none as it is. */
function numeric(value: unknown, read: (text: string) => number | undefined): unknown {
  if (typeof value !== "string" || value.trim() === "") return value;
  const number = Number(value.trim().replace(/^([+-]?\d+),(\d+)$/, "$1.$2"));
  return Number.isNaN(number) ? (read(value) ?? value) : number;
}

/** A speed or a pitch as it is written, if it is one: `90%`, `slow`, `-3st`; it may be out of its limits. */
export function numberOf(field: "speed" | "pitch", value: unknown): unknown {
  return numeric(value, field === "speed" ? rateOf : semitonesOf);
}

function limited(field: "speed" | "pitch"): z.ZodType<number | undefined> {
  const [least, most] = VOICE_LIMITS[field];
  const error = `expected a number from ${least} to ${most}`;
  // Of zero there is one.
  const number = z
    .number({ error })
    .min(least)
    .max(most)
    .transform((value) => value + 0);
  return z.preprocess((value) => numberOf(field, value), number.optional());
}

const lowerCase = (value: unknown): unknown =>
  typeof value === "string" ? value.trim().toLowerCase() : value;

/** `cave, giant` */
const namesIn = (list: string): string[] => list.split(",").map((name) => name.trim().toLowerCase());

/** One by name, or a list; doubles count once. */
function effects(): z.ZodType<(typeof EFFECTS)[number][] | undefined> {
  const error = `expected effects among ${EFFECTS.join(", ")}`;
  return z
    .preprocess(
      (value) => [value ?? []].flat().flatMap((each) => (typeof each === "string" ? namesIn(each) : [each])),
      z.array(z.enum(EFFECTS, { error }), { error }).optional(),
    )
    .transform((names) => names && [...new Set(names)]);
}

const FIELD_NAMES = [
  "voiceId",
  "language",
  "speed",
  "pitch",
  "outputFormat",
  "effects",
  "replace",
  "extra",
] as const;

const voiceFields = once(
  () =>
    ({
      voiceId: z.preprocess(
        (value) => (typeof value === "number" ? String(value) : value),
        z.string().trim().min(1).max(200).optional(),
      ),
      language: z
        .string()
        .trim()
        .toLowerCase()
        .min(1)
        .max(64)
        .transform((tag) => tag.replaceAll("_", "-"))
        .optional(),
      speed: limited("speed"),
      pitch: limited("pitch"),
      outputFormat: z.preprocess(lowerCase, z.enum(["wav", "opus", "mp3"]).catch("wav").optional()),
      effects: effects().optional(),
      replace: z.boolean().optional(),
      extra: z.undefined({ error: "expected a map of the other keys" }).optional(),
    }) satisfies Record<(typeof FIELD_NAMES)[number], z.ZodType>,
);

const voiceSchema = z.lazy(() => z.looseObject(voiceFields()));

/** Fields as files and programs write them, but for upper and lower case, spaces, hyphens and underscores. */
const FIELDS: ReadonlyMap<string, string> = new Map(
  [...FIELD_NAMES, "engine"].map((field) => [field.toLowerCase(), field] as const),
)
  .set("voice", "voiceId")
  .set("effect", "effects");

/** Shorter ones are words of their own. */
const MIN_TYPO_CHARS = 4;

const WHOLE = ["voiceId", "language", "speed", "pitch", "outputFormat", "extra"];

/**
 * A voice as somebody wrote it, laid over `base`: what is named is replaced, the rest stays. With `replace: true`, and
 * where it is a whole `VoiceConfig`, nothing of `base` stays but the language where it names none. Understands
 * snake_case and camelCase, `voice` for `voice_id`, a bare text as the voice's id, numbers as text, percents and the
 * words of SSML; an unknown output format means `wav`, `effects` is a name or more, or a list, and it goes to `extra` as every
 * other key.
 * @throws InputError `bad-request`, naming the field
 */
export function overlayVoice(base: VoiceConfig, raw: unknown): VoiceConfig {
  const given = typeof raw === "string" ? { voiceId: raw } : raw;
  const written = isRecord(given) ? spelled(given) : given;
  const isWhole = isRecord(written) && WHOLE.every((field) => written[field] !== undefined);
  const {
    voiceId,
    language,
    speed,
    pitch,
    outputFormat,
    replace,
    extra: _,
    ...extra
  } = parseInput(voiceSchema, isRecord(written) ? inSemitones(spelled(flat(written))) : written);
  const under = (replace ?? isWhole) ? plainVoice(base.language) : base;
  return {
    // Another language without another voice means that language's own voice.
    voiceId: voiceId ?? (language === undefined ? under.voiceId : language),
    language: language ?? under.language,
    speed: speed ?? under.speed,
    pitch: pitch ?? under.pitch,
    outputFormat: outputFormat ?? under.outputFormat,
    extra: { ...under.extra, ...named(extra) },
  };
}

/** A field by itself: its value, or what is wrong with it. */
export function checkedField(field: string, raw: unknown): { value: unknown } | { problem: string } {
  const schemas: Readonly<Record<string, z.ZodType>> = voiceFields();
  const schema = Object.hasOwn(schemas, field) ? schemas[field] : undefined;
  const result = schema?.safeParse(raw);
  if (!result) return { value: raw };
  return result.success
    ? { value: result.data }
    : { problem: result.error.issues[0]?.message ?? "bad input" };
}

/** A voice from nothing but what is written. @throws InputError `bad-request`, naming the field */
export function parseVoice(raw: unknown, options: { defaultLanguage: string }): VoiceConfig {
  return overlayVoice(plainVoice(options.defaultLanguage), raw);
}

/** The voice an engine has for a language, unchanged. */
export function plainVoice(language: string): VoiceConfig {
  return { voiceId: language, language, speed: 1, pitch: 0, outputFormat: "wav", extra: {} };
}

/** Whether somebody else's registry answered with a voice. */
export function isVoiceConfig(value: unknown): value is VoiceConfig {
  if (!isRecord(value)) return false;
  const { voiceId, language, speed, pitch, outputFormat, extra } = value;
  const isText = [voiceId, language, outputFormat].every((each) => typeof each === "string");
  return isText && isWithin("speed", speed) && isWithin("pitch", pitch) && isRecord(extra);
}

function isWithin(field: "speed" | "pitch", value: unknown): boolean {
  const [least, most] = VOICE_LIMITS[field];
  return typeof value === "number" && value >= least && value <= most;
}

/** A `VoiceConfig` has in `extra` what files have beside the other keys. */
function flat({ extra, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return isRecord(extra) ? { ...extra, ...rest } : { ...rest, ...(extra === undefined ? {} : { extra }) };
}

/** Without what is undefined. */
function named(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function spelled(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [fieldNamed(key), value]));
}

function inSemitones(record: Record<string, unknown>): Record<string, unknown> {
  const hz = hertzIn(record.pitch);
  return hz === undefined ? record : { ...record, pitch: semitonesOfHertz(hz, String(record.voiceId ?? "")) };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** One letter is wrong, or two have changed places. */
function isTypo(name: string, field: string): boolean {
  const letters = (word: string): string => [...word].sort().join("");
  const most = letters(name) === letters(field) ? 2 : 1;
  return editDistance(name, field) <= most;
}

/** The field that somebody may have meant by a key which is none: `ptich`. */
export function meantField(key: string): string | undefined {
  const name = key.toLowerCase().replace(/[\s_-]+/gu, "");
  if (FIELDS.has(name) || name.length < MIN_TYPO_CHARS) return undefined;
  const near = [...FIELDS.keys()].find((field) => isTypo(name, field));
  return near && FIELDS.get(near);
}

/** The field that a key means; any other key as it is. */
export function fieldNamed(key: string): string {
  return FIELDS.get(key.toLowerCase().replace(/[\s_-]+/gu, "")) ?? key;
}

import { z } from "zod";
import type { ClipFormat } from "../core/audio.ts";
import { EFFECTS } from "../core/effects.ts";
import { parseInput } from "../core/messages.ts";

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

const SPEEDS: Range = [0.25, 4];
const PITCHES: Range = [-24, 24];
type Range = readonly [least: number, most: number];

/** A number, also as text; `+10%` is a factor of 1.1, as Edge-TTS writes speeds. */
function numeric(value: unknown): unknown {
  if (typeof value !== "string" || value.trim() === "") return value;
  const percent = /^([+-]?\d+(?:\.\d+)?)%$/.exec(value.trim());
  return percent ? 1 + Number(percent[1]) / 100 : Number(value);
}

const number = (least: number, most: number): z.ZodType<number | undefined> =>
  z.preprocess(
    numeric,
    z
      .number({ error: `expected a number from ${least} to ${most}` })
      .min(least)
      .max(most)
      .optional(),
  );

const id = z.string().trim().min(1).max(200).optional();

const error = `expected effects among ${EFFECTS.join(", ")}`;
/** One by name, or a list; doubles count once. */
const effects = z
  .preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(z.enum(EFFECTS, { error }), { error }).optional(),
  )
  .transform((names) => names && [...new Set(names)]);

const voiceSchema = z.looseObject({
  voiceId: id,
  language: z.string().trim().toLowerCase().min(1).max(64).optional(),
  speed: number(...SPEEDS),
  pitch: number(...PITCHES),
  outputFormat: z.enum(["wav", "opus", "mp3"]).catch("wav").optional(),
  effects,
});

/** Spellings of the fields, as files and as programs write them. */
const SPELLINGS: Readonly<Record<string, string>> = {
  voice: "voiceId",
  voice_id: "voiceId",
  output_format: "outputFormat",
};

/**
 * A voice as somebody wrote it, laid over `base`: what is named is replaced, the rest stays. Understands
 * snake_case and camelCase, `voice` for `voice_id`, a bare text as the voice's id, and numbers as text; an
 * unknown output format means `wav`, `effects` is a name or a list, and it goes to `extra` as every other key; so a
 * `VoiceConfig` is understood as well.
 * @throws InputError `bad-request`, naming the field
 */
export function overlayVoice(base: VoiceConfig, raw: unknown): VoiceConfig {
  const given = typeof raw === "string" ? { voiceId: raw } : raw;
  const spelled = isRecord(given)
    ? Object.fromEntries(Object.entries(flat(given)).map(([key, value]) => [spell(key), value]))
    : given;
  const { voiceId, language, speed, pitch, outputFormat, ...extra } = parseInput(voiceSchema, spelled);
  return {
    // Another language without another voice means that language's own voice.
    voiceId: voiceId ?? (language === undefined ? base.voiceId : language),
    language: language ?? base.language,
    speed: speed ?? base.speed,
    pitch: pitch ?? base.pitch,
    outputFormat: outputFormat ?? base.outputFormat,
    extra: { ...base.extra, ...extra },
  };
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
  return isText && isWithin(speed, SPEEDS) && isWithin(pitch, PITCHES) && isRecord(extra);
}

function isWithin(value: unknown, [least, most]: Range): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

/** A `VoiceConfig` has in `extra` what files have beside the other keys. */
function flat({ extra, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return isRecord(extra) ? { ...extra, ...rest } : { ...rest, ...(extra === undefined ? {} : { extra }) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function spell(key: string): string {
  return Object.hasOwn(SPELLINGS, key) ? (SPELLINGS[key] ?? key) : key;
}

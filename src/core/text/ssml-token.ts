import { MAX_PAUSE_MS, type MarkupToken, pauseOf } from "./markup-token.ts";
import { rateOf, semitonesOf } from "./prosody-text.ts";
import type { SpeakingStyle } from "./speaking-style.ts";

const TAG = /^<(\/?)([a-z-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>$/u;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu;

/** The five that XML itself knows. */
const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
  "&quot;": '"',
  "&apos;": "'",
};

/** ms */
const BREAKS: Readonly<Record<string, number>> = {
  none: 0,
  "x-weak": 100,
  weak: 250,
  medium: 500,
  strong: 1000,
  "x-strong": 1500,
};
/** dB */
const VOLUMES: Readonly<Record<string, number>> = { silent: -60, "x-soft": -12, soft: -6 };
/** As a voice does it that has nothing but speed, pitch and loudness. */
const EMPHASES: Readonly<Record<string, SpeakingStyle>> = {
  strong: { rate: 0.85, pitch: 2 },
  moderate: { rate: 0.92, pitch: 1 },
  reduced: { rate: 1.08, pitch: -1, gainDb: -3 },
};
const SPELLED = new Set(["characters", "spell-out", "verbatim", "digits", "telephone"]);

type Attributes = ReadonlyMap<string, string>;

/** The styles of elements with something in them. */
const ELEMENTS: Readonly<Record<string, (attributes: Attributes) => SpeakingStyle>> = {
  speak: () => ({}),
  prosody,
  emphasis: (attributes) => named(EMPHASES, attributes.get("level") ?? "moderate") ?? {},
  "say-as": (attributes) => (SPELLED.has(attributes.get("interpret-as") ?? "") ? { spelled: true } : {}),
};

/**
 * What a tag or an entity of SSML means (W3C Speech Synthesis Markup Language 1.1): of `speak`, `break`,
 * `prosody`, `emphasis` and `say-as`, and the five entities of XML. A value that makes no sense changes nothing.
 * @returns undefined where it is none of these
 */
export function ssmlToken(tag: string): MarkupToken | undefined {
  const entity = named(ENTITIES, tag);
  if (entity !== undefined) return { type: "text", text: entity };
  const [, slash, name = "", written = "", empty] = TAG.exec(tag) ?? [];
  const attributes = attributesOf(written);
  if (name === "break")
    return slash ? { type: "text", text: "" } : { type: "pause", ms: breakOf(attributes) };
  const element = named(ELEMENTS, name);
  if (!element || (slash && (written || empty))) return undefined;
  if (slash) return { type: "close", name };
  return empty ? { type: "text", text: "" } : { type: "open", name, style: element(attributes) };
}

function attributesOf(written: string): Attributes {
  const all = written.matchAll(ATTRIBUTE);
  return new Map([...all].map(([, key = "", double, single]) => [key, (double ?? single ?? "").trim()]));
}

function breakOf(attributes: Attributes): number {
  const strength = named(BREAKS, attributes.get("strength") ?? "medium") ?? 0;
  return Math.min(pauseOf(attributes.get("time") ?? "") ?? strength, MAX_PAUSE_MS);
}

function prosody(attributes: Attributes): SpeakingStyle {
  const rate = rateOf(attributes.get("rate") ?? "");
  // A pitch in Hz depends on the voice's fundamental frequency, which is not known here.
  const pitch = semitonesOf(attributes.get("pitch") ?? "");
  const gainDb = gainOf(attributes.get("volume") ?? "");
  return {
    ...(rate === undefined ? {} : { rate: within(rate, 0.25, 4) }),
    ...(pitch === undefined ? {} : { pitch: within(pitch, -24, 24) }),
    // Louder has no effect: every voice is as loud as it can be.
    ...(gainDb !== undefined && gainDb < 0 ? { gainDb: Math.max(-60, gainDb) } : {}),
  };
}

/** `soft`, `-6dB`. */
function gainOf(text: string): number | undefined {
  const [, number] = /^([+-]\d{1,3}(?:\.\d{1,4})?)dB$/i.exec(text) ?? [];
  return number === undefined ? named(VOLUMES, text) : Number(number);
}

function named<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

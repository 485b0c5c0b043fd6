/** A voice that an engine has, as people choose one; plain data. */
export interface EngineVoice {
  /** What `voiceId` calls it. */
  id: string;
  /** BCP 47, lower-cased, its own first; `*`: whatever it is given. */
  languages: readonly string[];
  gender?: "female" | "male";
  /** What makes other people of it, where anything does. */
  variants?: readonly VoiceVariant[];
}

/** The same voice as somebody else. */
export interface VoiceVariant {
  /** What `voiceId` ends in then: `+f3`. */
  suffix: string;
  gender?: "female" | "male";
}

/** Voices that are listed of one engine, and variants of one voice. */
const MAX_VOICES = 5_000;
const MAX_VARIANTS = 200;
/** Characters of an id. */
const MAX_CHARS = 200;

/** What an engine says of its voices, as far as it can be used; none where it does not list them. Never throws. */
export function voicesOf(engine: { listVoices?(): unknown }): EngineVoice[] {
  try {
    const told = engine.listVoices?.();
    if (!Array.isArray(told)) return [];
    // Voices of one engine share their variants.
    const known = new Map<unknown, VoiceVariant[]>();
    return told.slice(0, MAX_VOICES).flatMap((voice) => readVoice(voice, known));
  } catch {
    return [];
  }
}

function readVoice(value: unknown, known: Map<unknown, VoiceVariant[]>): EngineVoice[] {
  const { id, languages, gender, variants } = Object(value) as Record<keyof EngineVoice, unknown>;
  if (!isName(id) || !Array.isArray(languages)) return [];
  const read = known.get(variants) ?? readVariants(variants);
  known.set(variants, read);
  const tags = languages.filter((tag) => typeof tag === "string").map((tag) => tag.toLowerCase());
  return [{ id, languages: tags, ...asGender(gender), ...(read.length > 0 ? { variants: read } : {}) }];
}

function readVariants(value: unknown): VoiceVariant[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_VARIANTS).flatMap((variant) => {
    const { suffix, gender } = Object(variant) as Record<keyof VoiceVariant, unknown>;
    return isName(suffix) ? [{ suffix, ...asGender(gender) }] : [];
  });
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_CHARS;
}

function asGender(value: unknown): { gender?: "female" | "male" } {
  return value === "female" || value === "male" ? { gender: value } : {};
}

import { hertzIn, semitonesOfHertz } from "./edge-pitch.ts";
import { shippedName } from "./engine-names.ts";
import type { Complaint, WrittenField } from "./registry-file.ts";
import {
  checkedField,
  fieldNamed,
  isRecord,
  meantField,
  numberOf,
  overlayVoice,
  plainVoice,
  VOICE_LIMITS,
  type VoiceConfig,
} from "./voice-config.ts";

/** Of what somebody wrote, so much is quoted. */
const MAX_QUOTED = 60;
/** Fields that are text, whatever YAML takes them for. */
const TEXTS = new Set(["voiceId", "language", "outputFormat", "engine"]);

/** A voice as it is written in a file. */
export interface WrittenVoice {
  voice: VoiceConfig;
  /** What was written of it, understood. */
  given: ReadonlyMap<string, unknown>;
  complaints: Complaint[];
  /** Its pitch was written in Hz. */
  isFromHertz: boolean;
}

/**
 * A voice from what a file says of it. A field that makes no sense costs nothing but itself: a number that is out of its
 * limits becomes the nearest, and what cannot be understood is left out.
 * @param name whose voice it is, which may tell their gender
 */
export function readVoice(
  fields: readonly WrittenField[],
  { name, defaultLanguage }: { name: string; defaultLanguage: string },
): WrittenVoice {
  const reader = new FieldReader();
  for (const field of flat(withRests(fields))) reader.read(field);
  const { given, complaints } = reader;
  const hertz = reader.hertz();
  if (hertz !== undefined)
    given.set("pitch", semitonesOfHertz(hertz, `${name} ${given.get("voiceId") ?? ""}`));
  const voice = overlayVoice(plainVoice(defaultLanguage), Object.fromEntries(given));
  return { voice, given, complaints, isFromHertz: hertz !== undefined };
}

class FieldReader {
  readonly given = new Map<string, unknown>();
  readonly complaints: Complaint[] = [];
  #pitch: WrittenField | undefined;

  read(field: WrittenField): void {
    const name = fieldNamed(field.name);
    if (name === "replace") return;
    if (name === "pitch") this.#pitch = field;
    else this.#take(name, field);
  }

  /** Reads the pitch, for which the engine has to be known. @returns an offset in Hz, where it is one */
  hertz(): number | undefined {
    const field = this.#pitch;
    if (!field) return undefined;
    const number = numberOf("pitch", field.value);
    const isBeyond = typeof number === "number" && Math.abs(number) > VOICE_LIMITS.pitch[1];
    // A pitch beyond the range of semitones was written for Edge-TTS, whose pitch is in Hz.
    const isEdge = shippedName(String(this.given.get("engine") ?? "")) === "edge";
    const hertz =
      hertzIn(field.value) ?? (isEdge && isBeyond && Number.isFinite(number) ? number : undefined);
    if (hertz === undefined) this.#take("pitch", field);
    return hertz;
  }

  #take(name: string, field: WrittenField): void {
    const value = this.#mended(name, field);
    if (value === undefined) return;
    const meant = meantField(name);
    if (meant) this.#complain(field, `is passed on to the engine: did you mean ${snakeCase(meant)}?`);
    const checked = checkedField(name, value);
    if ("value" in checked) this.given.set(name, checked.value);
    else this.#complain(field, `is left out: ${checked.problem}`);
  }

  /** As it may be meant; undefined where there is nothing. */
  #mended(name: string, field: WrittenField): unknown {
    if (field.value === null || field.value === undefined) {
      if (isKnown(name)) this.#complain(field, "is left out: nothing is written there");
      return isKnown(name) ? undefined : field.value;
    }
    if (TEXTS.has(name)) return field.text ?? field.value;
    if (name === "speed" || name === "pitch") return this.#limited(name, field);
    return name === "effects" ? this.#effects(field) : field.value;
  }

  #limited(name: "speed" | "pitch", field: WrittenField): unknown {
    const number = numberOf(name, field.value);
    if (typeof number !== "number" || Number.isNaN(number)) return field.value;
    const [least, most] = VOICE_LIMITS[name];
    const nearest = Math.min(most, Math.max(least, number));
    if (nearest !== number)
      this.#complain(field, `is taken as ${nearest}: expected a number from ${least} to ${most}`);
    return nearest;
  }

  /** Those that there are. */
  #effects(field: WrittenField): unknown {
    const all: unknown[] = [field.value]
      .flat()
      .flatMap((each) => (typeof each === "string" ? each.split(",") : each));
    const known = all.filter((effect) => "value" in checkedField("effects", effect));
    const unknown = all.find((effect) => !known.includes(effect));
    if (unknown !== undefined && known.length > 0) {
      const checked = checkedField("effects", unknown);
      if ("problem" in checked)
        this.#complain({ ...field, value: unknown }, `is left out: ${checked.problem}`);
    }
    return known.length > 0 || all.length === 0 ? known : field.value;
  }

  #complain({ name, value, text, place }: WrittenField, what: string): void {
    const quoted = (text ?? JSON.stringify(value) ?? "").slice(0, MAX_QUOTED);
    this.complaints.push({ place, message: `${name}: ${quoted} ${what}` });
  }
}

/** As files have it. */
function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isKnown(name: string): boolean {
  return name === "effects" || TEXTS.has(name) || name in VOICE_LIMITS;
}

/** The fields, with those of `extra` among them. */
function flat(fields: readonly WrittenField[]): WrittenField[] {
  return fields.flatMap((field): WrittenField[] => {
    if (fieldNamed(field.name) !== "extra" || !isRecord(field.value)) return [field];
    const { place } = field;
    const own = new Set(fields.map(({ name }) => fieldNamed(name)));
    return Object.entries(field.value).flatMap(([name, value]) =>
      own.has(fieldNamed(name)) ? [] : [{ name, value, text: undefined, place }],
    );
  });
}

/** In `{ speed: 0,9, effects: cave, giant }` YAML sees a speed of 0, the effect of a cave, and things called 9 and giant. */
function withRests(fields: readonly WrittenField[]): WrittenField[] {
  const joined: WrittenField[] = [];
  for (const field of fields) {
    const last = joined.at(-1);
    const whole = last && field.value === null ? wholeOf(last, field.name) : undefined;
    if (whole) joined[joined.length - 1] = whole;
    else joined.push(field);
  }
  return joined;
}

/** The field with what stands behind a comma; undefined where that is something else. */
function wholeOf(field: WrittenField, rest: string): WrittenField | undefined {
  const { name, value, text } = field;
  const isDecimal = typeof value === "number" && /^[+-]?\d+$/.test(text ?? "") && /^\d+$/.test(rest);
  if (isDecimal) return { ...field, value: `${text},${rest}`, text: undefined };
  const isEffect = fieldNamed(name) === "effects" && "value" in checkedField("effects", rest);
  return isEffect ? { ...field, value: [value, rest].flat(), text: undefined } : undefined;
}

import { shippedName } from "../../voices/engine-names.ts";
import { engineName, isEngineRef, type WrittenEngineRef } from "../catalogue.ts";
import type { TTSEngine } from "../contract/engine.ts";
import type { Encoding, SentenceJob } from "../contract/sentence-job.ts";
import { environment } from "../services/net/environment.ts";

/** Counted up when the same sentence sounds different than before, or is kept in another form. */
const VERSION = 2;
/** Environment variables that change the sound where no option is set. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  openai: ["OPENAI_BASE_URL", "OPENAI_TTS_MODEL", "OPENAI_TTS_VOICE"],
  wyoming: ["WYOMING_URL"],
  sherpa: ["BARDCAST_VOICES_DIR"],
};

/**
 * What decides how a sentence sounds and in which bytes: two jobs with the same key may share what was made.
 * Left out are the listeners' lead, the encodings, of which one entry can have several, and how loud the voice was
 * taken to be, which comes to the same loudness.
 * @param identity as `identityOf`
 * @returns undefined where something in the voice is no JSON, so that two of them cannot be told apart
 */
export function sentenceKey(identity: string, job: SentenceJob): string | undefined {
  const { aheadMs: _aheadMs, encodings: _encodings, level: _level, ...sound } = job;
  return canonical([VERSION, identity, sound]);
}

/**
 * What there is to know of an engine beyond its name: with another module, other options or in another environment
 * it is another. Never what is secret.
 * @returns undefined where its options are no JSON, so that two of them cannot be told apart
 */
export function identityOf(engine: WrittenEngineRef | TTSEngine): string | undefined {
  if (!isEngineRef(engine)) return engine.name;
  if (typeof engine !== "string" && "module" in engine)
    return canonical([engineName(engine), String(engine.module), engine.options ?? null]);
  const { engine: named, options } = typeof engine === "string" ? { engine, options: undefined } : engine;
  const kind = shippedName(named);
  const { apiKey: _apiKey, ...heard } = (options ?? {}) as Record<string, unknown>;
  const surroundings = (VARIABLES[kind] ?? []).map((variable) => environment(variable) ?? null);
  return canonical([engineName(engine), kind, heard, surroundings]);
}

/** Whether all that is wanted is there. */
export function covers(made: readonly Encoding[], wanted: readonly Encoding[]): boolean {
  return wanted.every((encoding) => made.includes(encoding));
}

/** JSON that does not depend on the order in which keys were written; undefined for what JSON would leave out. */
function canonical(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, each: unknown) => (isRecord(each) ? sorted(each) : each));
  } catch {
    return undefined;
  }
}

/** @throws TypeError for what is neither JSON nor undefined */
function isRecord(value: unknown): value is object {
  if (typeof value === "function" || typeof value === "symbol") throw new TypeError("not JSON");
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError("not JSON");
  return true;
}

function sorted(record: object): object {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

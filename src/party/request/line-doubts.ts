import { BardcastError, type WireError } from "../../core/errors.ts";
import type { TextSource } from "../../core/text/text-source.ts";
import { tagAdvice, unknownTags } from "../../core/text/unknown-tags.ts";
import type { ListedVoices } from "../../engines/routing/engine-roster.ts";
import { engineNamed } from "../../voices/engine-names.ts";
import { isRecord, meantField } from "../../voices/voice-config.ts";

/** Tags that one report tells of. */
const MAX_TAGS = 3;

/**
 * What will not sound as it was meant, though it is said: tags in a text that is there already, and what the line's own
 * voice asks for: a field that looks like another, an engine that is not there.
 * @param engines names of those at the table; undefined: not known
 */
export function doubtsAbout(
  { text, voice }: { text?: TextSource; voice?: unknown },
  engines: readonly string[] | undefined,
): WireError[] {
  const tags = typeof text === "string" ? unknownTags(text).slice(0, MAX_TAGS) : [];
  const doubts: WireError[] = tags.map((tag) => ({
    code: "markup-unknown",
    message: `${tag} is no tag, and was read as text: ${tagAdvice(tag)}`,
    retryable: false,
  }));
  const written = isRecord(voice) ? voice : {};
  for (const key of Object.keys(written)) {
    const meant = meantField(key);
    if (meant === undefined) continue;
    const message = `voice.${key} was passed on to the engine; did you mean ${meant}?`;
    doubts.push({ code: "voice-unknown", message, retryable: false });
  }
  const asked = written.engine;
  if (asked === undefined || !engines || engineNamed(asked, engines) !== undefined) return doubts;
  const message = `the voice asks for the engine "${String(asked)}", which is not at this table; there is: ${engines.join(", ")}`;
  return [...doubts, { code: "engine-unavailable", message, retryable: false }];
}

/**
 * A voice that none of the engines knows is said in the voice of its language. Undefined where one may know it: also where
 * one does not list its voices.
 */
export function voiceDoubt(voice: unknown, engines: readonly ListedVoices[]): BardcastError | undefined {
  const { voiceId, engine } = isRecord(voice) ? voice : {};
  if (typeof voiceId !== "string") return undefined;
  const own = engineNamed(
    engine,
    engines.map((each) => each.engine),
  );
  const asked = own === undefined ? engines : engines.filter((each) => each.engine === own);
  if (asked.length === 0 || asked.some(({ voices }) => voices.length === 0 || knows(voices, voiceId)))
    return undefined;
  const names = asked.map((each) => each.engine).join(", ");
  const message = `no voice "${voiceId}" is known to ${names}: the line is said in the voice of its language; GET /api/voices lists what there is`;
  return new BardcastError("voice-unknown", message);
}

/** By any name that engines go by: a model, one of its speakers, a mixture of them, a language, each with a variant. */
function knows(voices: ListedVoices["voices"], voiceId: string): boolean {
  const [base = "", variant] = voiceId.toLowerCase().split("+", 2);
  const names = base.split(/[/,]/u).map((name) => name.replace(/:[\d.]+$/u, ""));
  return voices.some(({ id, variants }) => {
    const known = id.toLowerCase().split("/");
    const isKnown = names.some((name) => known.includes(name) || known.includes(name.split("-", 1)[0] ?? ""));
    return isKnown && (!variant || !variants || variants.some(({ suffix }) => suffix === `+${variant}`));
  });
}

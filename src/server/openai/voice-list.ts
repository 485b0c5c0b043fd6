import type { EngineVoice } from "../../engines/contract/engine-voice.ts";
import type { Party } from "../../party/party.ts";
import { answerOf } from "../../party/speaking/trusted-router.ts";
import { OPENAI_VOICES } from "./requested-voice.ts";

/** A voice that may be asked for. */
export interface ListedVoice {
  /** What it is asked for by. */
  id: string;
  /** For people. */
  name: string;
  /** BCP 47. */
  languages: readonly string[];
}

/** Speakers of one model that are listed; a few models have hundreds, which numbers ask for as well. */
const MAX_SPEAKERS = 60;

/**
 * Everything that can be asked for by name: the narrator, the characters, whatever they speak with, OpenAI's names, and
 * the voices of the engines that are here and list them, as `flite:slt`.
 */
export async function listVoices(party: Party): Promise<ListedVoice[]> {
  const { characters } = party.characters.list();
  const languages = [party.registry.getVoiceConfig("dm").language];
  return [
    { id: "dm", name: "Narrator", languages },
    ...characters.map(({ id, name, speaksWith }) => ({
      id,
      name,
      languages: speaksWith ? [speaksWith.language] : languages,
    })),
    ...[...OPENAI_VOICES.keys()].map((id) => ({
      id,
      name: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
      languages,
    })),
    ...(await enginesVoices(party)),
  ];
}

/** Those of the engines that can speak here; the one that is nearest to the table's language as each of its variants too. */
async function enginesVoices(party: Party): Promise<ListedVoice[]> {
  const engines = await answerOf(party.router, () => party.router.getVoices?.() ?? []);
  const own = party.registry.getVoiceConfig("dm").language.toLowerCase();
  return engines.flatMap(({ engine, voices }) => {
    const listed = (id: string, languages: readonly string[]): ListedVoice => ({
      id: `${engine}:${id}`,
      name: `${id} (${engine})`,
      languages,
    });
    const nearest = voices.find(speaks(own)) ?? voices.find(speaks(own.split("-", 1)[0] ?? "")) ?? voices[0];
    return withoutCrowds(voices).flatMap(({ id, languages, variants = [] }) => [
      listed(id, languages),
      ...(id === nearest?.id ? variants.map(({ suffix }) => listed(`${id}${suffix}`, languages)) : []),
    ]);
  });
}

function speaks(language: string): (voice: EngineVoice) => boolean {
  return ({ languages }) => languages.includes(language);
}

/** Of one model's many speakers, `model/speaker`, the first. */
function withoutCrowds(voices: readonly EngineVoice[]): EngineVoice[] {
  const counts = new Map<string, number>();
  return voices.filter(({ id }) => {
    const [model = "", speaker] = id.split("/");
    if (speaker === undefined) return true;
    const count = (counts.get(model) ?? 0) + 1;
    counts.set(model, count);
    return count <= MAX_SPEAKERS;
  });
}

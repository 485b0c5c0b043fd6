import { FLITE_VOICES } from "../../engines/flite/flite-voices.ts";
import type { Party } from "../../party/party.ts";
import { FEMALE_VARIANTS, MALE_VARIANTS } from "../../voices/espeak-variants.ts";
import { voicesDir } from "../../voices/voices-dir.ts";
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
 * the voices of the engines that are here, as `flite:slt`. Network services keep their own lists.
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

async function enginesVoices(party: Party): Promise<ListedVoice[]> {
  const here = (await party.router.getStatus()).filter(({ available }) => available);
  const names = new Set(here.map(({ name }) => name));
  const named = (engine: string, voice: string, languages: readonly string[]): ListedVoice => ({
    id: `${engine}:${voice}`,
    name: `${voice} (${engine})`,
    languages,
  });
  const own = party.registry.getVoiceConfig("dm").language;
  const variants = [
    "",
    ...MALE_VARIANTS.map((name) => `+${name}`),
    ...FEMALE_VARIANTS.map((name) => `+${name}`),
  ];
  return [
    ...(names.has("sherpa") ? await installed(named) : []),
    ...(names.has("flite") ? FLITE_VOICES.map((voice) => named("flite", voice, ["en"])) : []),
    ...(names.has("espeak") ? variants.map((variant) => named("espeak", `${own}${variant}`, [own])) : []),
  ];
}

/** Neural voices, and of those with several speakers each. */
async function installed(
  named: (engine: string, voice: string, languages: readonly string[]) => ListedVoice,
): Promise<ListedVoice[]> {
  const dir = voicesDir();
  if (dir === undefined) return [];
  // It reads models, and nobody who does not ask waits for that.
  const { installedVoices } = await import("../../engines/sherpa/sherpa-voices.ts");
  const voices = await installedVoices(dir, () => undefined);
  return voices.flatMap(({ name, model: { languages, speakers, speakerNames } }) => {
    if (speakers < 2) return [named("sherpa", name, languages)];
    const all =
      speakerNames.length > 0 ? speakerNames : Array.from({ length: speakers }, (_, index) => String(index));
    return all.slice(0, MAX_SPEAKERS).map((speaker) => named("sherpa", `${name}/${speaker}`, languages));
  });
}

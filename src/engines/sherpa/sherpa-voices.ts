import { BardcastError } from "../../core/errors.ts";
import { stableHash } from "../../core/stable-choice.ts";
import { files } from "../../voices/files.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import { genderOf } from "../../voices/voice-gender.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";
import { spokenLanguage } from "../contract/spoken-language.ts";
import { findSherpaModel, type SherpaModel } from "./sherpa-model.ts";
import { readBlend, type SpeakerPart } from "./speaker-blend.ts";

/** An installed voice. */
export interface SherpaVoice {
  /** Its folder's name. */
  name: string;
  model: SherpaModel;
}

/** A voice, and which of its speakers: several where they are mixed. */
export interface ChosenSpeaker extends SherpaVoice {
  parts: readonly [SpeakerPart, ...SpeakerPart[]];
  /** What the speaker is to take the text for, as eSpeak calls it, where the model speaks several languages. */
  language?: string;
}

/** The languages of Kokoro's speakers, by the first letter of their names; as eSpeak calls them. */
const SPEAKER_LANGUAGES: ReadonlyMap<string, string> = new Map([
  ["a", "en-us"],
  ["b", "en-gb-x-rp"],
  ["e", "es"],
  ["f", "fr"],
  ["h", "hi"],
  ["i", "it"],
  ["j", "ja"],
  ["p", "pt-br"],
  ["z", "zh"],
]);
/** In an id without the name of a voice. */
const FIRST_SPEAKER = /^[^,+:]+/;
/** `af_heart`: her language, a woman, her name. */
const SPEAKER_NAME = /^([a-z])[fm]_/;

/**
 * The voices in a folder, each in a folder of its own; what is there and cannot be used is told to `log`.
 * Hidden folders are voices that are still being installed.
 */
export async function installedVoices(dir: string, log: (message: string) => void): Promise<SherpaVoice[]> {
  const names = await files()
    .readdir(dir)
    .catch(() => []);
  const folders = names.filter((name) => !name.startsWith(".")).sort();
  const paths = folders.map((name) => `${dir}/${name}`);
  const voices: SherpaVoice[] = [];
  for (const name of folders) {
    // eSpeak's data is a folder among them, and no voice.
    if (name === "espeak-ng-data") continue;
    try {
      voices.push({ name, model: await findSherpaModel(`${dir}/${name}`, paths) });
    } catch (error) {
      log(error instanceof BardcastError ? error.message : `the voice in ${dir}/${name} cannot be read`);
    }
  }
  return voices;
}

/** Every speaker of these voices, by the id that chooses it. */
export function listedVoices(voices: readonly SherpaVoice[]): EngineVoice[] {
  return voices.flatMap(({ name, model: { speakers, speakerNames, languages } }) =>
    Array.from({ length: speakers }, (_, index) => {
      const speaker = speakerNames[index] ?? String(index);
      const own = languageOf(speaker);
      const gender = genderOf(speakers > 1 ? speaker : name);
      return {
        id: speakers > 1 ? `${name}/${speaker}` : name,
        languages: own ? [own, ...languages.filter((each) => each !== own)] : languages,
        ...(gender ? { gender } : {}),
      };
    }),
  );
}

/**
 * The speaker for a voice. Ids are `NAME`, `NAME/3`, `NAME/af_heart` and mixtures, `NAME/af_heart:0.7,am_adam:0.3`; without
 * `NAME/`, speakers with names are those of the first voice that has them. A voice of another engine gets the first voice of
 * its language, and always the same of its speakers, a woman's for a woman where names tell.
 * @throws BardcastError `voice-unknown`
 */
export function chooseSpeaker(voices: readonly SherpaVoice[], voice: VoiceConfig): ChosenSpeaker {
  const [name = "", wanted] = splitId(voice.voiceId);
  const own = voices.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (own) return chosen(own, partsOf(own, wanted ?? "0"), voice);
  const owner = voices.find(({ model }) => hasSpeaker(model, FIRST_SPEAKER.exec(voice.voiceId)?.[0] ?? ""));
  if (owner) return chosen(owner, partsOf(owner, voice.voiceId), voice);
  const fitting = ofLanguage(voices, spokenLanguage(voice));
  if (!fitting) {
    const installed = voices.map((each) => each.name).join(", ") || "none";
    const message = `no installed voice is "${voice.voiceId}" or speaks "${voice.language}"; installed: ${installed}`;
    throw new BardcastError("voice-unknown", message);
  }
  return chosen(fitting, [{ speaker: matching(fitting.model, voice), weight: 1 }], voice);
}

/** A voice whose own language it is before one that speaks it as well. */
function ofLanguage(voices: readonly SherpaVoice[], language: string): SherpaVoice | undefined {
  return (
    voices.find(({ model }) => primary(model.languages[0]) === language) ??
    voices.find(({ model }) => model.languages.some((each) => primary(each) === language))
  );
}

function chosen(own: SherpaVoice, parts: ChosenSpeaker["parts"], voice: VoiceConfig): ChosenSpeaker {
  const { languages, speakerNames } = own.model;
  if (languages.length < 2) return { ...own, parts };
  const wanted = spokenLanguage(voice);
  const ofSpeaker = languageOf(speakerNames[parts[0].speaker]);
  // An Englishwoman reads English as an Englishwoman.
  const language =
    primary(ofSpeaker) === wanted ? ofSpeaker : languages.find((each) => primary(each) === wanted);
  return { ...own, parts, language: language ?? languages[0] ?? "en-us" };
}

function splitId(id: string): [name: string, speaker?: string] {
  const at = id.indexOf("/");
  return at < 0 ? [id] : [id.slice(0, at), id.slice(at + 1)];
}

function partsOf(own: SherpaVoice, wanted: string): ChosenSpeaker["parts"] {
  const [first, ...others] = readBlend(wanted).map(({ name, weight }) => ({
    speaker: speakerOf(own, name),
    weight,
  }));
  if (!first || (others.length > 0 && own.model.paths.voices === undefined))
    throw new BardcastError("voice-unknown", `the speakers of the voice "${own.name}" cannot be mixed`);
  return [first, ...others];
}

function hasSpeaker({ speakerNames }: SherpaModel, name: string): boolean {
  return speakerNames.some((each) => each.toLowerCase() === name.toLowerCase());
}

function speakerOf({ name, model }: SherpaVoice, wanted: string): number {
  const named = model.speakerNames.findIndex((each) => each.toLowerCase() === wanted.toLowerCase());
  if (named >= 0) return named;
  const number = /^\d+$/.test(wanted) ? Number(wanted) : Number.NaN;
  if (number < model.speakers) return number;
  const known = model.speakerNames.length > 0 ? `: ${model.speakerNames.slice(0, 60).join(", ")}` : "";
  const most = model.speakers === 1 ? "one speaker, 0" : `speakers 0 to ${model.speakers - 1}`;
  throw new BardcastError(
    "voice-unknown",
    `the voice "${name}" has no speaker "${wanted}", it has ${most}${known}`,
  );
}

function matching({ speakers, speakerNames }: SherpaModel, voice: VoiceConfig): number {
  const all = Array.from({ length: speakers }, (_, index) => index);
  const language = spokenLanguage(voice);
  const native = all.filter((index) => primary(languageOf(speakerNames[index])) === language);
  const gender = genderOf(voice.voiceId);
  const among = native.length > 0 ? native : all;
  const alike = gender ? among.filter((index) => genderOf(speakerNames[index] ?? "") === gender) : [];
  const choice = alike.length > 0 ? alike : among;
  return choice[stableHash(voice.voiceId) % choice.length] ?? 0;
}

function languageOf(speakerName = ""): string | undefined {
  return SPEAKER_LANGUAGES.get(SPEAKER_NAME.exec(speakerName)?.[1] ?? "");
}

function primary(tag = ""): string {
  return tag.split("-", 1)[0] ?? "";
}

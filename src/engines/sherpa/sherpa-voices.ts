import { BardcastError } from "../../core/errors.ts";
import { stableHash } from "../../core/stable-choice.ts";
import { files } from "../../voices/files.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import { genderOf } from "../../voices/voice-gender.ts";
import { spokenLanguage } from "../contract/spoken-language.ts";
import { findSherpaModel, type SherpaModel } from "./sherpa-model.ts";

/** An installed voice. */
export interface SherpaVoice {
  /** Its folder's name. */
  name: string;
  model: SherpaModel;
}

/** A voice, and which of its speakers. */
export interface ChosenSpeaker extends SherpaVoice {
  speaker: number;
}

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

/**
 * The speaker for a voice. Ids are `NAME`, `NAME/3` and `NAME/af_heart`; one of another engine gets the first
 * voice of its language, and always the same of its speakers, a woman's for a woman where names tell.
 * @throws BardcastError `voice-unknown`
 */
export function chooseSpeaker(voices: readonly SherpaVoice[], voice: VoiceConfig): ChosenSpeaker {
  const [name = "", wanted] = splitId(voice.voiceId);
  const own = voices.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (own) return { ...own, speaker: wanted === undefined ? 0 : speakerOf(own, wanted) };
  const language = spokenLanguage(voice);
  const fitting = voices.find(({ model }) => model.language.split("-", 1)[0] === language);
  if (!fitting) {
    const installed = voices.map((each) => each.name).join(", ") || "none";
    const message = `no installed voice is "${voice.voiceId}" or speaks "${voice.language}"; installed: ${installed}`;
    throw new BardcastError("voice-unknown", message);
  }
  return { ...fitting, speaker: matching(fitting.model, voice.voiceId) };
}

function splitId(id: string): [name: string, speaker?: string] {
  const at = id.indexOf("/");
  return at < 0 ? [id] : [id.slice(0, at), id.slice(at + 1)];
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

function matching({ speakers, speakerNames }: SherpaModel, id: string): number {
  const all = Array.from({ length: speakers }, (_, index) => index);
  const gender = genderOf(id);
  const alike = gender ? all.filter((index) => genderOf(speakerNames[index] ?? "") === gender) : [];
  const choice = alike.length > 0 ? alike : all;
  return choice[stableHash(id) % choice.length] ?? 0;
}

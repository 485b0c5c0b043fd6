import { BardcastError } from "../../core/errors.ts";
import { files } from "../../voices/files.ts";
import { readOnnxMetadata } from "./onnx-metadata.ts";
import { adoptPiperVoice } from "./piper-model.ts";

/** Kinds of models, as sherpa-onnx calls them; `vits` is also Piper. */
export type SherpaFamily = "vits" | "kokoro" | "kitten" | "matcha";

/** A model in a folder, ready to be loaded. */
export interface SherpaModel {
  family: SherpaFamily;
  /** What sherpa-onnx is told: paths of files. */
  paths: Readonly<Record<string, string>>;
  /** BCP 47, lower-cased; its own comes first. */
  languages: readonly string[];
  speakers: number;
  /** Hz */
  sampleRate: number;
  /** In the order of their numbers; empty where they have none. */
  speakerNames: readonly string[];
}

/** Hz, of most Piper voices. */
const DEFAULT_RATE = 22_050;
const DATA = "espeak-ng-data";
/** Languages that Kokoro speaks from its version 1.0 on, and their rules in eSpeak's data. */
const KOKORO_LANGUAGES: ReadonlyMap<string, string> = new Map([
  ["es", "es_dict"],
  ["fr", "fr_dict"],
  ["hi", "hi_dict"],
  ["it", "it_dict"],
  ["pt-br", "pt_dict"],
]);
const VOCODER = /voco|hifigan/;

/**
 * Tells from its files what model a folder holds.
 * @param folders other folders that may hold eSpeak's data, which voices of the Piper project come without
 * @throws BardcastError `engine-failed`, which says what is missing: sherpa-onnx ends its process over it
 */
export async function findSherpaModel(folder: string, folders: readonly string[] = []): Promise<SherpaModel> {
  const names = await namesIn(folder);
  const models = names.filter((name) => name.endsWith(".onnx")).sort();
  const vocoder = models.find((name) => VOCODER.test(name));
  const model = models.find((name) => name !== vocoder);
  if (model === undefined) throw unusable(folder, "has no .onnx model");
  if (names.includes(`${model}.json`)) await adoptPiperVoice(folder, model);
  const metadata = await readOnnxMetadata(`${folder}/${model}`);
  if (!metadata) throw unusable(folder, `holds a broken model, ${model}`);
  const family = familyOf(metadata.get("model_type"), vocoder);
  if (!family) throw unusable(folder, `holds a model of a kind that is not known: ${model}`);
  const dataDir = await dataDirOf([folder, ...folders]);
  if (metadata.get("has_espeak") === "1" && dataDir === undefined) {
    throw unusable(folder, `needs eSpeak's data: npx bardcast voices install ${DATA}`);
  }
  const speakerNames = metadata.get("speaker_names")?.split(",") ?? [];
  const tokens = `${folder}/tokens.txt`;
  if (!names.includes("tokens.txt") && !names.includes(`${model}.json`))
    throw unusable(folder, "has no tokens.txt");
  return {
    family,
    paths: {
      ...modelPaths(family, folder, model, vocoder),
      tokens,
      ...(dataDir === undefined ? {} : { dataDir }),
      ...lexicons(folder, names),
      // sherpa-onnx ends its process where a model of many languages has neither.
      ...(isMultilingual(family, metadata) ? { lang: languageOf(metadata) } : {}),
    },
    languages: [
      languageOf(metadata),
      ...(isMultilingual(family, metadata) ? await otherLanguages(dataDir) : []),
    ],
    speakers: Math.max(1, Number(metadata.get("n_speakers") ?? speakerNames.length) || 1),
    sampleRate: Number(metadata.get("sample_rate")) || DEFAULT_RATE,
    speakerNames,
  };
}

function modelPaths(
  family: SherpaFamily,
  folder: string,
  model: string,
  vocoder: string | undefined,
): Record<string, string> {
  const path = `${folder}/${model}`;
  if (family === "matcha") return { acousticModel: path, vocoder: `${folder}/${vocoder}` };
  return family === "vits" ? { model: path } : { model: path, voices: `${folder}/voices.bin` };
}

function familyOf(modelType = "", vocoder: string | undefined): SherpaFamily | undefined {
  if (/matcha/.test(modelType)) return vocoder === undefined ? undefined : "matcha";
  if (/^kitten/.test(modelType)) return "kitten";
  if (/^kokoro/.test(modelType)) return "kokoro";
  return /vits|piper|melo/.test(modelType) ? "vits" : undefined;
}

function languageOf(metadata: ReadonlyMap<string, string>): string {
  const voice = metadata.get("voice")?.toLowerCase() ?? "";
  return /^[a-z]{2,3}(-|$)/.test(voice) ? voice : "en-us";
}

function isMultilingual(family: SherpaFamily, metadata: ReadonlyMap<string, string>): boolean {
  return family === "kokoro" && Number(metadata.get("version") ?? 1) >= 2;
}

/** Those for which there are rules. */
async function otherLanguages(dataDir: string | undefined): Promise<string[]> {
  const names = dataDir === undefined ? [] : await namesIn(dataDir);
  return [...KOKORO_LANGUAGES].filter(([, rules]) => names.includes(rules)).map(([language]) => language);
}

/** One for each language that the model reads: Kokoro comes with British English in place of American, not beside it. */
function lexicons(folder: string, names: readonly string[]): Record<string, string> {
  const all = names.filter((name) => /^lexicon.*\.txt$/.test(name)).sort();
  const found = all.includes("lexicon-us-en.txt") ? all.filter((name) => name !== "lexicon-gb-en.txt") : all;
  return found.length > 0 ? { lexicon: found.map((name) => `${folder}/${name}`).join(",") } : {};
}

async function dataDirOf(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    if (folder.endsWith(`/${DATA}`) && (await namesIn(folder)).includes("phontab")) return folder;
    if ((await namesIn(folder)).includes(DATA)) return `${folder}/${DATA}`;
  }
  return undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  return files()
    .readdir(folder)
    .catch(() => []);
}

function unusable(folder: string, what: string): BardcastError {
  return new BardcastError("engine-failed", `the voice in ${folder} ${what}`);
}

/**
 * Voices of the Piper project by their own names, as https://huggingface.co/rhasspy/piper-voices has them: two files
 * and a card each, and `voices.json` beside all of them, which tells their sizes and hashes.
 * @module
 */
import { z } from "zod";
import { BardcastError } from "../../core/errors.ts";
import type { CatalogueEntry, CatalogueFile } from "./catalogue.ts";
import { type FetchTextOptions, fetchText } from "./download/fetch-text.ts";

/** Where they come from by default. */
export const PIPER_BASE_URL = "https://huggingface.co/rhasspy/piper-voices/resolve/main/";

/** Before the name of such a voice. */
const PREFIX = "piper:";
const INDEX = "voices.json";
const CARD = "MODEL_CARD";
/** Language and country, speaker, quality: `en_GB-alba-medium`. */
const NAME = /^([a-z]{2,3})_([A-Z]{2}|\d{3})-([A-Za-z0-9_]+)-(x_low|low|medium|high)$/;
const MAX_INDEX_BYTES = 8 * 1024 * 1024;
const MAX_CARD_BYTES = 64 * 1024;

const indexSchema = z.record(
  z.string(),
  z.object({
    language: z.object({ code: z.string() }),
    num_speakers: z.number().int().positive(),
    files: z.record(
      z.string(),
      z.object({ size_bytes: z.number().int().positive(), md5_digest: z.string().toLowerCase() }),
    ),
  }),
);
type PiperIndex = z.infer<typeof indexSchema>;

/** Whether a name is one of the Piper project's: `piper:en_GB-alba-medium`. */
export function isPiperName(name: string): boolean {
  return name.startsWith(PREFIX);
}

/**
 * The entry of a voice, as its index has it; where there is no index, its files without their hashes.
 * @param name with `piper:` before it
 * @throws BardcastError `not-found` where there is no such voice, with those that are alike; `bad-request` for what
 * cannot be a name; `internal` where nobody can be reached
 */
export async function piperEntry(
  name: string,
  baseUrl: string,
  options: Omit<FetchTextOptions, "maxBytes"> = {},
): Promise<CatalogueEntry> {
  const voice = name.slice(PREFIX.length);
  const [, language, country, speaker, quality] = NAME.exec(voice) ?? [];
  if (language === undefined)
    throw new BardcastError(
      "bad-request",
      `"${name}" is no voice of the Piper project: they are called as piper:en_GB-alba-medium`,
    );
  const base = new URL(baseUrl.replace(/\/?$/, "/"));
  const folder = `${language}/${language}_${country}/${speaker}/${quality}`;
  const index = await readIndex(new URL(INDEX, base), options);
  const known = index?.[voice];
  if (index && !known) throw unknown(voice, Object.keys(index));
  const file = (path: string): CatalogueFile => {
    const found = known?.files[path];
    return { path, versions: found ? [{ bytes: found.size_bytes, md5: found.md5_digest }] : [] };
  };
  const card = new URL(`${folder}/${CARD}`, base);
  return {
    name: voice,
    family: "Piper",
    licence: licenceIn(await fetchText(card, { ...options, maxBytes: MAX_CARD_BYTES })),
    languages: [`${language}-${country}`.toLowerCase()],
    speakers: known?.num_speakers ?? 1,
    baseUrl: base.href,
    // The model first: it is what is waited for, and what `--sha256` is of.
    files: [`${voice}.onnx`, `${voice}.onnx.json`, CARD].map((each) => file(`${folder}/${each}`)),
  };
}

/** What a card says of the licence of the recordings. */
export function licenceIn(card = ""): string {
  return /^\W*licen[cs]e\W+(\S.*)$/im.exec(card)?.[1]?.trim() ?? "see its MODEL_CARD";
}

async function readIndex(
  url: URL,
  options: Omit<FetchTextOptions, "maxBytes">,
): Promise<PiperIndex | undefined> {
  const text = await fetchText(url, { ...options, maxBytes: MAX_INDEX_BYTES });
  try {
    return text === undefined ? undefined : indexSchema.parse(JSON.parse(text));
  } catch {
    throw new BardcastError("bad-request", `${url} is not the index of the Piper project's voices`);
  }
}

function unknown(voice: string, names: readonly string[]): BardcastError {
  const [language = ""] = voice.split("-");
  const alike = names.filter((name) => name.startsWith(`${language}-`)).slice(0, 20);
  const others = alike.length > 0 ? `; in that language: ${alike.join(", ")}` : "";
  return new BardcastError("not-found", `the Piper project has no voice "${voice}"${others}`);
}

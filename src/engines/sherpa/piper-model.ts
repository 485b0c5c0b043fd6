import { z } from "zod";
import { BardcastError } from "../../core/errors.ts";
import { files } from "../../voices/files.ts";
import { encodeOnnxMetadata, readOnnxMetadata } from "./onnx-metadata.ts";

/** The one way to read a text that sherpa-onnx has for such voices. */
const ESPEAK = "espeak";

/** What is used of the `.onnx.json` beside a voice of the Piper project. */
const piperSchema = z.object({
  audio: z.object({ sample_rate: z.number().int().positive() }),
  espeak: z.object({ voice: z.string() }),
  num_speakers: z.number().int().positive(),
  /** What turns text into phonemes. */
  phoneme_type: z.string().default(ESPEAK),
  language: z.object({ name_english: z.string() }).optional(),
  phoneme_id_map: z.record(z.string(), z.array(z.number().int())),
  speaker_id_map: z.record(z.string(), z.number().int()).optional(),
});

/**
 * Makes a voice as the Piper project publishes it (`NAME.onnx`, `NAME.onnx.json`) one that sherpa-onnx loads:
 * the model gets its metadata at its end, where Piper does not mind them, and `tokens.txt` is written beside it.
 * Where that was done already, nothing happens.
 * @throws BardcastError `engine-failed` where the files are not such a voice
 */
export async function adoptPiperVoice(folder: string, model: string): Promise<void> {
  const path = `${folder}/${model}`;
  const parsed = piperSchema.safeParse(await readJson(`${path}.json`));
  if (!parsed.success)
    throw new BardcastError("engine-failed", `${path}.json does not describe a Piper voice`);
  const piper = parsed.data;
  if (piper.phoneme_type !== ESPEAK)
    throw new BardcastError(
      "engine-failed",
      `${path} reads text in a way that is not known here ("${piper.phoneme_type}"): what it said would be noise`,
    );
  const known = await readOnnxMetadata(path);
  if (!known) throw new BardcastError("engine-failed", `${path} is not a whole ONNX model`);
  // Another process may be reading what is there.
  if (!(await files().readdir(folder)).includes("tokens.txt")) {
    const tokens = Object.entries(piper.phoneme_id_map).map(([phoneme, [id]]) => `${phoneme} ${id}`);
    await files().writeFile(`${folder}/tokens.txt`, `${tokens.join("\n")}\n`);
  }
  if (known.has("model_type")) return;
  const speakers = Object.entries(piper.speaker_id_map ?? {}).sort(([, one], [, other]) => one - other);
  const metadata = {
    model_type: "vits",
    comment: "piper",
    has_espeak: "1",
    language: piper.language?.name_english ?? piper.espeak.voice,
    voice: piper.espeak.voice,
    n_speakers: String(piper.num_speakers),
    sample_rate: String(piper.audio.sample_rate),
    ...(speakers.length > 0 ? { speaker_names: speakers.map(([name]) => name).join(",") } : {}),
  };
  await files().appendFile(path, encodeOnnxMetadata(metadata));
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await files().readFile(path, "utf8"));
  } catch (cause) {
    throw new BardcastError("engine-failed", `${path} cannot be read`, { cause });
  }
}

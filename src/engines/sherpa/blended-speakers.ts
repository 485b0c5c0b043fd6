import { BardcastError, messageOf } from "../../core/errors.ts";
import { files } from "../../voices/files.ts";
import type { SherpaModel } from "./sherpa-model.ts";
import { blendStyles, type SpeakerPart } from "./speaker-blend.ts";

/** Where mixtures are kept, among the voices; a hidden folder is none of them. */
const FOLDER = ".blends";

/** Mixtures of a voice go with it. @param dir folder of voices */
export async function removeBlends(dir: string, name: string): Promise<void> {
  const { rm } = files();
  for (const ending of ["bin", "txt", "part"])
    await rm(`${dir}/${FOLDER}/${name}.${ending}`, { force: true });
}

/** Mixed speakers of one model. */
export interface BlendedSpeaker {
  /** The same weights, with mixtures in place of its speakers. */
  model: SherpaModel;
  /** Which of them it is. */
  speaker: number;
  /** Another mixture was added since this was asked the last time: what is loaded of the model does not have it. */
  isNew: boolean;
}

/**
 * Mixtures of a model's speakers. sherpa-onnx knows the speakers in the model's `voices.bin` and no others, and
 * exactly so many: a second file of that size has mixtures in their place. As many are kept as the model has speakers, from one
 * start to the next; the oldest makes way.
 */
export class BlendedSpeakers {
  readonly #model: SherpaModel;
  readonly #path: string;
  #known: string[] | undefined;
  #isWritten = false;

  /** @param dir folder of voices @param name of the voice */
  constructor(model: SherpaModel, dir: string, name: string) {
    this.#model = model;
    this.#path = `${dir}/${FOLDER}/${name}`;
  }

  /** @throws BardcastError `engine-failed` where the mixture cannot be written */
  async speakerOf(parts: readonly SpeakerPart[]): Promise<BlendedSpeaker> {
    const { speakers, paths } = this.#model;
    this.#known ??= await this.#read();
    const wanted = written(parts);
    const isNew = !this.#isWritten || !this.#known.includes(wanted);
    if (isNew) {
      if (!this.#known.includes(wanted)) this.#known = [...this.#known, wanted].slice(-speakers);
      await this.#write(this.#known);
      this.#isWritten = true;
    }
    const model = { ...this.#model, paths: { ...paths, voices: `${this.#path}.bin` } };
    return { model, speaker: this.#known.indexOf(wanted), isNew };
  }

  async #read(): Promise<string[]> {
    const text = await files()
      .readFile(`${this.#path}.txt`, "utf8")
      .catch(() => "");
    const lines = text.split("\n").filter((line) => read(line).every(this.#isSpeaker));
    return lines.filter(Boolean).slice(-this.#model.speakers);
  }

  readonly #isSpeaker = ({ speaker, weight }: SpeakerPart): boolean =>
    speaker < this.#model.speakers && weight > 0;

  async #write(known: readonly string[]): Promise<void> {
    const { paths, speakers } = this.#model;
    const { mkdir, readFile, rename, writeFile } = files();
    try {
      const bytes = await readFile(paths.voices ?? "");
      const styles = new Float32Array(bytes.slice().buffer);
      const size = styles.length / speakers;
      const mixed = styles.slice();
      for (const [at, line] of known.entries()) mixed.set(blendStyles(styles, size, read(line)), at * size);
      await mkdir(this.#path.slice(0, this.#path.lastIndexOf("/")), { recursive: true });
      // Another process may be reading what is there.
      await writeFile(`${this.#path}.part`, new Uint8Array(mixed.buffer));
      await rename(`${this.#path}.part`, `${this.#path}.bin`);
      await writeFile(`${this.#path}.txt`, `${known.join("\n")}\n`);
    } catch (cause) {
      const message = `a mixture of speakers cannot be kept in ${this.#path}.bin: ${messageOf(cause)}`;
      throw new BardcastError("engine-failed", message, { cause });
    }
  }
}

/** `4:0.7,11:0.3` */
function written(parts: readonly SpeakerPart[]): string {
  return parts.map(({ speaker, weight }) => `${speaker}:${Number(weight.toFixed(4))}`).join(",");
}

function read(line: string): SpeakerPart[] {
  return line.split(",").map((part) => {
    const [speaker = Number.NaN, weight = Number.NaN] = part.split(":").map(Number);
    return { speaker, weight };
  });
}

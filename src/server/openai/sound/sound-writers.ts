import { Mp3Encoders } from "./mp3-encoders.ts";
import { createOpusWriter } from "./opus-writer.ts";
import { createPcmWriter } from "./pcm-writer.ts";
import type { SoundWriter } from "./sound-writer.ts";

/** The formats that programs may ask for. */
export const SOUND_FORMATS = ["mp3", "opus", "wav", "pcm"] as const;
export type SoundFormat = (typeof SOUND_FORMATS)[number];

/** Makes a writer for each line. */
export class SoundWriters {
  readonly #mp3 = new Mp3Encoders();

  /** @throws BardcastError `bad-request` where the library that encodes the format is not installed */
  async create(format: SoundFormat): Promise<SoundWriter> {
    if (format === "mp3") return this.#mp3.createWriter();
    return format === "opus" ? createOpusWriter() : createPcmWriter(format);
  }
}

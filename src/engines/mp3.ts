import type { PcmPiece } from "../core/audio.ts";
import { BardcastError } from "../core/errors.ts";

/** The parts of `mpg123-decoder` that are used. */
interface Decoder {
  ready: Promise<void>;
  decode(bytes: Uint8Array): { channelData: Float32Array[]; samplesDecoded: number; sampleRate: number };
  free(): void;
}

/** Not written into the `import`: bundlers would follow it to the package's own workers, which only Node.js has. */
const PACKAGE: string = "mpg123-decoder";

/** Decodes one MP3 stream while it arrives, in whatever pieces. */
export class Mp3Decoder {
  readonly #decoder: Decoder;

  /** @throws BardcastError `engine-unavailable` where the package is not installed */
  static async open(): Promise<Mp3Decoder> {
    const Decoder = await importDecoder();
    const decoder = new Decoder();
    await decoder.ready;
    return new Mp3Decoder(decoder);
  }

  private constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** What can be heard of it already, mixed to one channel, and the bytes themselves. */
  push(bytes: Uint8Array): PcmPiece[] {
    const { channelData, samplesDecoded, sampleRate } = this.#decoder.decode(bytes);
    const [first = new Float32Array(), ...others] = channelData;
    const samples = first.slice(0, samplesDecoded);
    for (const other of others) {
      for (let at = 0; at < samples.length; at++) {
        samples[at] = (samples[at] as number) + ((other[at] as number) - (samples[at] as number)) / 2;
      }
    }
    return [{ samples, sampleRate, mp3: bytes.slice() }];
  }

  close(): void {
    this.#decoder.free();
  }
}

/** @throws BardcastError `engine-unavailable` where the package is not installed */
export async function importDecoder(): Promise<new () => Decoder> {
  try {
    const decoders: { MPEGDecoder: new () => Decoder } = await import(PACKAGE);
    return decoders.MPEGDecoder;
  } catch (cause) {
    const message = "MP3 is decoded by a package of its own: npm install mpg123-decoder";
    throw new BardcastError("engine-unavailable", message, { cause });
  }
}

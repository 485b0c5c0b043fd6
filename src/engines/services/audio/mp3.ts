import { joinBytes } from "../../../core/bytes.ts";
import type { PcmPiece } from "../../../core/dsp/audio.ts";
import { BardcastError } from "../../../core/errors.ts";
import { mixDown } from "./mix-down.ts";

/** The parts of `mpg123-decoder` that are used. */
interface Decoder {
  ready: Promise<void>;
  decode(bytes: Uint8Array): {
    channelData: Float32Array[];
    samplesDecoded: number;
    sampleRate: number;
    errors: readonly unknown[];
  };
  free(): void;
}

/** Not written into the `import`: bundlers would follow it to the package's own workers, which only Node.js has. */
const PACKAGE: string = "mpg123-decoder";

/** Bytes that may be held; tags before the sound can be long, but not so long. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;

/** Decodes one MP3 stream while it arrives, in whatever pieces. */
export class Mp3Decoder {
  readonly #decoder: Decoder;
  /** Bytes of which nothing can be heard yet. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #sampleRate = 0;

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

  /**
   * What can be heard of it already, if anything, mixed to one channel, and the bytes it was.
   * @throws BardcastError `engine-failed` where nothing can be heard of it, or of a lot
   */
  push(bytes: Uint8Array): PcmPiece[] {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_HELD_BYTES) throw new BardcastError("engine-failed", "the MP3 has no sound");
    const { channelData, samplesDecoded, sampleRate, errors } = this.#decoder.decode(bytes);
    // One broken frame among others is a click; the decoder goes on.
    if (samplesDecoded === 0 && errors.length > 0)
      throw new BardcastError("engine-failed", "the MP3 is broken");
    if (samplesDecoded === 0) return [];
    this.#sampleRate = sampleRate;
    return [this.#piece(mixDown(channelData, samplesDecoded))];
  }

  /** Bytes that were held back at the end, with no sound. */
  end(): PcmPiece[] {
    return this.#held.length > 0 && this.#sampleRate > 0 ? [this.#piece(new Float32Array())] : [];
  }

  close(): void {
    this.#decoder.free();
  }

  #piece(samples: Float32Array<ArrayBuffer>): PcmPiece {
    const mp3 = joinBytes(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return { samples, sampleRate: this.#sampleRate, mp3 };
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

import { joinBytes } from "../../../core/bytes.ts";
import type { PcmPiece } from "../../../core/dsp/audio.ts";
import { BardcastError } from "../../../core/errors.ts";
import { mixDown } from "./mix-down.ts";
import { Mp3Frames } from "./mp3-frames.ts";

/** The parts of `mpg123-decoder` that are used. */
interface Decoder {
  ready: Promise<void>;
  decode(bytes: Uint8Array): {
    channelData: Float32Array[];
    samplesDecoded: number;
    sampleRate: number;
  };
  free(): void;
}

/** Not written into the `import`: bundlers would follow it to the package's own workers, which only Node.js has. */
const PACKAGE: string = "mpg123-decoder";

/** Bytes in which no frame begins, and bytes of frames of which nothing can be heard. */
const MAX_LOST_BYTES = 4 * 1024 * 1024;
const MAX_SILENT_BYTES = 64 * 1024;

/** Decodes MP3 (and MP2) while it arrives, in whatever pieces; only its frames count, not what stands around them. */
export class Mp3Decoder {
  readonly #decoder: Decoder;
  readonly #frames = new Mp3Frames();
  /** Frames of which nothing can be heard yet. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Bytes since the last frame. */
  #lostBytes = 0;
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
   * What can be heard of it already, if anything, mixed to one channel, and the frames it was.
   * @throws BardcastError `engine-failed` where nothing can be heard of a lot
   */
  push(bytes: Uint8Array): PcmPiece[] {
    const runs = this.#frames.push(bytes);
    this.#lostBytes = runs.length > 0 ? 0 : this.#lostBytes + bytes.length;
    if (this.#lostBytes > MAX_LOST_BYTES) throw broken("no frame begins in the MP3");
    return runs.flatMap((run) => this.#decoded(run));
  }

  /** What was held back at the end. @throws BardcastError `engine-failed` where nothing was heard */
  end(): PcmPiece[] {
    const pieces = this.#frames.end().flatMap((run) => this.#decoded(run));
    if (this.#sampleRate === 0)
      throw broken(this.#heldBytes > 0 ? "the MP3 has no sound" : "no frame begins in the MP3");
    return this.#held.length > 0 ? [...pieces, this.#piece(new Float32Array())] : pieces;
  }

  close(): void {
    this.#decoder.free();
  }

  /** @param run frames of one kind: the decoder tells only the last sample rate */
  #decoded(run: Uint8Array): PcmPiece[] {
    this.#held.push(run);
    this.#heldBytes += run.length;
    const { channelData, samplesDecoded, sampleRate } = this.#decoder.decode(run);
    // A broken frame among others is a click; the decoder goes on.
    if (samplesDecoded === 0 && this.#heldBytes > MAX_SILENT_BYTES) throw broken("the MP3 is broken");
    if (samplesDecoded === 0) return [];
    this.#sampleRate = sampleRate;
    return [this.#piece(mixDown(channelData, samplesDecoded))];
  }

  #piece(samples: Float32Array<ArrayBuffer>): PcmPiece {
    const mp3 = joinBytes(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return { samples, sampleRate: this.#sampleRate, mp3 };
  }
}

function broken(message: string): BardcastError {
  return new BardcastError("engine-failed", message);
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

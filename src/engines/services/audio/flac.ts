import type { PcmPiece } from "../../../core/dsp/audio.ts";
import { BardcastError } from "../../../core/errors.ts";
import { mixDown } from "./mix-down.ts";

/** What was decoded. */
interface Decoded {
  channelData: Float32Array[];
  samplesDecoded: number;
  sampleRate: number;
  errors: readonly unknown[];
}

/** The parts of `@wasm-audio-decoders/flac` that are used. */
interface Decoder {
  ready: Promise<void>;
  decode(bytes: Uint8Array): Promise<Decoded>;
  flush(): Promise<Decoded>;
  free(): void;
}

/** Not written into the `import`: bundlers would follow it to the package's own workers. */
const PACKAGE: string = "@wasm-audio-decoders/flac";

/** Bytes without a sound; pictures before it can be large, but not so large. */
const MAX_SILENT_BYTES = 4 * 1024 * 1024;

/** Bytes of a frame's header. */
const LONGEST_HEADER = 16;

/** Decodes one FLAC stream (RFC 9639) while it arrives, bare or in Ogg. */
export class FlacDecoder {
  readonly #decoder: Decoder;
  #silentBytes = 0;

  /** @throws BardcastError `engine-unavailable` where the package is not installed */
  static async open(): Promise<FlacDecoder> {
    const Decoder = await importDecoder();
    const decoder = new Decoder();
    await decoder.ready;
    return new FlacDecoder(decoder);
  }

  private constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** @throws BardcastError `engine-failed` where nothing can be heard of it, or of a lot */
  async push(bytes: Uint8Array): Promise<PcmPiece[]> {
    const pieces = piecesOf(await this.#decoded(() => this.#decoder.decode(bytes)));
    this.#silentBytes = pieces.length > 0 ? 0 : this.#silentBytes + bytes.length;
    if (this.#silentBytes > MAX_SILENT_BYTES) throw broken("the FLAC has no sound");
    return pieces;
  }

  /** The last frame, which could have gone on. @throws BardcastError `engine-failed` */
  async end(): Promise<PcmPiece[]> {
    // Without room for one more header the parser takes the last two frames for one, of which only the first is heard.
    const last = await this.push(new Uint8Array(LONGEST_HEADER));
    return [...last, ...piecesOf(await this.#decoded(() => this.#decoder.flush()))];
  }

  close(): void {
    this.#decoder.free();
  }

  async #decoded(decode: () => Promise<Decoded>): Promise<Decoded> {
    try {
      return await decode();
    } catch {
      throw broken("the FLAC is broken");
    }
  }
}

/** One broken frame among others is a click; the decoder goes on. */
function piecesOf({ channelData, samplesDecoded, sampleRate, errors }: Decoded): PcmPiece[] {
  if (samplesDecoded > 0) return [{ samples: mixDown(channelData, samplesDecoded), sampleRate }];
  if (errors.length > 0) throw broken("the FLAC is broken");
  return [];
}

function broken(message: string): BardcastError {
  return new BardcastError("engine-failed", message);
}

async function importDecoder(): Promise<new () => Decoder> {
  try {
    const decoders: { FLACDecoder: new () => Decoder } = await import(PACKAGE);
    return decoders.FLACDecoder;
  } catch (cause) {
    const message = `FLAC is decoded by a package of its own: npm install ${PACKAGE}; or have the server send pcm, wav, mp3 or opus`;
    throw new BardcastError("engine-unavailable", message, { cause });
  }
}

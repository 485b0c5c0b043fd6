import { joinBytes } from "../../../core/bytes.ts";
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

/** How a stream begins, bare, and in Ogg: the first page of a logical stream. */
const BARE = ["fLaC\0\0\0\x22", "fLaC\x80\0\0\x22"];
const IN_OGG = ["OggS\0\x02"];
/** Bytes that are given to the decoder at once: of less it cannot tell that they are Ogg. */
const LEAST_BYTES = 256;
const BEGINNING_BYTES = 8;

/** Decodes FLAC (RFC 9639) while it arrives, bare or in Ogg; one stream may follow the other. */
export class FlacDecoder {
  #decoder: Decoder;
  #held: Uint8Array = new Uint8Array();
  /** How the streams begin, once one has. */
  #beginning: readonly string[] | undefined;
  #isBegun = false;
  #isHeard = false;
  #silentBytes = 0;

  /** @throws BardcastError `engine-unavailable` where the package is not installed */
  static async open(): Promise<FlacDecoder> {
    return new FlacDecoder(await openDecoder());
  }

  private constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** @throws BardcastError `engine-failed` where nothing can be heard of it, or of a lot */
  async push(bytes: Uint8Array): Promise<PcmPiece[]> {
    const pieces: PcmPiece[] = [];
    let rest: Uint8Array = joinBytes([this.#held, bytes]);
    for (let next = this.#nextIn(rest); next >= 0; next = this.#nextIn(rest)) {
      pieces.push(...(await this.#decoded(rest.subarray(0, next))), ...(await this.#ended()));
      this.#decoder.free();
      [this.#decoder, this.#isBegun] = [await openDecoder(), false];
      rest = rest.subarray(next);
    }
    // The next stream may begin in the last bytes.
    const certain = rest.length < LEAST_BYTES ? 0 : rest.length - BEGINNING_BYTES + 1;
    this.#held = rest.slice(certain);
    return [...pieces, ...(await this.#decoded(rest.subarray(0, certain)))];
  }

  /** The last frame, which could have gone on. @throws BardcastError `engine-failed` */
  async end(): Promise<PcmPiece[]> {
    return [...(await this.#decoded(this.#held)), ...(await this.#ended())];
  }

  close(): void {
    this.#decoder.free();
  }

  /** Where the next stream begins in the bytes; −1 where none does. */
  #nextIn(bytes: Uint8Array): number {
    this.#beginning ??= bytes[0] === "O".charCodeAt(0) ? IN_OGG : BARE;
    const from = this.#isBegun ? 0 : 1;
    const latin = latinOf(bytes.subarray(from));
    const found = this.#beginning.map((form) => latin.indexOf(form)).filter((at) => at >= 0);
    return found.length === 0 ? -1 : from + Math.min(...found);
  }

  async #decoded(bytes: Uint8Array): Promise<PcmPiece[]> {
    if (bytes.length === 0) return [];
    this.#isBegun = true;
    const pieces = this.#heard(await this.#asked(() => this.#decoder.decode(bytes)));
    this.#silentBytes = pieces.length > 0 ? 0 : this.#silentBytes + bytes.length;
    if (this.#silentBytes > MAX_SILENT_BYTES) throw broken("the FLAC has no sound");
    return pieces;
  }

  async #ended(): Promise<PcmPiece[]> {
    // Without room for one more header the parser takes the last two frames for one, of which only the first is heard.
    const last = await this.#decoded(new Uint8Array(LONGEST_HEADER));
    return [...last, ...this.#heard(await this.#asked(() => this.#decoder.flush()))];
  }

  /** One broken frame among others is a click, and what ends too early is heard up to there; the decoder goes on. */
  #heard({ channelData, samplesDecoded, sampleRate, errors }: Decoded): PcmPiece[] {
    if (samplesDecoded === 0 && errors.length > 0 && !this.#isHeard) throw broken("the FLAC is broken");
    if (samplesDecoded === 0) return [];
    this.#isHeard = true;
    return [{ samples: mixDown(channelData, samplesDecoded), sampleRate }];
  }

  async #asked(decode: () => Promise<Decoded>): Promise<Decoded> {
    try {
      return await decode();
    } catch {
      throw broken("the FLAC is broken");
    }
  }
}

/** Bytes as characters, to look for signatures in. */
function latinOf(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

async function openDecoder(): Promise<Decoder> {
  const Decoder = await importDecoder();
  const decoder = new Decoder();
  await decoder.ready;
  return decoder;
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

import { joinBytes } from "../../../core/bytes.ts";
import type { PcmPiece } from "../../../core/dsp/audio.ts";
import type { ServiceNews, ServiceWords } from "../net/service.ts";
import { ServiceError } from "../net/service-error.ts";
import { MAX_WORDS_BYTES, wordsIn } from "../net/told-words.ts";
import { type DeclaredType, declaredType } from "./audio-type.ts";
import { EitherOrderReader } from "./either-order.ts";
import { FlacDecoder } from "./flac.ts";
import { Mp3Decoder } from "./mp3.ts";
import { OggOpusReader } from "./ogg-opus-reader.ts";
import { type PcmFormat, PcmReader } from "./pcm-reader.ts";
import { type Sniffed, sniff } from "./sniff.ts";
import { WavReader } from "./wav-reader.ts";

type Pieces = Iterable<PcmPiece>;

/** What turns bytes into speech. */
interface AudioReader {
  push(bytes: Uint8Array): Pieces | Promise<Pieces>;
  /** What is left when the last bytes have come. */
  end?(): Pieces | Promise<Pieces>;
  close?(): void;
}

/** What is known of bytes before they are looked at. */
export interface Declared {
  /** The answer's `Content-Type`, where it has one. */
  type?: string | undefined;
  /** Samples without a container: Hz where the type names none, or all of it. */
  samples: number | PcmFormat;
}

/**
 * Speech from bytes as they arrive: WAV, MP3, FLAC and Ogg Opus are recognised by how they begin, because servers do not
 * always send what they were asked for, and say that all is well when they send an error. What is nothing of the kind is
 * samples, where the service does not say that it is something else. Words between the bytes are passed on.
 * @param declared asked when the first bytes have come
 * @throws ServiceError `engine-failed` where it is no sound, or none that can be read
 */
export async function* readAudio(
  source: AsyncIterable<Uint8Array | ServiceWords>,
  declared: Declared | (() => Declared),
): AsyncGenerator<ServiceNews, void, undefined> {
  const door = new Door(declared);
  try {
    for await (const bytes of source) {
      if ("words" in bytes) yield bytes;
      else yield* await door.push(bytes);
    }
    yield* await door.end();
  } finally {
    door.close();
  }
}

/** Looks at the first bytes, and then lets all of them through or none. */
class Door {
  readonly #declared: Declared | (() => Declared);
  #reader: AudioReader | undefined;
  /** Bytes of which it is not known yet what they are. */
  #head: Uint8Array = new Uint8Array();
  #rate: number | undefined;

  constructor(declared: Declared | (() => Declared)) {
    this.#declared = declared;
  }

  async push(bytes: Uint8Array): Promise<PcmPiece[]> {
    if (this.#reader) return this.#checked(await this.#reader.push(bytes));
    this.#head = joinBytes([this.#head, bytes]);
    return this.#open(false);
  }

  async end(): Promise<PcmPiece[]> {
    const first = this.#reader || this.#head.length === 0 ? [] : await this.#open(true);
    return [...first, ...this.#checked((await this.#reader?.end?.()) ?? [])];
  }

  close(): void {
    this.#reader?.close?.();
  }

  async #open(isAll: boolean): Promise<PcmPiece[]> {
    const head = this.#head;
    const sniffed = sniff(head, { isAll });
    // Text is read for what it says before it is refused.
    if (!sniffed || (sniffed.is === "text" && !isAll && head.length < MAX_WORDS_BYTES)) return [];
    this.#reader = await this.#readerFor(sniffed);
    this.#head = new Uint8Array();
    return this.#checked(await this.#reader.push(head));
  }

  async #readerFor(sniffed: Sniffed): Promise<AudioReader> {
    const { type, samples } = typeof this.#declared === "function" ? this.#declared() : this.#declared;
    if (sniffed.is === "wav") return new WavReader();
    if (sniffed.is === "mp3") return Mp3Decoder.open();
    if (sniffed.is === "flac") return FlacDecoder.open();
    if (sniffed.is === "ogg-opus") return OggOpusReader.open();
    if (sniffed.is === "foreign") throw unread(sniffed.name);
    if (sniffed.is === "text") throw noSound(this.#head, type);
    const said: DeclaredType =
      typeof samples === "number"
        ? declaredType(type, samples)
        : { is: "samples", format: samples, isOrderTold: true };
    if (said.is === "samples")
      return said.isOrderTold ? readerOf(said.format) : new EitherOrderReader(said.format);
    throw unread(said.is === "packed" ? `${said.name} that is none` : said.name);
  }

  #checked(pieces: Iterable<PcmPiece>): PcmPiece[] {
    const all = [...pieces];
    for (const { sampleRate } of all) {
      this.#rate ??= sampleRate;
      if (sampleRate !== this.#rate) throw new ServiceError("engine-failed", "the sample rate changed");
    }
    return all;
  }
}

function readerOf(format: PcmFormat): AudioReader {
  const reader = new PcmReader(format);
  return { push: (bytes) => [{ samples: reader.push(bytes), sampleRate: format.sampleRate }] };
}

function noSound(bytes: Uint8Array, type = ""): ServiceError {
  const words = wordsIn(new TextDecoder().decode(bytes), type);
  return new ServiceError(
    "engine-failed",
    `the service sent text instead of audio${words === "" ? "" : `: ${words}`}`,
  );
}

function unread(name: string): ServiceError {
  return new ServiceError(
    "engine-failed",
    `the service sent ${name}, which is not read here; have it send pcm, wav, mp3 or opus (its response_format)`,
  );
}

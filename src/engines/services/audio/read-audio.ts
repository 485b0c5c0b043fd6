import { joinBytes } from "../../../core/bytes.ts";
import type { PcmPiece } from "../../../core/dsp/audio.ts";
import type { ServiceNews, ServiceWords } from "../net/service.ts";
import { ServiceError } from "../net/service-error.ts";
import { MAX_WORDS_BYTES, wordsIn } from "../net/told-words.ts";
import { type DeclaredType, declaredType } from "./audio-type.ts";
import { EitherOrderReader } from "./either-order.ts";
import { FlacDecoder } from "./flac.ts";
import { Mp3Decoder } from "./mp3.ts";
import { Mp3Frames } from "./mp3-frames.ts";
import { OggOpusReader } from "./ogg-opus-reader.ts";
import { type PcmFormat, PcmReader } from "./pcm-reader.ts";
import { type Sniffed, sniff, textCode } from "./sniff.ts";
import { tagLength } from "./tags.ts";
import { WavReader } from "./wav-reader.ts";

type Pieces = Iterable<PcmPiece>;

/** Bytes of tags before the sound, pictures included. */
const MAX_TAG_BYTES = 16 * 1024 * 1024;
/** Bytes of what is said to be MP3 in which a frame is looked for. */
const MAX_BEFORE_MP3 = 16 * 1024;
const MP3_TYPE = /^audio\/(x-)?(mpeg3?|mp3|mpa|mpg)\b/i;

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
  /** Bytes of tags that were passed over, and that are still to come. */
  #tagBytes = 0;
  #restOfTag = 0;
  /** Looks for frames of MP3 in what is said to have such. */
  readonly #seeker = new Mp3Frames();
  #soughtBytes = 0;
  #rate: number | undefined;

  constructor(declared: Declared | (() => Declared)) {
    this.#declared = declared;
  }

  async push(bytes: Uint8Array): Promise<PcmPiece[]> {
    if (this.#reader) return this.#checked(await this.#reader.push(bytes));
    this.#head = joinBytes([this.#head, bytes]);
    this.#passTags();
    return this.#head.length > 0 ? this.#open(false) : [];
  }

  async end(): Promise<PcmPiece[]> {
    const first = this.#reader || this.#head.length === 0 ? [] : await this.#open(true);
    return [...first, ...this.#checked((await this.#reader?.end?.()) ?? [])];
  }

  close(): void {
    this.#reader?.close?.();
  }

  /** Tags stand before sound of any format, though they were made for MP3. */
  #passTags(): void {
    for (;;) {
      const passed = Math.min(this.#restOfTag, this.#head.length);
      this.#head = this.#head.subarray(passed);
      this.#restOfTag -= passed;
      const length = this.#restOfTag > 0 ? 0 : tagLength(this.#head);
      if (length === 0) return;
      this.#restOfTag = length;
      this.#tagBytes += length;
      if (this.#tagBytes > MAX_TAG_BYTES)
        throw new ServiceError("engine-failed", "the service sent a title or a picture without end");
    }
  }

  async #open(isAll: boolean): Promise<PcmPiece[]> {
    const head = this.#head;
    const sniffed = sniff(head, { isAll });
    if (!sniffed) return [];
    const known = sniffed.is === "unknown" ? this.#sought(isAll) : sniffed;
    // Text is read for what it says before it is refused.
    if (!known || (known.is === "text" && !isAll && head.length < MAX_WORDS_BYTES)) return [];
    this.#reader = await this.#readerFor(known);
    this.#head = new Uint8Array();
    return this.#checked(await this.#reader.push("from" in known ? head.subarray(known.from) : head));
  }

  /** MP3 may begin in the middle of a frame, or behind something; who sends samples may call them MP3. */
  #sought(isAll: boolean): Sniffed | undefined {
    const isTagged = this.#tagBytes > 0;
    if (!isTagged && !MP3_TYPE.test(this.#told.type ?? "")) return { is: "unknown" };
    const found = this.#seeker.push(this.#head.subarray(this.#soughtBytes));
    this.#soughtBytes = this.#head.length;
    if (isTagged || found.length > 0) return { is: "mp3", from: 0 };
    return isAll || this.#head.length >= MAX_BEFORE_MP3 ? { is: "unknown" } : undefined;
  }

  get #told(): Declared {
    return typeof this.#declared === "function" ? this.#declared() : this.#declared;
  }

  async #readerFor(sniffed: Sniffed): Promise<AudioReader> {
    const { type, samples } = this.#told;
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
  const words = wordsIn(new TextDecoder(textCode(bytes)).decode(bytes), type);
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

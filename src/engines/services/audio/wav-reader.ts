import { joinBytes } from "../../../core/bytes.ts";
import type { PcmPiece } from "../../../core/dsp/audio.ts";
import { ServiceError } from "../net/service-error.ts";
import { isReadable, type PcmFormat, PcmReader, type SampleEncoding } from "./pcm-reader.ts";
import {
  CHUNK_HEADER_BYTES,
  endOfSamples,
  idAt,
  isChunkBehind,
  isFile,
  isFileId,
  isId,
} from "./wav-chunks.ts";

/** Bytes of one file before its samples; what has more there is no WAV from a speech service. */
const MAX_BEFORE_SAMPLES = 16 * 1024 * 1024;
/** Bytes of the chunk that tells the format; it has 40 at most where nothing is added to it, as Vorbis does. */
const MAX_FORMAT_BYTES = 64 * 1024;
/** Sizes from here on mean "until the end": a server that streams cannot know them. */
const UNKNOWN_SIZE = 0x7000_0000;
/** The format is told by what follows in the chunk. */
const EXTENSIBLE = 0xfffe;

/** Names of forms that are not read (RFC 2361 and what came later). */
const NAMES: Readonly<Record<number, string>> = {
  2: "Microsoft ADPCM",
  17: "IMA ADPCM",
  34: "TrueSpeech",
  49: "GSM",
  64: "G.721",
  69: "G.726",
  80: "MP2",
  85: "MP3",
  255: "AAC",
  353: "WMA",
  5648: "AAC",
  8192: "AC-3",
  22127: "Vorbis",
  26447: "Vorbis",
  26449: "Vorbis",
  28751: "Opus",
  61868: "FLAC",
};

/** Where in the file the next byte stands. */
type Place =
  | { at: "file" }
  | { at: "chunk" }
  /** What is not wanted. */
  | { at: "skipped"; left: number }
  /** @member left bytes, undefined where the header does not know */
  | { at: "samples"; left: number | undefined };

/**
 * Reads WAV while it arrives (RIFF/WAVE: whole numbers of 8 to 32 bits, floats, µ-law and A-law, any number of
 * channels). One file may follow the other, as from servers that send a whole file for each part of a text; sizes
 * that are not known yet are 0 or very large, and then what stands behind the samples is told by its form.
 */
export class WavReader {
  #bytes: Uint8Array = new Uint8Array();
  #place: Place = { at: "file" };
  #format: PcmFormat | undefined;
  #reader: PcmReader | undefined;
  #beforeSamples = 0;
  /** Whether a byte that fills up an odd size may come next; not every writer knows of it. */
  #mayBePadded = false;

  /** @throws ServiceError `engine-failed` where it is no such file */
  push(bytes: Uint8Array): PcmPiece[] {
    this.#bytes = joinBytes([this.#bytes, bytes]);
    return [...this.#read(false)];
  }

  /** What was held back, because something else than samples could have begun there. */
  end(): PcmPiece[] {
    return [...this.#read(true)];
  }

  *#read(isEnd: boolean): Generator<PcmPiece, void, undefined> {
    for (;;) {
      const place = this.#place;
      if (place.at === "samples") {
        yield* this.#samples(place, isEnd);
        if (this.#place === place) return;
      } else if (!this.#step(place)) return;
    }
  }

  /** Goes on where no samples are. @returns false where more bytes are wanted first */
  #step(place: Exclude<Place, { at: "samples" }>): boolean {
    if (place.at === "file") return this.#beginFile();
    if (place.at === "chunk") return this.#beginChunk();
    const taken = this.#take(place.left).length;
    this.#place = place.left > taken ? { at: "skipped", left: place.left - taken } : { at: "chunk" };
    return place.left === taken;
  }

  #beginFile(): boolean {
    if (this.#bytes.length < 12) return false;
    if (!isFile(this.#bytes, 0)) throw notWav("the service's audio is not the WAV it began as");
    this.#take(12);
    [this.#format, this.#reader, this.#beforeSamples] = [undefined, undefined, 0];
    this.#place = { at: "chunk" };
    return true;
  }

  #beginChunk(): boolean {
    if (this.#bytes.length < CHUNK_HEADER_BYTES) return false;
    // Where no chunk begins behind it either, it is half of a sample: the size was wrong.
    if (this.#mayBePadded && !isId(this.#bytes, 0) && (isId(this.#bytes, 1) || !this.#reader)) this.#take(1);
    this.#mayBePadded = false;
    const bytes = this.#bytes;
    if (bytes.length < CHUNK_HEADER_BYTES) return false;
    const id = idAt(bytes, 0);
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
    if (isFileId(bytes, 0)) this.#place = { at: "file" };
    else if (id === "data") this.#beginSamples(size);
    else if (id === "fmt ") return this.#readFormat(size);
    // The size was written before it was known: what follows is still sound.
    else if (this.#reader && !isChunkBehind(bytes, 0)) this.#place = { at: "samples", left: undefined };
    // Zeros are what some fill files up with.
    else if (isId(bytes, 0) || id === "\0\0\0\0") this.#skip(size);
    else throw notWav("the service's audio is not the WAV it began as");
    return true;
  }

  #skip(size: number): void {
    this.#take(CHUNK_HEADER_BYTES);
    this.#beforeSamples += this.#reader ? 0 : size;
    if (this.#beforeSamples > MAX_BEFORE_SAMPLES) throw notWav("the service's WAV has no samples");
    this.#mayBePadded = size % 2 === 1;
    this.#place = { at: "skipped", left: size };
  }

  #beginSamples(size: number): void {
    if (!this.#format) throw notWav("the service's WAV does not say what its samples are");
    this.#take(CHUNK_HEADER_BYTES);
    this.#reader = new PcmReader(this.#format);
    const isKnown = size > 0 && size < UNKNOWN_SIZE;
    this.#mayBePadded = isKnown && size % 2 === 1;
    this.#place = { at: "samples", left: isKnown ? size : undefined };
  }

  #readFormat(size: number): boolean {
    if (size < 16 || size > MAX_FORMAT_BYTES)
      throw notWav("the service's WAV has a header that makes no sense");
    const end = CHUNK_HEADER_BYTES + size;
    if (this.#bytes.length < end) return false;
    this.#format = formatIn(this.#take(end).subarray(CHUNK_HEADER_BYTES));
    this.#mayBePadded = size % 2 === 1;
    return true;
  }

  *#samples(place: Place & { at: "samples" }, isEnd: boolean): Generator<PcmPiece, void, undefined> {
    const { left } = place;
    const found = left === undefined ? endOfSamples(this.#bytes, isEnd) : undefined;
    const part = this.#take(found?.samples ?? left ?? 0);
    if (left !== undefined) place.left = left - part.length;
    if (found?.isOver || place.left === 0) this.#place = { at: "chunk" };
    const samples = this.#reader?.push(part);
    if (samples && samples.length > 0) yield { samples, sampleRate: this.#format?.sampleRate ?? 0 };
  }

  /** Takes so many bytes away, or as many as there are. */
  #take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(taken.length);
    return taken;
  }
}

/** @param bytes of the chunk `fmt ` */
function formatIn(bytes: Uint8Array): PcmFormat {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [tag, channels, sampleRate] = [
    view.getUint16(0, true),
    view.getUint16(2, true),
    view.getUint32(4, true),
  ];
  const [block, bits] = [view.getUint16(12, true), view.getUint16(14, true)];
  const kind = tag === EXTENSIBLE && bytes.length >= 26 ? view.getUint16(24, true) : tag;
  // Samples with fewer bits than their container are in its upper bits.
  const room = block / channels;
  const bytesEach = Number.isInteger(room) && room * 8 >= bits ? room : Math.ceil(bits / 8);
  const encoding = encodingOf(kind, bytesEach);
  const format = encoding && { encoding, bytes: bytesEach, isBigEndian: false, channels, sampleRate };
  if (format && isReadable(format) && sampleRate > 0) return format;
  throw notWav(
    `the service's WAV is in a form that is not read here (${NAMES[kind] ?? `format ${kind}`}, ${bits} bits, ${channels} channels, ${sampleRate} Hz); let it send 16-bit PCM`,
  );
}

function encodingOf(kind: number, bytes: number): SampleEncoding | undefined {
  if (kind === 1) return bytes === 1 ? "unsigned" : "signed";
  return ({ 3: "float", 6: "alaw", 7: "mulaw" } as const)[kind];
}

function notWav(message: string): ServiceError {
  return new ServiceError("engine-failed", message);
}

import type { PcmPiece } from "../../core/audio.ts";
import { joinBytes } from "../../core/bytes.ts";
import { PcmReader } from "./pcm-reader.ts";
import { ServiceError } from "./service-error.ts";

/** Bytes before the samples of a file; what is longer is no WAV from a speech service. */
const MAX_HEADER = 64 * 1024;
/** Sizes from here on mean "until the end": a server that streams cannot know them. */
const UNKNOWN_SIZE = 0x7fff_f000;

interface Samples {
  reader: PcmReader;
  sampleRate: number;
  /** Bytes still to come; infinite where the header does not know. */
  left: number;
}

/**
 * Reads 16-bit WAV while it arrives (RIFF/WAVE). One file may follow the other, as from servers that send a
 * whole file for each part of a text; sizes that are not known yet are 0 or the largest there is.
 */
export class WavReader {
  #bytes: Uint8Array = new Uint8Array();
  #samples: Samples | undefined;
  #hasSpoken = false;

  /** @throws ServiceError `engine-failed` where it is no such file */
  *push(bytes: Uint8Array): Generator<PcmPiece, void, undefined> {
    this.#bytes = joinBytes([this.#bytes, bytes]);
    for (;;) {
      this.#samples ??= this.#header();
      if (!this.#samples) return;
      const { reader, sampleRate, left } = this.#samples;
      const part = this.#bytes.subarray(0, left);
      this.#bytes = this.#bytes.slice(part.length);
      this.#samples.left -= part.length;
      const samples = reader.push(part);
      if (samples.length > 0) yield { samples, sampleRate };
      if (this.#samples.left > 0) return;
      this.#samples = undefined;
    }
  }

  /** What the header says, once it is complete; it is taken away. */
  #header(): Samples | undefined {
    if (this.#hasSpoken && !this.#skipRest()) return undefined;
    const bytes = this.#bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const is = (at: number, tag: string): boolean => isTag(bytes, at, tag);
    if (bytes.length < 12) return undefined;
    if (!is(0, "RIFF") || !is(8, "WAVE")) throw notWav("the service's audio is not the WAV it began as");
    let format: { channels: number; sampleRate: number } | undefined;
    for (let at = 12; at + 8 <= bytes.length; ) {
      const size = view.getUint32(at + 4, true);
      if (is(at, "data") && format) {
        this.#hasSpoken = true;
        this.#bytes = bytes.slice(at + 8);
        const left = size === 0 || size >= UNKNOWN_SIZE ? Number.POSITIVE_INFINITY : size + (size % 2);
        return { reader: new PcmReader(format.channels), sampleRate: format.sampleRate, left };
      }
      if (at + 8 + size > bytes.length) break;
      if (is(at, "fmt ")) format = formatAt(view, at + 8);
      at += 8 + size + (size % 2);
    }
    if (bytes.length > MAX_HEADER) throw notWav("the service's WAV has no samples");
    return undefined;
  }

  /** Takes away what stands behind the samples of a file. @returns whether another file begins */
  #skipRest(): boolean {
    while (this.#bytes.length >= 8 && !isTag(this.#bytes, 0, "RIFF")) {
      const size = new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(4, true);
      if (size > MAX_HEADER) throw notWav("the service's audio is not the WAV it began as");
      const end = 8 + size + (size % 2);
      if (this.#bytes.length < end) return false;
      this.#bytes = this.#bytes.slice(end);
    }
    return this.#bytes.length >= 8;
  }
}

function isTag(bytes: Uint8Array, at: number, tag: string): boolean {
  return [...tag].every((char, index) => bytes[at + index] === char.charCodeAt(0));
}

function formatAt(view: DataView, at: number): { channels: number; sampleRate: number } {
  const [tag, channels, bits] = [
    view.getUint16(at, true),
    view.getUint16(at + 2, true),
    view.getUint16(at + 14, true),
  ];
  const isPcm = tag === 1 || tag === 0xfffe;
  if (!isPcm || bits !== 16 || channels < 1 || channels > 8) {
    throw notWav(`the service's WAV is not 16-bit PCM (format ${tag}, ${bits} bits, ${channels} channels)`);
  }
  return { channels, sampleRate: view.getUint32(at + 4, true) };
}

function notWav(message: string): ServiceError {
  return new ServiceError("engine-failed", message);
}

import { joinBytes } from "../../../core/bytes.ts";
import type { PcmPiece } from "../../../core/dsp/audio.ts";
import { type PcmFormat, PcmReader } from "./pcm-reader.ts";

/** Bytes, silence before them not counted, that tell in which order they are. */
const ENOUGH_BYTES = 4096;

/**
 * Reads 16-bit samples that are said to be `audio/L16`, which is big endian (RFC 2586), but which some services send in
 * the order of their machine: in the wrong one speech is noise.
 */
export class EitherOrderReader {
  readonly #format: PcmFormat;
  #reader: PcmReader | undefined;
  #held: Uint8Array = new Uint8Array();

  constructor(format: PcmFormat) {
    this.#format = format;
  }

  push(bytes: Uint8Array): PcmPiece[] {
    if (this.#reader) return this.#piece(this.#reader.push(bytes));
    this.#held = joinBytes([this.#held, bytes]);
    const first = this.#held.findIndex((byte) => byte !== 0);
    return first >= 0 && this.#held.length - first >= ENOUGH_BYTES ? this.#decide() : [];
  }

  end(): PcmPiece[] {
    return this.#reader ? [] : this.#decide();
  }

  #decide(): PcmPiece[] {
    const said = this.#in(this.#format.isBigEndian);
    const other = this.#in(!this.#format.isBigEndian);
    const chosen = roughness(other.samples) < roughness(said.samples) ? other : said;
    this.#reader = chosen.reader;
    this.#held = new Uint8Array();
    return this.#piece(chosen.samples);
  }

  #in(isBigEndian: boolean): { reader: PcmReader; samples: Float32Array<ArrayBuffer> } {
    const reader = new PcmReader({ ...this.#format, isBigEndian });
    return { reader, samples: reader.push(this.#held) };
  }

  #piece(samples: Float32Array<ArrayBuffer>): PcmPiece[] {
    return [{ samples, sampleRate: this.#format.sampleRate }];
  }
}

/** How far it goes from sample to sample, beside how far out it is; of speech less than of noise. */
function roughness(samples: Float32Array): number {
  let steps = 0;
  let all = 0;
  for (const [index, sample] of samples.entries()) {
    steps += (sample - (samples[index - 1] ?? 0)) ** 2;
    all += sample ** 2;
  }
  return all > 0 ? steps / all : 0;
}

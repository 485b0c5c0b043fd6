import { joinPcm } from "../../core/dsp/pcm.ts";
import type { SentenceJob } from "../contract/sentence-job.ts";
import { SOUND_RATE } from "./audio-chain.ts";

/** Adds a line's pause before a sentence's finished sound at 24 kHz, and makes it softer where the line asks for that. */
export class SentenceShape {
  readonly changesSound: boolean;
  readonly #factor: number;
  #pauseMs: number;

  constructor({ pauseMs = 0, gainDb = 0 }: Pick<SentenceJob, "pauseMs" | "gainDb">) {
    this.#pauseMs = pauseMs;
    this.#factor = 10 ** (Math.min(0, gainDb) / 20);
    this.changesSound = pauseMs > 0 || this.#factor < 1;
  }

  push(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    const shaped = this.#factor === 1 ? samples : samples.map((sample) => sample * this.#factor);
    // Silence alone is nothing to hear: until the engine speaks, another one may take its place.
    if (this.#pauseMs === 0 || samples.length === 0) return shaped;
    return joinPcm([this.silence(), shaped]);
  }

  /** The pause, where it has not been given yet. */
  silence(): Float32Array<ArrayBuffer> {
    const samples = new Float32Array(Math.round((this.#pauseMs * SOUND_RATE) / 1000));
    this.#pauseMs = 0;
    return samples;
  }
}

/** Hz of every sound, as of the speech beside it; mono. */
export const SOUND_RATE = 24_000;

const FULL_SCALE = 32_767;
/** Samples that are mixed down before others have their turn. */
const PORTION = 20 * SOUND_RATE;
/** What goes round has its end laid over its beginning for so long. */
const SEAM_SAMPLES = SOUND_RATE / 20;

/** Sound by whole samples. */
export interface Clip {
  readonly length: number;
  /** Of memory. */
  readonly bytes: number;
  /** 0 where there is none. */
  at(index: number): number;
}

/** Sound that is kept in 16 bits, half as large as it is rendered: a minute is 2.9 MB. */
export class SoundClip implements Clip {
  #samples: Int16Array;

  /** @param samples −1…1; what is louder is cut */
  constructor(samples: Float32Array) {
    this.#samples = new Int16Array(samples.length);
    this.#take([samples], 0, samples.length);
  }

  /** Of several channels, mixed down to one; others have their turn meanwhile. */
  static async mixed(channels: readonly Float32Array[]): Promise<SoundClip> {
    const clip = new SoundClip(new Float32Array(0));
    const length = channels[0]?.length ?? 0;
    clip.#samples = new Int16Array(length);
    for (let from = 0; from < length; from += PORTION) {
      clip.#take(channels, from, Math.min(length, from + PORTION));
      await new Promise((resolve) => setTimeout(resolve));
    }
    return clip;
  }

  #take(channels: readonly Float32Array[], from: number, to: number): void {
    for (let i = from; i < to; i++) {
      let sample = 0;
      for (const channel of channels) sample += channel[i] as number;
      const mixed = sample / channels.length;
      this.#samples[i] = Math.round(FULL_SCALE * Math.max(-1, Math.min(1, mixed)));
    }
  }

  get length(): number {
    return this.#samples.length;
  }

  get bytes(): number {
    return this.#samples.byteLength;
  }

  at(index: number): number {
    return (this.#samples[index] ?? 0) / FULL_SCALE;
  }
}

/**
 * Sound that goes round without a seam. Of a recording the end fades into the beginning; what was made to go round is left
 * as it is.
 */
export class SoundLoop {
  readonly #clip: Clip;
  readonly #seam: number;

  /** @param isRound its end meets its beginning already */
  constructor(clip: Clip, isRound: boolean) {
    this.#clip = clip;
    this.#seam = isRound ? 0 : Math.min(SEAM_SAMPLES, clip.length >> 1);
  }

  /** Samples of one round. */
  get length(): number {
    return this.#clip.length - this.#seam;
  }

  /** The sample at a whole position, however often it has gone round; before 0 there is nothing. */
  at(position: number): number {
    const { length } = this;
    if (position < 0 || length === 0) return 0;
    const index = position % length;
    const sample = this.#clip.at(index);
    if (index >= this.#seam || position < length) return sample;
    const part = (index + 0.5) / this.#seam;
    return Math.sqrt(part) * sample + Math.sqrt(1 - part) * this.#clip.at(length + index);
  }
}

import type { AudioProcessor } from "./audio-processor.ts";
import { LoudnessMeter } from "./loudness.ts";
import { joinPcm } from "./pcm.ts";

/** LUFS at which everybody speaks. */
export const TARGET_LUFS = -18;
/** The gain stays within this, in dB: what is softer by more is hiss rather than speech. */
const MAX_GAIN_DB = 40;
/** dB of lost power that are made up for: more would flatten the voice. */
const MAX_MADE_UP_DB = 3;
/** Between two looks at the meter the gain goes straight. */
const STEP_MS = 100;
/** By so much it changes from one look to the next at the most, for a voice that is known: nobody hears it go. */
const MAX_STEP = 10 ** (0.5 / 20);

/** How loud a voice was so far. */
export interface VoiceLevel {
  /** Of what its engine gives, after effects. */
  lufs: number;
  /** ms of speech that were measured, up to a bound. */
  ms: number;
  /** dB that its peaks cost it in the last sentence, when they were limited; they are made up for. */
  lostDb?: number;
}

/** What is expected of a voice that nobody has heard. */
const GUESS: VoiceLevel = { lufs: -22, ms: 200 };
/** ms of speech after which a voice is known. */
const KNOWN_MS = 1000;
/** What is known of a voice counts as so many ms of the sentence it speaks, less the more was heard of that. */
const TRUST_MS = 800;
/** ms of a sentence after which it counts for itself alone. */
const TRUST_FADES_MS = 2500;
/** ms of a sentence that say nothing yet about a voice that is known: many begin softly. */
const EARLY_MS = 400;
/** ms of speech that are remembered: who changes is followed. */
const MEMORY_MS = 20_000;
/** ms of a sentence after which nothing that was only guessed counts. */
const GUESS_FADES_MS = 1000;
/** ms of an unknown voice that are listened to before any of it is given out. */
const FIRST_LISTEN_MS = 200;

export interface LevellerOptions {
  /** Hz */
  sampleRate: number;
  /** What is known of the voice. */
  level?: VoiceLevel | undefined;
  /** ms that may be listened to before any is given out; where they cost nothing, many. */
  listenMs?: number;
}

/**
 * Brings a voice to −18 LUFS without waiting for its end. The gain follows a mean of what is known of the voice
 * and what was measured of this sentence, weighted by how long each was heard: the longer, the steadier.
 */
export class Leveller implements AudioProcessor {
  readonly #meter: LoudnessMeter;
  readonly #prior: VoiceLevel;
  readonly #isKnown: boolean;
  readonly #listenedMs: number;
  readonly #stepSamples: number;
  #listenSamples: number;
  #held: Float32Array<ArrayBuffer>[] = [];
  #heldSamples = 0;
  #from: number;
  #to: number;
  /** Samples since the gain was `from`. */
  #at = 0;

  constructor({ sampleRate, level, listenMs = 0 }: LevellerOptions) {
    this.#meter = new LoudnessMeter(sampleRate);
    this.#prior = level ?? GUESS;
    this.#isKnown = this.#prior.ms >= KNOWN_MS;
    this.#stepSamples = Math.round((sampleRate * STEP_MS) / 1000);
    this.#listenedMs = Math.max(this.#isKnown ? 0 : FIRST_LISTEN_MS, listenMs);
    this.#listenSamples = Math.round((sampleRate * this.#listenedMs) / 1000);
    this.#from = this.#target();
    this.#to = this.#from;
  }

  /** What is known of the voice by now; undefined where all was silence so far. */
  get level(): VoiceLevel | undefined {
    const { lufs, ms } = this.#meter;
    const known = this.#prior === GUESS ? 0 : Math.min(this.#prior.ms, MEMORY_MS);
    if (lufs !== undefined) return mean({ lufs: this.#prior.lufs, ms: known }, { lufs, ms });
    return known > 0 ? this.#prior : undefined;
  }

  /** Whether the gain was guessed when the sentence began: peaks that it cost then say nothing of the voice. */
  get isGuessing(): boolean {
    return !this.#isKnown && this.#listenedMs < KNOWN_MS;
  }

  push(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    if (this.#listenSamples === 0) return this.#levelled(samples);
    this.#held.push(samples);
    this.#heldSamples += samples.length;
    return this.#heldSamples < this.#listenSamples ? new Float32Array(0) : this.#begin();
  }

  flush(): Float32Array<ArrayBuffer> {
    return this.#listenSamples === 0 ? new Float32Array(0) : this.#begin();
  }

  #begin(): Float32Array<ArrayBuffer> {
    const all = joinPcm(this.#held);
    const heard = all.subarray(0, this.#listenSamples);
    this.#meter.push(heard);
    this.#from = this.#target();
    this.#to = this.#from;
    for (let i = 0; i < heard.length; i++) heard[i] = (heard[i] as number) * this.#from;
    this.#held = [];
    this.#listenSamples = 0;
    this.#levelled(all.subarray(heard.length));
    return all;
  }

  /** In place. */
  #levelled(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    for (let start = 0; start < samples.length; ) {
      const part = samples.subarray(start, start + this.#stepSamples - this.#at);
      this.#meter.push(part);
      this.#glide(part);
      start += part.length;
    }
    return samples;
  }

  #glide(part: Float32Array): void {
    const slope = (this.#to - this.#from) / this.#stepSamples;
    for (let i = 0; i < part.length; i++)
      part[i] = (part[i] as number) * (this.#from + slope * (this.#at + i));
    this.#at += part.length;
    if (this.#at < this.#stepSamples) return;
    this.#at = 0;
    this.#from = this.#to;
    const most = this.#isKnown ? MAX_STEP : Number.POSITIVE_INFINITY;
    this.#to = Math.max(this.#from / most, Math.min(this.#from * most, this.#target()));
  }

  #target(): number {
    const gain = TARGET_LUFS - this.#expected() + Math.min(MAX_MADE_UP_DB, this.#prior.lostDb ?? 0);
    return 10 ** (Math.max(-MAX_GAIN_DB, Math.min(MAX_GAIN_DB, gain)) / 20);
  }

  /** LUFS that the sentence will have come to, had it no gain. */
  #expected(): number {
    const { lufs, ms } = this.#meter;
    const { lufs: expected } = this.#prior;
    if (lufs === undefined || (this.#isKnown && ms < EARLY_MS)) return expected;
    const [trust, fadesMs] = this.#isKnown ? [TRUST_MS, TRUST_FADES_MS] : [this.#prior.ms, GUESS_FADES_MS];
    return mean({ lufs: expected, ms: trust * Math.max(0, 1 - ms / fadesMs) }, { lufs, ms }).lufs;
  }
}

/** Of LUFS, not of energies: too loud and too soft weigh the same. */
function mean(a: VoiceLevel, b: VoiceLevel): VoiceLevel {
  const ms = a.ms + b.ms;
  return { lufs: (a.lufs * a.ms + b.lufs * b.ms) / ms, ms };
}

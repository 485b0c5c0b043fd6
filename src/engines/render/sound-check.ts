import { durationMs, type PcmPiece } from "../../core/dsp/audio.ts";
import { BardcastError } from "../../core/errors.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import { checkSampleRate } from "./sample-rate.ts";
import { type Doubt, differs, doubtAbout, isSounding, WINDOW_MS } from "./sound-doubt.ts";

/** ms of sound, silence before it not counted, that are looked at before any is given out. */
const FIRST_MS = 100;
/** ms that are waited for at the most until a doubt about the beginning is settled. */
const DOUBTED_MS = 600;
/** The share of a sentence that may be doubtful. */
const MAX_DOUBTED = 0.5;
/** ms a letter or digit: no speech is that quick, by a factor of three. */
const LEAST_MS_PER_LETTER = 6;
/** ms a character, the names of emoji and long numbers included, and ms on top: no speech is that slow. */
const MOST_MS_PER_CHARACTER = 2500;
const MOST_MS_MORE = 60_000;

/** The parts of a job from which the check knows what to expect. */
export interface Wanted {
  text: string;
  voice: Pick<VoiceConfig, "speed">;
}

/**
 * Asks of one sentence's sound whether it can be the speech that was wanted, whoever made it: numbers in range, no noise, no
 * silence, neither far too short nor far too long. The first tenth of a second of sound is held back until it is judged.
 */
export class SoundCheck {
  readonly #leastMs: number;
  readonly #mostMs: number;
  #held: PcmPiece[] = [];
  #isOpen = false;
  #rate = 0;
  #samples = 0;
  /** Of windows in which something is heard. */
  #soundMs = 0;
  /** Where the sound rests before it begins. */
  #rest: number | undefined;
  /** Undefined before the first sound. */
  #window: Float32Array | undefined;
  #filled = 0;
  #judgedMs = 0;
  #doubt: Doubt | undefined;
  /** Without a break, and all in all. */
  #doubtedMs = 0;
  #allDoubtedMs = 0;

  constructor({ text, voice }: Wanted) {
    const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    this.#leastMs = (letters * LEAST_MS_PER_LETTER) / Math.max(1, voice.speed);
    this.#mostMs = ([...text].length * MOST_MS_PER_CHARACTER) / Math.min(1, voice.speed) + MOST_MS_MORE;
  }

  /**
   * Takes what an engine gave next. @returns what may be heard by now
   * @throws BardcastError `engine-failed`, saying what is wrong with it
   */
  push(piece: PcmPiece): PcmPiece[] {
    this.#accept(piece);
    this.#look(piece.samples);
    if (!this.#isOpen) this.#held.push(piece);
    else return [piece];
    this.#isOpen = this.#judgedMs >= DOUBTED_MS || (!this.#isDoubted && this.#soundMs >= FIRST_MS);
    return this.#isOpen ? this.#release() : [];
  }

  /** The engine is done. @throws BardcastError `engine-failed`, `engine-silent` */
  end(): PcmPiece[] {
    if (this.#window && this.#filled > 0) this.#judge(this.#window.subarray(0, this.#filled));
    const soundMs = Math.round(this.#soundMs);
    if (this.#samples > 0 && this.#leastMs > 0 && soundMs === 0)
      throw new BardcastError("engine-silent", "the engine gave nothing but silence");
    if (this.#samples > 0) this.requireLength(soundMs);
    if (this.#doubt && this.#allDoubtedMs > MAX_DOUBTED * this.#judgedMs) throw failed(this.#doubt.what);
    return this.#release();
  }

  /**
   * @param ms that all of it lasts, with its silence
   * @throws BardcastError `engine-failed` where it cannot last so long, or so short
   */
  requireLength(ms: number): void {
    if (ms > this.#mostMs) throw failed("sound without end for so few words");
    if (ms < this.#leastMs) throw failed(`only ${ms} ms of sound for so many words`);
  }

  /** Whether more of the sound will tell. */
  get #isDoubted(): boolean {
    return this.#doubt !== undefined && this.#doubt.certainMs <= DOUBTED_MS;
  }

  #accept(piece: PcmPiece): void {
    // Engines of others come without types.
    const { samples, sampleRate } = Object(piece) as PcmPiece;
    if (!(samples instanceof Float32Array))
      throw failed(`${nameOf(samples)} instead of a Float32Array of samples in −1…1`);
    // Only words came late.
    if (samples.length === 0) return;
    checkSampleRate(sampleRate);
    if (this.#rate !== 0 && this.#rate !== sampleRate) throw failed("sound whose sample rate changes");
    this.#rate = sampleRate;
    this.#samples += samples.length;
    if (durationMs(this.#samples, sampleRate) > this.#mostMs) this.requireLength(Number.POSITIVE_INFINITY);
  }

  #look(samples: Float32Array): void {
    let at = 0;
    if (samples.length === 0) return;
    if (!this.#window) {
      this.#rest ??= samples[0] ?? 0;
      const rest = this.#rest;
      while (at < samples.length && !differs(samples[at] as number, rest)) at += 1;
      if (at === samples.length) return;
      this.#window = new Float32Array(Math.round((this.#rate * WINDOW_MS) / 1000));
    }
    const window = this.#window;
    while (at < samples.length) {
      const part = samples.subarray(at, at + window.length - this.#filled);
      window.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === window.length) this.#judge(window);
    }
  }

  #judge(window: Float32Array): void {
    this.#filled = 0;
    const ms = (window.length * 1000) / this.#rate;
    this.#judgedMs += ms;
    if (isSounding(window)) this.#soundMs += ms;
    // So few say too little.
    if (ms < WINDOW_MS / 2) return;
    const doubt = doubtAbout(window);
    this.#doubtedMs = doubt && doubt.what === this.#doubt?.what ? this.#doubtedMs + ms : doubt ? ms : 0;
    this.#allDoubtedMs += doubt ? ms : 0;
    this.#doubt = doubt;
    if (doubt && this.#doubtedMs >= doubt.certainMs) throw failed(doubt.what);
  }

  #release(): PcmPiece[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}

function failed(what: string): BardcastError {
  return new BardcastError("engine-failed", `the engine gave ${what}`);
}

function nameOf(value: unknown): string {
  return typeof value === "object" && value !== null
    ? (value.constructor?.name ?? "an object")
    : typeof value;
}

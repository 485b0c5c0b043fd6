import type { PcmPiece } from "../../core/dsp/audio.ts";
import { int16ToFloat } from "../../core/dsp/pcm.ts";
import { BardcastError } from "../../core/errors.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineCapabilities, SynthesizeOptions, TTSEngine } from "../contract/engine.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";
import { nativeProsody } from "../contract/prosody.ts";
import { ESPEAK_SAMPLE_RATE, EspeakSynth, importEspeak } from "./espeak-synth.ts";
import { escapeText, wordTimes } from "./espeak-text.ts";

/** Words a minute at speed 1. */
const NORMAL_RATE = 175;
/** eSpeak's pitch at 0 semitones, and how far one step of it raises or lowers the measured fundamental. */
const NORMAL_PITCH = 50;
const SEMITONES_UP = 0.172;
const SEMITONES_DOWN = 0.135;
/** As far as eSpeak goes: 80 words a minute, more than 400 of which it gets shorter by less than it is told, 0 and 99. */
const PROSODY = { speed: [80 / NORMAL_RATE, 2.3], pitch: [-6.75, 8.4] } as const;
/** A fifth of a second. */
const PIECE_SAMPLES = ESPEAK_SAMPLE_RATE / 5;
/** ms of speaking after which the runtime has compiled nearly all of eSpeak. */
const WARMUP_MS = 250;
const WARMUP_TEXT = "The dragon roars, and the walls of the old keep tremble!";

/**
 * eSpeak NG, in WebAssembly: 110 languages, robotic, a hundred times faster than speech. Voice ids are
 * languages or eSpeak's own names with an optional variant: `en-us+f3`, `it`, `cmn+whisper`. The package
 * it needs is GPL-3.0 and optional. With `extra.whisper` it whispers.
 */
export function createEspeakEngine(): TTSEngine {
  return new EspeakEngine();
}

class EspeakEngine implements TTSEngine {
  readonly name = "espeak";
  // A sentence is synthesised in one go; what follows is only cut.
  readonly capabilities: EngineCapabilities = {
    streaming: false,
    wordTimes: true,
    weight: "light",
    robotic: true,
    spells: "espeak",
    ipa: true,
    sampleRate: ESPEAK_SAMPLE_RATE,
    prosody: PROSODY,
  };
  #starting: Promise<EspeakSynth> | undefined;
  #languages: readonly string[] = ["*"];
  #voices: readonly EngineVoice[] = [];
  #warm = false;

  supportedLanguages(): readonly string[] {
    return this.#languages;
  }

  listVoices(): readonly EngineVoice[] {
    return this.#voices;
  }

  async isAvailable(): Promise<boolean> {
    return importEspeak().then(
      () => true,
      () => false,
    );
  }

  async warmup(): Promise<void> {
    const synth = await this.#synth();
    if (this.#warm) return;
    this.#warm = true;
    const order = { ssml: WARMUP_TEXT, rate: NORMAL_RATE, pitch: NORMAL_PITCH };
    const until = performance.now() + WARMUP_MS;
    for (let round = 0; performance.now() < until; round++) {
      synth.speak({ ...order, voice: round % 2 ? "gmw/en-US" : "gmw/en+f3" });
    }
  }

  async shutdown(): Promise<void> {
    this.#starting = undefined;
    this.#warm = false;
  }

  /** @throws BardcastError `engine-unavailable`, `voice-unknown` */
  async *synthesize(
    text: string,
    voice: VoiceConfig,
    options: SynthesizeOptions = {},
  ): AsyncGenerator<PcmPiece, void, undefined> {
    const synth = await this.#synth();
    options.signal?.throwIfAborted();
    const name = synth.voices.find(voice.voiceId, voice.language, {
      whispers: voice.extra.whisper === true,
    });
    if (!name) {
      const message = `espeak has no voice "${voice.voiceId}" and does not speak "${voice.language}"`;
      throw new BardcastError("voice-unknown", message);
    }
    const { ssml, origins } = escapeText(text, options.ipa, voice.language);
    const { samples, events } = synth.speak({ ssml, voice: name, ...orderOf(voice) });
    for (let at = 0; at < samples.length; at += PIECE_SAMPLES) {
      options.signal?.throwIfAborted();
      const piece: PcmPiece = {
        samples: int16ToFloat(samples.subarray(at, at + PIECE_SAMPLES)),
        sampleRate: ESPEAK_SAMPLE_RATE,
      };
      yield at === 0 ? { ...piece, words: wordTimes(text, origins, events) } : piece;
    }
  }

  #synth(): Promise<EspeakSynth> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<EspeakSynth> {
    try {
      const synth = await EspeakSynth.start();
      this.#languages = synth.voices.languages;
      this.#voices = synth.voices.list();
      return synth;
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
  }
}

function orderOf(voice: VoiceConfig): { rate: number; pitch: number } {
  const { speed, pitch } = nativeProsody(PROSODY, voice);
  const semitones = pitch > 0 ? SEMITONES_UP : SEMITONES_DOWN;
  return { rate: Math.round(NORMAL_RATE * speed), pitch: Math.round(NORMAL_PITCH + pitch / semitones) };
}

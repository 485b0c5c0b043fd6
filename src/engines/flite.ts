import type { PcmPiece, WordTime } from "../core/audio.ts";
import { BardcastError } from "../core/errors.ts";
import { int16ToFloat } from "../core/pcm.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { EngineCapabilities, TTSEngine } from "./engine.ts";
import { FLITE_SAMPLE_RATE, type FliteOrder, type FliteSpeech, FliteSynth } from "./flite-synth.ts";
import { type FliteText, toAscii } from "./flite-text.ts";
import { fliteVoice } from "./flite-voices.ts";
import { fliteWords, fliteWordTimes, oneByOne } from "./flite-words.ts";

/** ms in one piece. */
const PIECE_MS = 200;
/** How far a voice can be slowed down, sped up, and moved before it falls apart; as factors. */
const MAX_FACTOR = 4;
/** Pieces cross to 24 kHz through a filter that is small for round rates only. */
const RATE_STEP = 100;
const WARMUP_TEXT = "The dragon roars.";
const WARMUP_ROUNDS = 3;

/**
 * Flite (CMU), in WebAssembly: English, plain but human, twenty times faster than speech. Voice ids are its
 * own (`slt`, `rms`, `awb`, `kal16`), or any other engine's, which `fliteVoice` finds a match for. The package
 * it needs is free of copyleft, and optional.
 */
export function createFliteEngine(): TTSEngine {
  return new FliteEngine();
}

class FliteEngine implements TTSEngine {
  readonly name = "flite";
  // A sentence is synthesised in one go; what follows is only cut. rms has more than one sample rate.
  readonly capabilities: EngineCapabilities = { streaming: false, wordTimes: true, weight: "light" };
  #starting: Promise<FliteSynth> | undefined;
  #warm = false;

  supportedLanguages(): readonly string[] {
    return ["en"];
  }

  async isAvailable(): Promise<boolean> {
    return this.#synth().then(
      () => true,
      () => false,
    );
  }

  async warmup(): Promise<void> {
    const synth = await this.#synth();
    if (this.#warm) return;
    this.#warm = true;
    for (let round = 0; round < WARMUP_ROUNDS; round++) {
      synth.speak({ ascii: WARMUP_TEXT, voice: round % 2 ? "rms" : "slt", stretch: 1, shift: 1 });
    }
  }

  async shutdown(): Promise<void> {
    this.#starting = undefined;
    this.#warm = false;
  }

  /** @throws BardcastError `engine-unavailable`, `engine-failed`, `voice-unknown` for a text in other letters */
  async *synthesize(
    text: string,
    voice: VoiceConfig,
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<PcmPiece, void, undefined> {
    const synth = await this.#synth();
    options.signal?.throwIfAborted();
    const spelled = toAscii(text);
    if (!/[A-Za-z0-9]/.test(spelled.ascii)) {
      throw new BardcastError("voice-unknown", "flite reads Latin letters and digits only");
    }
    const { sampleRate, ...order } = prosody(voice);
    const speech = synth.speak({ ascii: spelled.ascii, ...order });
    const step = Math.round((sampleRate * PIECE_MS) / 1000);
    let words: WordTime[] | undefined;
    for (let at = 0; at < speech.samples.length; at += step) {
      options.signal?.throwIfAborted();
      const samples = int16ToFloat(speech.samples.subarray(at, at + step));
      // The first piece does not wait for the words, unless it is the last as well.
      if (words === undefined && (at > 0 || at + step >= speech.samples.length)) {
        words = wordTimes(synth, text, spelled, speech).map(inTime(FLITE_SAMPLE_RATE / sampleRate));
        yield { samples, sampleRate, words };
      } else yield { samples, sampleRate };
    }
  }

  #synth(): Promise<FliteSynth> {
    this.#starting ??= FliteSynth.start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }
}

/**
 * Speed and pitch as Flite has them. rms cannot be raised: it is spoken slower or faster, and played faster or
 * slower, so that the time is right and the whole voice is moved.
 */
function prosody({ voiceId, speed, pitch }: VoiceConfig): Omit<FliteOrder, "ascii"> & { sampleRate: number } {
  const voice = fliteVoice(voiceId);
  const raised = clamp(2 ** (pitch / 12));
  if (voice !== "rms") {
    return { voice, stretch: clamp(1 / speed), shift: raised, sampleRate: FLITE_SAMPLE_RATE };
  }
  const sampleRate = Math.round((FLITE_SAMPLE_RATE * raised) / RATE_STEP) * RATE_STEP;
  return { voice, stretch: clamp(sampleRate / FLITE_SAMPLE_RATE / speed), shift: 1, sampleRate };
}

function clamp(factor: number): number {
  return Math.min(MAX_FACTOR, Math.max(1 / MAX_FACTOR, factor));
}

function wordTimes(synth: FliteSynth, text: string, spelled: FliteText, { phones }: FliteSpeech): WordTime[] {
  const words = fliteWords(text, spelled);
  return fliteWordTimes(words, synth.soundsOf(oneByOne(words)), phones) ?? [];
}

/** @param scale how much longer a ms of Flite's lasts */
function inTime(scale: number): (word: WordTime) => WordTime {
  return ([start, length, startMs, endMs]) => [
    start,
    length,
    Math.round(startMs * scale),
    Math.round(endMs * scale),
  ];
}

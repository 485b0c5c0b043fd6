import { nextTurn } from "../../core/async/time-slicer.ts";
import type { PcmPiece, WordTime } from "../../core/dsp/audio.ts";
import { int16ToFloat } from "../../core/dsp/pcm.ts";
import { BardcastError } from "../../core/errors.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineCapabilities, SynthesizeOptions, TTSEngine } from "../contract/engine.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";
import { speakOpening, withOpening } from "./flite-opening.ts";
import { FLITE_SAMPLE_RATE, type FliteOrder, type FliteSpeech, FliteSynth } from "./flite-synth.ts";
import { type FliteText, toAscii } from "./flite-text.ts";
import { type FliteVoice, fliteVoice, LISTED_VOICES } from "./flite-voices.ts";
import { fliteWords, fliteWordTimes, oneByOne } from "./flite-words.ts";

/** ms in one piece. */
const PIECE_MS = 200;
/** How far a voice can be slowed down, sped up, and moved before it falls apart; as factors. */
const MAX_FACTOR = 4;
/** Pieces cross to 24 kHz through a filter that is small for round rates only. */
const RATE_STEP = 100;
const QUICKEST: FliteVoice = "kal16";
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
  // All of a clause at the least. rms has more than one sample rate.
  readonly capabilities: EngineCapabilities = {
    streaming: false,
    wordTimes: true,
    weight: "light",
    spells: "flite",
  };
  #starting: Promise<FliteSynth> | undefined;
  #warm = false;

  supportedLanguages(): readonly string[] {
    return ["en"];
  }

  listVoices(): readonly EngineVoice[] {
    return LISTED_VOICES;
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
    options: SynthesizeOptions = {},
  ): AsyncGenerator<PcmPiece, void, undefined> {
    const synth = await this.#synth();
    options.signal?.throwIfAborted();
    const spelled = toAscii(text);
    if (!/[A-Za-z0-9]/.test(spelled.ascii)) {
      throw new BardcastError("voice-unknown", "flite reads Latin letters and digits only");
    }
    const { sampleRate, ...changes } = prosody(voice);
    const order: FliteOrder = { ascii: spelled.ascii, ...changes };
    // The quickest voice has the whole as soon as others have the opening.
    const opening = options.whole || order.voice === QUICKEST ? undefined : speakOpening(synth, order);
    if (opening) {
      yield* cut(opening, { sampleRate, ...options });
      // It is heard, and a listener may have had enough, before the thread is busy again.
      await nextTurn();
      options.signal?.throwIfAborted();
    }
    const whole = synth.speak(order);
    const speech = opening ? withOpening(opening, whole) : whole;
    const words = (): WordTime[] =>
      wordTimes(synth, text, spelled, speech).map(inTime(FLITE_SAMPLE_RATE / sampleRate));
    yield* cut(speech, { from: opening?.samples.length ?? 0, words, sampleRate, ...options });
  }

  #synth(): Promise<FliteSynth> {
    this.#starting ??= FliteSynth.start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }
}

/** Where pieces are cut, and what goes with them. */
interface CutOptions {
  /** Sample with which they begin; default the first. */
  from?: number;
  /** Hz */
  sampleRate: number;
  /** Called after the first piece of all, which does not wait for it, unless it is the last as well. */
  words?: () => WordTime[];
  signal?: AbortSignal;
}

function* cut(
  { samples }: { samples: Int16Array<ArrayBuffer> },
  { from = 0, sampleRate, words, signal }: CutOptions,
): Generator<PcmPiece, void, undefined> {
  const step = Math.round((sampleRate * PIECE_MS) / 1000);
  let untold = words;
  for (let at = from; at < samples.length; at += step) {
    signal?.throwIfAborted();
    const piece = { samples: int16ToFloat(samples.subarray(at, at + step)), sampleRate };
    if (untold && (at > 0 || at + step >= samples.length)) {
      yield { ...piece, words: untold() };
      untold = undefined;
    } else yield piece;
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

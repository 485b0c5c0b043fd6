import type { PcmPiece } from "../../core/dsp/audio.ts";
import { BardcastError } from "../../core/errors.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineCapabilities, SynthesizeOptions, TTSEngine } from "../contract/engine.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";

/** Speech as bytes: WAV or MP3, else 16-bit little-endian PCM. */
export type SpokenBytes = Uint8Array | ArrayBuffer;

/** A finished piece of speech, as `TTSResult` has it, or as the results of other programs do. */
export type SpokenResult = (
  | { audio: SpokenBytes }
  | { audio_data: SpokenBytes }
  | { audioData: SpokenBytes }
) & {
  /** Hz, where the bytes do not say so themselves; default 24,000. */
  sampleRate?: number;
  sample_rate?: number;
};

/**
 * The least that speaks: `{ synthesize(text, voice) }`, which answers with a whole file, or with pieces as a
 * `TTSEngine` does. What else a `TTSEngine` says of itself may be there, too: where it does not see to the voice's speed
 * and pitch, `capabilities: { streaming: false, wordTimes: false, prosody: { speed: false, pitch: false } }`.
 */
export interface Synthesizer extends Partial<Omit<TTSEngine, "synthesize">> {
  synthesize(
    text: string,
    voice: VoiceConfig,
    options?: SynthesizeOptions,
  ): AsyncIterable<PcmPiece> | SpokenBytes | SpokenResult | Promise<SpokenBytes | SpokenResult>;
}

/** What a `Synthesizer` without a name is called. */
const NAME = "custom";
/** Hz of bytes that nobody says more about. */
const DEFAULT_RATE = 24_000;
/** The capabilities of an engine that answers with whole files. */
const WHOLE: EngineCapabilities = { streaming: false, wordTimes: false };

/** A whole engine of what can at least synthesise; one that is whole already is left as it is. */
export function asEngine(given: TTSEngine | Synthesizer): TTSEngine {
  return isEngine(given) ? given : new SynthesizerEngine(given);
}

function isEngine(given: TTSEngine | Synthesizer): given is TTSEngine {
  try {
    const { name, capabilities, supportedLanguages, isAvailable, warmup, shutdown } = given;
    return [name, capabilities, supportedLanguages, isAvailable, warmup, shutdown].every(
      (part) => part !== undefined,
    );
  } catch {
    // An object that throws when its properties are read is left out by `guarded`.
    return true;
  }
}

class SynthesizerEngine implements TTSEngine {
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  readonly #given: Synthesizer;

  constructor(given: Synthesizer) {
    this.name = given.name ?? NAME;
    this.capabilities = given.capabilities ?? WHOLE;
    this.#given = given;
  }

  supportedLanguages(): readonly string[] {
    return this.#given.supportedLanguages?.() ?? ["*"];
  }

  listVoices(): readonly EngineVoice[] {
    return this.#given.listVoices?.() ?? [];
  }

  async isAvailable(): Promise<boolean> {
    return (await this.#given.isAvailable?.()) ?? true;
  }

  async warmup(): Promise<void> {
    await this.#given.warmup?.();
  }

  async shutdown(): Promise<void> {
    await this.#given.shutdown?.();
  }

  synthesize(text: string, voice: VoiceConfig, options?: SynthesizeOptions): AsyncIterable<PcmPiece> {
    return piecesOf(this.#given.synthesize(text, voice, options), this.name);
  }
}

/**
 * What an engine answered, as pieces; it comes from somebody else, and may be anything.
 * @throws BardcastError `engine-failed` where there is no sound in it
 */
export function piecesOf(answer: unknown, engine: string): AsyncIterable<PcmPiece> {
  return isStream(answer) ? answer : read(answer, engine);
}

async function* read(answer: unknown, engine: string): AsyncGenerator<PcmPiece, void, undefined> {
  const given = await answer;
  if (isStream(given)) {
    yield* given;
    return;
  }
  const bytes = bytesOf(given);
  if (!bytes) {
    const message = `synthesize of "${engine}" gave neither bytes nor an object with them as \`audio\``;
    throw new BardcastError("engine-failed", message);
  }
  const { readAudio } = await import("../services/audio/read-audio.ts");
  for await (const news of readAudio(only(bytes), { samples: rateOf(given) }))
    if ("samples" in news) yield news;
}

function isStream(answer: unknown): answer is AsyncIterable<PcmPiece> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

function bytesOf(answer: unknown): Uint8Array | undefined {
  if (answer instanceof Uint8Array) return answer;
  if (answer instanceof ArrayBuffer) return new Uint8Array(answer);
  if (typeof answer !== "object" || answer === null) return undefined;
  const { audio, audio_data, audioData } = answer as Record<string, unknown>;
  const inside = audio ?? audio_data ?? audioData;
  return inside instanceof Uint8Array || inside instanceof ArrayBuffer ? bytesOf(inside) : undefined;
}

function rateOf(answer: unknown): number {
  const { sampleRate, sample_rate } = Object(answer) as SpokenResult;
  const rate = sampleRate ?? sample_rate;
  return typeof rate === "number" && rate > 0 ? rate : DEFAULT_RATE;
}

async function* only<T>(item: T): AsyncGenerator<T, void, undefined> {
  yield item;
}

import type { PcmPiece } from "../../core/dsp/audio.ts";
import { BardcastError } from "../../core/errors.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import { voicesDir } from "../../voices/voices-dir.ts";
import type { EngineCapabilities, SynthesizeOptions, TTSEngine } from "../contract/engine.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";
import { BlendedSpeakers } from "./blended-speakers.ts";
import { ClausePlan } from "./clause-plan.ts";
import { Pace } from "./pace.ts";
import { importSherpa, type LoadSherpa, type SherpaTts } from "./sherpa-library.ts";
import {
  type ChosenSpeaker,
  chooseSpeaker,
  installedVoices,
  listedVoices,
  type SherpaVoice,
} from "./sherpa-voices.ts";
import { signsOfLife, speakInClauses } from "./speak-in-clauses.ts";

/** Models in memory at once; one more takes the place of the one that was silent for longest. */
const MAX_LOADED = 2;
/** ms that a model may take to be loaded. */
const LOAD_MS = 60_000;

export interface SherpaOptions {
  /** Folder of installed voices; default `voicesDir()`. */
  voicesDir?: string;
  /** The native library, which may end its process; only where that is one of its own. Default false. */
  native?: boolean;
}

/**
 * Neural voices (Piper and other VITS, Kokoro, Kitten, Matcha) by sherpa-onnx, from the folder of installed
 * voices. Voice ids are `NAME`, `NAME/3`, `NAME/af_heart` or `NAME/af_heart:0.7,am_adam:0.3`. The package it needs is
 * installed by hand.
 */
export function createSherpaEngine(options: SherpaOptions = {}): TTSEngine {
  return new SherpaEngine(options);
}

class SherpaEngine implements TTSEngine {
  readonly name = "sherpa";
  readonly capabilities: EngineCapabilities = {
    streaming: true,
    wordTimes: false,
    weight: "heavy",
    prosody: { pitch: false },
  };
  readonly #options: SherpaOptions;
  #starting: Promise<LoadSherpa> | undefined;
  #voices: readonly SherpaVoice[] = [];
  /** The one that spoke last is the last. */
  readonly #loaded = new Map<string, Promise<SherpaTts>>();
  readonly #blends = new Map<string, BlendedSpeakers>();
  readonly #paces = new Map<string, Pace>();
  /** Of what is loaded before it is to speak, the last. */
  #loading: Promise<unknown> = Promise.resolve();
  #dir = "";

  constructor(options: SherpaOptions) {
    this.#options = options;
  }

  supportedLanguages(): readonly string[] {
    return [...new Set(this.#voices.flatMap(({ model }) => model.languages))];
  }

  listVoices(): readonly EngineVoice[] {
    return listedVoices(this.#voices);
  }

  async isAvailable(): Promise<boolean> {
    return this.#start().then(
      () => true,
      () => false,
    );
  }

  /** @throws BardcastError `engine-unavailable` where the package or every voice is missing */
  async warmup(): Promise<void> {
    await this.#start();
  }

  /** One model after the other, up to as many as are kept; not where loading would keep the thread from everything else. */
  async load(voice: VoiceConfig): Promise<void> {
    if (!this.#options.native) return;
    const load = await this.#start();
    const chosen = chooseSpeaker(this.#voices, voice);
    this.#loading = this.#loading.then(async () => {
      const isLoaded = this.#loaded.has(loadedName(chosen));
      if (!isLoaded && this.#loaded.size < MAX_LOADED)
        await this.#speakerOf(chosen, load).catch(() => undefined);
    });
  }

  async shutdown(): Promise<void> {
    this.#starting = undefined;
    this.#loaded.clear();
  }

  /** @throws BardcastError `engine-unavailable`, `voice-unknown`, `engine-failed` */
  async *synthesize(
    text: string,
    voice: VoiceConfig,
    { signal, aheadMs = 0, whole = false }: SynthesizeOptions = {},
  ): AsyncGenerator<PcmPiece, void, undefined> {
    const load = await this.#start();
    signal?.throwIfAborted();
    const chosen = chooseSpeaker(this.#voices, voice);
    const { name, model, language } = chosen;
    const { sampleRate } = model;
    const loading = signsOfLife(this.#speakerOf(chosen, load), LOAD_MS);
    let loaded = await loading.next();
    for (; !loaded.done; loaded = await loading.next()) yield { samples: loaded.value, sampleRate };
    const { tts, speaker } = loaded.value;
    signal?.throwIfAborted();
    // What the library does not say: beyond the last it speaks with the first.
    if (speaker >= tts.speakers) {
      throw new BardcastError(
        "voice-unknown",
        `the voice "${name}" has speakers 0 to ${tts.speakers - 1} only`,
      );
    }
    const pace = this.#paces.get(name) ?? new Pace();
    this.#paces.set(name, pace);
    const order = { speaker, speed: voice.speed, ...(language ? { language } : {}) };
    const plan = new ClausePlan(text, { pace, speed: voice.speed, aheadMs, whole });
    for await (const samples of speakInClauses(tts, order, { plan, pace, sampleRate, signal }))
      yield { samples, sampleRate };
  }

  #start(): Promise<LoadSherpa> {
    this.#starting ??= this.#open().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async #open(): Promise<LoadSherpa> {
    const { native = false } = this.#options;
    const dir = this.#options.voicesDir ?? voicesDir();
    const problems: string[] = [];
    this.#dir = dir ?? "";
    this.#voices = dir === undefined ? [] : await installedVoices(dir, (problem) => problems.push(problem));
    if (this.#voices.length === 0) {
      const [problem = "no voice is installed: npx bardcast voices install kitten-nano-en"] = problems;
      throw new BardcastError("engine-unavailable", problem);
    }
    return importSherpa({ native });
  }

  async #speakerOf(chosen: ChosenSpeaker, load: LoadSherpa): Promise<{ tts: SherpaTts; speaker: number }> {
    const { name, model, parts } = chosen;
    const [{ speaker }] = parts;
    const key = loadedName(chosen);
    if (parts.length === 1) return { tts: await this.#model(key, () => load(model)), speaker };
    const known = this.#blends.get(name) ?? new BlendedSpeakers(model, this.#dir, name);
    this.#blends.set(name, known);
    const blend = await known.speakerOf(parts);
    if (blend.isNew) this.#loaded.delete(key);
    return { tts: await this.#model(key, () => load(blend.model)), speaker: blend.speaker };
  }

  #model(name: string, load: () => Promise<SherpaTts>): Promise<SherpaTts> {
    const loading = this.#loaded.get(name) ?? load();
    this.#loaded.delete(name);
    this.#loaded.set(name, loading);
    loading.catch(() => this.#loaded.delete(name));
    for (const [oldest] of this.#loaded) {
      if (this.#loaded.size <= MAX_LOADED) break;
      this.#loaded.delete(oldest);
    }
    return loading;
  }
}

/** Its mixtures are a model of their own. */
function loadedName({ name, parts }: ChosenSpeaker): string {
  return parts.length === 1 ? name : `${name} blended`;
}

import type { PcmPiece, WordTime } from "../../core/dsp/audio.ts";
import type { AudioProcessor } from "../../core/dsp/audio-processor.ts";
import type { EffectRecipe } from "../../core/dsp/effects/effect.ts";
import { EffectProcessor } from "../../core/dsp/effects/effect-processor.ts";
import { effectsOf } from "../../core/dsp/effects/names.ts";
import { EFFECT_RECIPES } from "../../core/dsp/effects/recipes.ts";
import { InputConditioner } from "../../core/dsp/input-conditioner.ts";
import { Leveller, TARGET_LUFS, type VoiceLevel } from "../../core/dsp/leveller.ts";
import { Limiter } from "../../core/dsp/limiter.ts";
import { joinPcm } from "../../core/dsp/pcm.ts";
import { Resampler } from "../../core/dsp/resample.ts";
import { SilenceTrimmer } from "../../core/dsp/silence-trimmer.ts";
import { stretchStages } from "../../core/dsp/stretch.ts";
import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineCapabilities } from "../contract/engine.ts";
import { missingProsody } from "../contract/prosody.ts";
import { checkSampleRate } from "./sample-rate.ts";

/** Hz of what comes out. */
export const SOUND_RATE: number = V2_SAMPLE_RATE;
/** −1 dBTP, less what four points for each sample may miss of a peak. */
const CEILING = 10 ** (-1.3 / 20);
/** dB under a voice's loudness below which it is silent. */
const SILENCE_DB = -32;
/** ms of a sentence to listen to before it is levelled, where the engine has made all of it by then. */
const LISTEN_MS = 2000;

/** Sound as every listener gets it. */
export interface Sound {
  /** At 24 kHz; none while the chain wants more to go on. */
  samples: Float32Array<ArrayBuffer>;
  /** Words whose place in the sound has become known; times count from its start. */
  words: readonly WordTime[];
}

export interface AudioChainOptions {
  /** Of the engine that speaks. */
  capabilities: EngineCapabilities;
  voice: VoiceConfig;
  /** How loud the voice was in earlier sentences. */
  level?: VoiceLevel | undefined;
}

/**
 * What makes all engines sound like one table: a sentence's sound, in pieces, to 24 kHz; without a long silence before it; at
 * the voice's speed and pitch where the engine does not see to that; with the voice's effects; at −18 LUFS; its true peak under −1 dBTP.
 */
export class AudioChain {
  /** Whether the voice itself is changed: its speed, its pitch, or by effects. */
  readonly changesVoice: boolean;
  readonly #speed: number;
  readonly #trimmer: SilenceTrimmer;
  readonly #leveller: Leveller;
  readonly #limiter: Limiter = new Limiter(CEILING, SOUND_RATE);
  readonly #processors: AudioProcessor[];
  #isOpen = false;
  #unplaced: WordTime[] = [];

  constructor({ capabilities, voice, level }: AudioChainOptions) {
    const sampleRate = SOUND_RATE;
    const { speed, pitch, recipes } = changesOf(capabilities, voice);
    const stretch = stretchStages({ sampleRate, speed, pitch });
    this.changesVoice = stretch.length + recipes.length > 0;
    this.#speed = speed;
    this.#trimmer = new SilenceTrimmer(10 ** (((level?.lufs ?? TARGET_LUFS) + SILENCE_DB) / 20), sampleRate);
    this.#leveller = new Leveller({ sampleRate, level, listenMs: capabilities.streaming ? 0 : LISTEN_MS });
    this.#processors = [
      this.#trimmer,
      ...stretch,
      ...recipes.map((recipe) => new EffectProcessor(recipe.open(sampleRate), sampleRate)),
      this.#leveller,
      this.#limiter,
    ];
  }

  /** How loud the voice is, with this sentence; undefined where it was never heard. */
  get level(): VoiceLevel | undefined {
    const { level, isGuessing } = this.#leveller;
    return level && { ...level, lostDb: isGuessing ? 0 : this.#limiter.lostDb };
  }

  /** @throws BardcastError `engine-failed` for a sample rate that no sound has */
  push({ samples, sampleRate, words }: PcmPiece): Sound {
    if (!this.#isOpen) this.#open(sampleRate);
    this.#unplaced.push(...(words ?? []));
    return this.#sound(this.#through(this.#processors, samples));
  }

  /** The rest, when the engine's last piece has come, and the effects' tail. */
  flush(): Sound {
    const rest = this.#processors.map((processor, index) =>
      this.#through(this.#processors.slice(index + 1), processor.flush()),
    );
    return this.#sound(joinPcm(rest));
  }

  /** Times in the engine's sound as times in this one, once it has begun. */
  place(words: readonly WordTime[]): WordTime[] {
    const cutMs = ((this.#trimmer.cut ?? 0) * 1000) / SOUND_RATE;
    const placed = (ms: number): number => Math.max(0, Math.round((ms - cutMs) / this.#speed));
    return words.map(([start, length, from, to]) => [start, length, placed(from), placed(to)]);
  }

  #open(sampleRate: number): void {
    checkSampleRate(sampleRate);
    if (sampleRate !== SOUND_RATE) this.#processors.unshift(new Resampler(sampleRate, SOUND_RATE));
    this.#processors.unshift(new InputConditioner(sampleRate));
    this.#isOpen = true;
  }

  #through(
    processors: readonly AudioProcessor[],
    samples: Float32Array<ArrayBuffer>,
  ): Float32Array<ArrayBuffer> {
    return processors.reduce((sound, processor) => processor.push(sound), samples);
  }

  #sound(samples: Float32Array<ArrayBuffer>): Sound {
    if (this.#trimmer.cut === undefined) return { samples, words: [] };
    const words = this.place(this.#unplaced);
    this.#unplaced = [];
    return { samples, words };
  }
}

interface Changes {
  recipes: readonly EffectRecipe[];
  speed: number;
  /** Semitones */
  pitch: number;
}

/** What is left to do to the voice when the engine has done its part. */
function changesOf({ prosody = {} }: EngineCapabilities, voice: VoiceConfig): Changes {
  const recipes = effectsOf(voice.extra).map((name) => EFFECT_RECIPES[name]);
  const { speed, pitch } = missingProsody(prosody, voice);
  return {
    recipes,
    speed: recipes.reduce((product, recipe) => product * (recipe.speed ?? 1), speed),
    pitch: recipes.reduce((sum, recipe) => sum + (recipe.pitch ?? 0), pitch),
  };
}

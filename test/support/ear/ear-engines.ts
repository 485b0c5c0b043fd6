import { REAL_VOICES } from "../../../scripts/real-parts.ts";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import type { EngineRef } from "../../../src/engines/catalogue.ts";
import type { TTSEngine } from "../../../src/engines/contract/engine.ts";
import { createEspeakEngine } from "../../../src/engines/espeak/espeak.ts";
import { createFliteEngine } from "../../../src/engines/flite/flite.ts";
import { EngineText } from "../../../src/engines/routing/engine-attempt.ts";
import { createSherpaEngine } from "../../../src/engines/sherpa/sherpa.ts";
import { plainVoice, type VoiceConfig } from "../../../src/voices/voice-config.ts";

/** An engine whose speech is read back, and one of its voices. */
export interface EarEngine {
  name: string;
  voiceId: string;
  /** For a server. */
  ref: EngineRef;
  /** The same on this thread. */
  create(): TTSEngine;
}

export const EAR_ENGINES: readonly EarEngine[] = [
  { name: "espeak", voiceId: "en-us", ref: "espeak", create: createEspeakEngine },
  { name: "flite", voiceId: "slt", ref: "flite", create: createFliteEngine },
  {
    name: "sherpa",
    voiceId: "joe",
    ref: { engine: "sherpa", options: { voicesDir: REAL_VOICES } },
    create: () => createSherpaEngine({ voicesDir: REAL_VOICES, native: true }),
  },
];

/** A voice in which only that engine speaks. */
export function voiceOf({ name, voiceId }: EarEngine): VoiceConfig {
  return { ...plainVoice("en-us"), voiceId, extra: { engine: name } };
}

/** Sound at some sample rate. */
export interface Sound {
  samples: Float32Array;
  /** Hz */
  sampleRate: number;
}

/** An engine by itself: given what it is given at a table, its own samples and nothing else. */
export class EngineAlone {
  readonly #engine: TTSEngine;
  readonly #voice: VoiceConfig;
  readonly #text = new EngineText();

  constructor(of: EarEngine) {
    this.#engine = of.create();
    this.#voice = voiceOf(of);
  }

  async say(written: string): Promise<Sound> {
    const { text, ipa } = await this.#text.of(written, this.#voice, this.#engine.capabilities);
    const pieces: Float32Array[] = [];
    let sampleRate = 0;
    const options = { whole: true, ...(ipa ? { ipa } : {}) };
    for await (const piece of this.#engine.synthesize(text, this.#voice, options)) {
      pieces.push(piece.samples);
      sampleRate = piece.sampleRate;
    }
    return { samples: joinPcm(pieces), sampleRate };
  }

  async close(): Promise<void> {
    await this.#engine.shutdown();
  }
}

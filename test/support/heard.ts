import type { WordTime } from "../../src/core/dsp/audio.ts";
import type { VoiceLevel } from "../../src/core/dsp/leveller.ts";
import { joinPcm } from "../../src/core/dsp/pcm.ts";
import type { TTSEngine } from "../../src/engines/contract/engine.ts";
import { AudioChain } from "../../src/engines/render/audio-chain.ts";
import type { VoiceConfig } from "../../src/voices/voice-config.ts";

/** A sentence as a table hears it: at 24 kHz. */
export interface Heard {
  samples: Float32Array<ArrayBuffer>;
  words: readonly WordTime[];
  /** How loud the voice is, by now. */
  level: VoiceLevel | undefined;
}

/** What a table hears of an engine, made without a wire, a worker or a party: the engine, and the sound chain. */
export async function heardOf(
  engine: TTSEngine,
  text: string,
  voice: VoiceConfig,
  level?: VoiceLevel,
): Promise<Heard> {
  const chain = new AudioChain({ capabilities: engine.capabilities, voice, level });
  const sounds = [];
  for await (const piece of engine.synthesize(text, voice)) sounds.push(chain.push(piece));
  sounds.push(chain.flush());
  const samples = joinPcm(sounds.map((sound) => sound.samples));
  return { samples, words: sounds.flatMap(({ words }) => [...words]), level: chain.level };
}

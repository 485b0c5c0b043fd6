import { durationMs } from "../../core/dsp/audio.ts";
import { joinPcm } from "../../core/dsp/pcm.ts";
import { encodeWav } from "../../core/dsp/wav.ts";
import { BardcastError } from "../../core/errors.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { SynthesizeOptions, TTSEngine } from "../contract/engine.ts";
import type { TTSResult } from "../contract/tts-result.ts";
import { AudioChain, SOUND_RATE, type Sound } from "./audio-chain.ts";
import { SoundCheck } from "./sound-check.ts";

/**
 * Speaks a text with one engine into one WAV file, which sounds as the table does.
 * @throws BardcastError `engine-silent`, or whatever the engine throws
 */
export async function speakWhole(
  engine: TTSEngine,
  text: string,
  voice: VoiceConfig,
  options: Pick<SynthesizeOptions, "signal" | "ipa">,
): Promise<Omit<TTSResult, "engine">> {
  // Nobody waits for the first sound of it.
  const chain = new AudioChain({ capabilities: { ...engine.capabilities, streaming: false }, voice });
  const sounds: Sound[] = [];
  const check = new SoundCheck({ text, voice });
  let isSilent = true;
  for await (const piece of engine.synthesize(text, voice, options)) {
    for (const good of check.push(piece)) sounds.push(chain.push(good));
    isSilent &&= piece.samples.length === 0;
  }
  if (isSilent) throw new BardcastError("engine-silent", "the engine gave no audio");
  for (const good of check.end()) sounds.push(chain.push(good));
  sounds.push(chain.flush());
  const samples = joinPcm(sounds.map((sound) => sound.samples));
  return {
    audio: encodeWav(samples, SOUND_RATE),
    format: "wav",
    sampleRate: SOUND_RATE,
    durationMs: durationMs(samples.length, SOUND_RATE),
    words: sounds.flatMap(({ words }) => words),
  };
}

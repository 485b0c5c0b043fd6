import { floatToInt16 } from "../../src/core/dsp/pcm.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES } from "../../src/core/protocol/v2.ts";
import { speakable, splitSentences } from "../../src/core/text/sentences.ts";
import type { TTSEngine } from "../../src/engines/contract/engine.ts";
import { VoiceLevels } from "../../src/engines/routing/voice-levels.ts";
import type { VoiceConfig } from "../../src/voices/voice-config.ts";
import { heardOf } from "./heard.ts";

/** What a table hears of an engine, made without a wire, a worker or a party: the engine, and the sound chain. */
export class Reference {
  readonly #engine: TTSEngine;
  readonly #levels = new VoiceLevels();

  constructor(engine: TTSEngine) {
    this.#engine = engine;
  }

  /** A line as 16-bit PCM at 24 kHz, each sentence with the padding of whole packets. Lines come as at the table. */
  async speak(text: string, voice: VoiceConfig): Promise<Uint8Array> {
    const sentences: Uint8Array[] = [];
    for (const sentence of splitSentences(text)) {
      const samples = await this.#sentence(speakable(sentence).text, voice);
      const packets = Math.ceil((samples.length + OPUS_PRE_SKIP) / PACKET_SAMPLES);
      const padded = new Float32Array(packets * PACKET_SAMPLES - OPUS_PRE_SKIP);
      padded.set(samples);
      sentences.push(new Uint8Array(floatToInt16(padded).buffer));
    }
    return Buffer.concat(sentences);
  }

  async #sentence(text: string, voice: VoiceConfig): Promise<Float32Array> {
    const { name } = this.#engine;
    const { samples, level } = await heardOf(this.#engine, text, voice, this.#levels.of(name, voice));
    if (level) this.#levels.remember(name, voice, level);
    return samples;
  }
}

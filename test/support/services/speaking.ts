import type { PcmPiece, WordTime } from "../../../src/core/dsp/audio.ts";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import type { TTSEngine } from "../../../src/engines/contract/engine.ts";
import { plainVoice, type VoiceConfig } from "../../../src/voices/voice-config.ts";

/** A sound of 16-bit PCM at 24 kHz whose samples count up, so that a lost or doubled byte is seen. */
export function counting(samples: number, from = 0): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Int16Array.from({ length: samples }, (_, index) => (from + index) % 30_000).buffer);
}

/** Cut into parts of so many bytes. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

export interface Said {
  pieces: PcmPiece[];
  /** As 16-bit integers. */
  samples: number[];
  sampleRate: number | undefined;
  words: WordTime[];
}

/** Has an engine say a text to the end. */
export async function say(
  engine: TTSEngine,
  text = "The dragon roars!",
  voice: Partial<VoiceConfig> = {},
  signal?: AbortSignal,
): Promise<Said> {
  const pieces: PcmPiece[] = [];
  for await (const piece of start(engine, text, voice, signal)) pieces.push(piece);
  const samples = [...joinPcm(pieces.map((piece) => piece.samples))].map((sample) =>
    Math.round(sample * 32_768),
  );
  const words = pieces.flatMap((piece) => [...(piece.words ?? [])]);
  return { pieces, samples, sampleRate: pieces[0]?.sampleRate, words };
}

export function start(
  engine: TTSEngine,
  text = "The dragon roars!",
  voice: Partial<VoiceConfig> = {},
  signal?: AbortSignal,
): AsyncIterable<PcmPiece> {
  return engine.synthesize(text, { ...plainVoice("en-us"), ...voice }, signal ? { signal } : {});
}

/** The error it ends with. @throws Error where it does not end with one */
export async function failure(
  saying: Promise<unknown>,
): Promise<Error & { code?: string; retryable?: boolean }> {
  const error = await saying.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof Error)) throw new Error("it did not fail");
  return error;
}

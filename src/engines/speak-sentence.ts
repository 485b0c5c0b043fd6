import { durationMs } from "../core/audio.ts";
import { clipMessages } from "../core/dm20.ts";
import { BardcastError, messageOf } from "../core/errors.ts";
import { joinPcm } from "../core/pcm.ts";
import { encodeWav } from "../core/wav.ts";
import type { TTSEngine } from "./engine.ts";
import type { SentenceEvent, SentenceJob } from "./sentence-job.ts";

/** Longest sentence in samples that is held as one clip: ten minutes at 48 kHz. */
const MAX_CLIP_SAMPLES = 48_000 * 600;

/**
 * Speaks one sentence with one engine on this thread: synthesise, encode, yield. Workers and the inline host
 * both run exactly this.
 * @throws BardcastError `engine-failed` (with the engine's own reason), `engine-silent`, `cancelled`
 */
export async function* speakSentence(
  engine: TTSEngine,
  job: SentenceJob,
  options: { signal?: AbortSignal } = {},
): AsyncGenerator<SentenceEvent, void, undefined> {
  const pieces: Float32Array[] = [];
  let samples = 0;
  let sampleRate = 0;
  try {
    for await (const piece of engine.synthesize(job.text, job.voice, options)) {
      pieces.push(piece.samples);
      samples += piece.samples.length;
      sampleRate = piece.sampleRate;
      if (samples > MAX_CLIP_SAMPLES) throw new BardcastError("engine-failed", "the engine does not stop");
      yield { type: "progress", samples };
      if (piece.words?.length) yield { type: "words", words: piece.words };
    }
  } catch (error) {
    throw engineError(error, options.signal);
  }
  if (options.signal?.aborted) throw new BardcastError("cancelled", "cancelled");
  if (samples === 0) throw new BardcastError("engine-silent", "the engine gave no audio");

  const length = durationMs(samples, sampleRate);
  if (job.encodings.includes("dm20")) {
    const bytes = encodeWav(joinPcm(pieces), sampleRate);
    const clip = { format: "wav", bytes, sampleRate, durationMs: length } as const;
    yield { type: "audio", encoding: "dm20", messages: clipMessages(clip, job.chunkBytes) };
  }
  yield { type: "end", samples, sampleRate, durationMs: length };
}

/** What an engine threw, with a code: its own, `cancelled` where it was told to stop, else `engine-failed`. */
export function engineError(error: unknown, signal?: AbortSignal): BardcastError {
  if (signal?.aborted) return new BardcastError("cancelled", "cancelled");
  if (error instanceof BardcastError) return error;
  return new BardcastError("engine-failed", messageOf(error), { cause: error });
}

import { type ClipFormat, durationMs } from "../core/audio.ts";
import { clipMessages } from "../core/dm20.ts";
import { BardcastError, messageOf } from "../core/errors.ts";
import { estimateWords } from "../core/estimate-words.ts";
import { joinPcm } from "../core/pcm.ts";
import { V2_SAMPLE_RATE } from "../core/v2.ts";
import { encodeClip } from "./encode-clip.ts";
import type { TTSEngine } from "./engine.ts";
import { FrameStream } from "./frame-stream.ts";
import { isFrameEncoding, type SentenceEvent, type SentenceJob } from "./sentence-job.ts";
import { SentenceShape } from "./sentence-shape.ts";

/** Longest sentence in samples: ten minutes at 48 kHz. */
const MAX_SAMPLES = 48_000 * 600;

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
  const encodings = job.encodings.filter(isFrameEncoding);
  const frames = encodings.length > 0 ? await FrameStream.open(encodings, job) : undefined;
  try {
    yield* spoken(engine, job, frames, options);
  } catch (error) {
    throw engineError(error, options.signal);
  } finally {
    frames?.close();
  }
}

async function* spoken(
  engine: TTSEngine,
  job: SentenceJob,
  frames: FrameStream | undefined,
  options: { signal?: AbortSignal },
): AsyncGenerator<SentenceEvent, void, undefined> {
  const wantsClip = job.encodings.includes("dm20");
  const shape = new SentenceShape(job);
  const pieces: Float32Array[] = [];
  let made = 0;
  let samples = 0;
  let sampleRate = V2_SAMPLE_RATE;
  let timed = false;

  function* heard(sound: Float32Array<ArrayBuffer>): Generator<SentenceEvent, void, undefined> {
    samples += sound.length;
    for (const frame of frames?.push({ samples: sound, sampleRate }) ?? []) yield { type: "frame", frame };
    if (wantsClip) pieces.push(sound);
  }

  for await (const piece of job.text === "" ? [] : engine.synthesize(job.text, job.voice, options)) {
    made += piece.samples.length;
    sampleRate = piece.sampleRate;
    if (made > MAX_SAMPLES) throw new BardcastError("engine-failed", "the engine does not stop");
    yield { type: "progress", samples: made };
    if (piece.words?.length) {
      timed = true;
      yield { type: "words", words: piece.words, estimated: false };
    }
    yield* heard(shape.push(piece.samples, sampleRate));
  }
  if (options.signal?.aborted) throw new BardcastError("cancelled", "cancelled");
  if (job.text === "") yield* heard(shape.silence(sampleRate));
  else if (made === 0) throw new BardcastError("engine-silent", "the engine gave no audio");
  else if (!timed) {
    yield { type: "words", words: estimateWords(job.text, durationMs(made, sampleRate)), estimated: true };
  }

  const length = durationMs(samples, sampleRate);
  for (const frame of frames?.flush() ?? []) yield { type: "frame", frame };
  if (wantsClip) {
    const format: ClipFormat = job.voice.outputFormat === "opus" ? "opus" : "wav";
    const clip = await encodeClip(joinPcm(pieces), sampleRate, format, job.bitrates.opus);
    yield { type: "clip", messages: clipMessages(clip, job.chunkBytes), durationMs: length };
  }
  yield { type: "end", samples, sampleRate, durationMs: length };
}

/** What an engine threw, with a code: its own, `cancelled` where it was told to stop, else `engine-failed`. */
export function engineError(error: unknown, signal?: AbortSignal): BardcastError {
  if (signal?.aborted) return new BardcastError("cancelled", "cancelled");
  if (error instanceof BardcastError) return error;
  return new BardcastError("engine-failed", messageOf(error), { cause: error });
}

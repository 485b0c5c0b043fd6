import { durationMs, type PcmPiece } from "../../core/dsp/audio.ts";
import { BardcastError } from "../../core/errors.ts";
import { clipMessages } from "../../core/protocol/dm20.ts";
import { estimateWords } from "../../core/text/estimate-words.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { engineError } from "../contract/engine-error.ts";
import { isFrameEncoding, type SentenceEvent, type SentenceJob } from "../contract/sentence-job.ts";
import { AudioChain, SOUND_RATE, type Sound } from "./audio-chain.ts";
import { ClipCollector } from "./clip-collector.ts";
import { FrameStream } from "./frame-stream.ts";
import { SentenceShape } from "./sentence-shape.ts";
import { SoundCheck } from "./sound-check.ts";

/** Longest sentence in samples: ten minutes at 48 kHz. */
const MAX_SAMPLES = 48_000 * 600;

/**
 * Speaks one sentence with one engine on this thread: text, engine, sound chain, encoders. Workers and the inline host
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
  const chain = new AudioChain({ capabilities: engine.capabilities, voice: job.voice, level: job.level });
  const shape = new SentenceShape(job);
  const clip = job.encodings.includes("dm20")
    ? new ClipCollector(job.voice.outputFormat, { mayPass: !chain.changesVoice && !shape.changesSound })
    : undefined;
  let made = 0;
  let madeMs = 0;
  let samples = 0;
  let timed = false;

  function* given(
    sound: Float32Array<ArrayBuffer>,
    piece?: PcmPiece,
  ): Generator<SentenceEvent, void, undefined> {
    samples += sound.length;
    for (const frame of frames?.push(sound) ?? []) yield { type: "frame", frame };
    clip?.push(sound, piece);
  }

  function* heard(
    { samples: sound, words }: Sound,
    piece?: PcmPiece,
  ): Generator<SentenceEvent, void, undefined> {
    if (words.length > 0) yield { type: "words", words, estimated: false };
    yield* given(shape.push(sound), piece);
  }

  const check = new SoundCheck(job);
  // A clip is sent when it is complete.
  const manner = { ...options, whole: frames === undefined };
  for await (const piece of job.text === "" ? [] : engine.synthesize(job.text, job.voice, manner)) {
    const checked = check.push(piece);
    made += piece.samples.length;
    madeMs = durationMs(made, piece.sampleRate);
    timed ||= (piece.words?.length ?? 0) > 0;
    if (made > MAX_SAMPLES) throw new BardcastError("engine-failed", "the engine does not stop");
    yield { type: "progress", samples: made };
    for (const good of checked) yield* heard(chain.push(good), good);
  }
  if (options.signal?.aborted) throw new BardcastError("cancelled", "cancelled");

  if (job.text === "") yield* given(shape.silence());
  else if (made === 0) throw new BardcastError("engine-silent", "the engine gave no audio");
  else {
    for (const good of check.end()) yield* heard(chain.push(good), good);
    yield* heard(chain.flush());
    if (!timed) yield { type: "words", words: chain.place(estimateWords(job.text, madeMs)), estimated: true };
  }
  for (const frame of frames?.flush() ?? []) yield { type: "frame", frame };
  if (clip) {
    const whole = await clip.finish(job.bitrates.opus);
    yield { type: "clip", messages: clipMessages(whole, job.chunkBytes), durationMs: whole.durationMs };
  }
  const length = durationMs(samples, SOUND_RATE);
  yield {
    type: "end",
    samples,
    sampleRate: SOUND_RATE,
    durationMs: length,
    ...(chain.level ? { level: chain.level } : {}),
  };
}

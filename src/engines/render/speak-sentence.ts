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
 * Speaks one sentence with one engine on this thread: text, engine, sound check, audio chain, encoders. Workers and the
 * inline host both run exactly this.
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
    const renderer = new SentenceRenderer(engine, job, frames);
    // A clip is sent when it is complete.
    const { ipa, aheadMs } = job;
    const asked = { ...options, ...(ipa ? { ipa } : {}), aheadMs, whole: frames === undefined };
    for await (const piece of job.text === "" ? [] : engine.synthesize(job.text, job.voice, asked)) {
      for (const event of renderer.push(piece)) yield event;
    }
    if (options.signal?.aborted) throw new BardcastError("cancelled", "cancelled");
    for (const event of renderer.rest()) yield event;
    const clip = await renderer.clip();
    if (clip) yield clip;
    yield renderer.end();
  } catch (error) {
    throw engineError(error, options.signal);
  } finally {
    frames?.close();
  }
}

/** Turns one sentence's sound into events, one at a time, so that a frame is sent before the next is encoded. */
class SentenceRenderer {
  readonly #job: SentenceJob;
  readonly #check: SoundCheck;
  readonly #chain: AudioChain;
  readonly #shape: SentenceShape;
  readonly #frames: FrameStream | undefined;
  readonly #clip: ClipCollector | undefined;
  /** Samples that the engine made, their length, and whether it said when each word is heard. */
  #made = 0;
  #madeMs = 0;
  #isTimed = false;
  /** Samples at 24 kHz that were given out. */
  #samples = 0;

  constructor({ capabilities }: TTSEngine, job: SentenceJob, frames: FrameStream | undefined) {
    const { voice, level } = job;
    this.#job = job;
    this.#frames = frames;
    this.#check = new SoundCheck(job);
    this.#chain = new AudioChain({ capabilities, voice, level });
    this.#shape = new SentenceShape(job);
    const mayPass = !this.#chain.changesVoice && !this.#shape.changesSound;
    this.#clip = job.encodings.includes("dm20")
      ? new ClipCollector(voice.outputFormat, { mayPass })
      : undefined;
  }

  /** What the engine gave next. */
  *push(piece: PcmPiece): Generator<SentenceEvent, void, undefined> {
    const checked = this.#check.push(piece);
    this.#made += piece.samples.length;
    this.#madeMs = durationMs(this.#made, piece.sampleRate);
    this.#isTimed ||= (piece.words?.length ?? 0) > 0;
    if (this.#made > MAX_SAMPLES) throw new BardcastError("engine-failed", "the engine does not stop");
    yield { type: "progress", samples: this.#made };
    for (const good of checked) yield* this.#give(this.#chain.push(good), good);
  }

  /** The engine is done. */
  *rest(): Generator<SentenceEvent, void, undefined> {
    const { text } = this.#job;
    if (text === "") yield* this.#give({ samples: this.#shape.silence(), words: [] });
    else {
      if (this.#made === 0) throw new BardcastError("engine-silent", "the engine gave no audio");
      for (const good of this.#check.end()) yield* this.#give(this.#chain.push(good), good);
      yield* this.#give(this.#chain.flush());
      if (!this.#isTimed) {
        const words = this.#chain.place(estimateWords(text, this.#madeMs));
        yield { type: "words", words, estimated: true };
      }
    }
    this.#frames?.end();
    for (let frame = this.#frames?.next(); frame; frame = this.#frames?.next())
      yield { type: "frame", frame };
  }

  /** The whole of it, where it was ordered. */
  async clip(): Promise<SentenceEvent | undefined> {
    const { bitrates, chunkBytes } = this.#job;
    const clip = await this.#clip?.finish(bitrates.opus);
    return clip && { type: "clip", messages: clipMessages(clip, chunkBytes), durationMs: clip.durationMs };
  }

  end(): SentenceEvent {
    const { level } = this.#chain;
    const samples = this.#samples;
    return {
      type: "end",
      samples,
      sampleRate: SOUND_RATE,
      durationMs: durationMs(samples, SOUND_RATE),
      ...(level ? { level } : {}),
    };
  }

  /** A stretch of finished sound, to all who want it. @param piece what it was made of, if of one */
  *#give({ samples, words }: Sound, piece?: PcmPiece): Generator<SentenceEvent, void, undefined> {
    if (words.length > 0) yield { type: "words", words, estimated: false };
    const sound = this.#shape.push(samples);
    this.#samples += sound.length;
    this.#frames?.push(sound);
    this.#clip?.push(sound, piece);
    for (let frame = this.#frames?.next(); frame; frame = this.#frames?.next())
      yield { type: "frame", frame };
  }
}

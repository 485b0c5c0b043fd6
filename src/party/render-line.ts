import { abortable, untilAborted } from "../core/async/abortable.ts";
import { BoundedQueue } from "../core/async/bounded-queue.ts";
import type { Lender } from "../core/async/lender.ts";
import { FRAME_HEADER_BYTES } from "../core/protocol/frame.ts";
import { V2_SAMPLE_RATE } from "../core/protocol/v2.ts";
import { type ReadingOptions, readingOf } from "../core/text/reading-options.ts";
import type { FrameEncoding, SentenceEvent, SentenceFrame } from "../engines/contract/sentence-job.ts";
import { isPrivate, type ResolvedRequest } from "./request/resolved-request.ts";
import type { UtteranceRequest } from "./request/utterance.ts";
import type { UtteranceLimits } from "./request/utterance-limits.ts";
import { jobOf, routeOf, type Sentence, sentencesOf } from "./speaking/sentence.ts";
import type { SpeechRouter } from "./speaking/trusted-router.ts";

/** A line whose sound is wanted, and no listener; what is not to everybody is kept in memory alone. */
export type RenderRequest = Pick<
  UtteranceRequest,
  "text" | "to" | "speaker" | "npc" | "voice" | "context" | "omit" | "stageDirections" | "cast" | "signal"
>;

/** A stretch of a line's sound. */
export interface RenderedSound {
  /** Mono, at 24 kHz. */
  samples: Int16Array<ArrayBuffer>;
  /** Of the sentence it belongs to: from 0. */
  sentence: number;
  /** Which engine speaks it. */
  engine: string;
}

/** A word of a line, as it is written. */
export interface RenderedWord {
  word: string;
  /** ms from the beginning of the line's sound. */
  startMs: number;
  endMs: number;
}

/** A stretch of a line's sound in one encoding, or when words of the sentence that has begun are heard. */
export type RenderedPart =
  | { type: "frame"; frame: SentenceFrame; bytes: Uint8Array<ArrayBuffer>; sentence: number; engine: string }
  | { type: "words"; words: readonly RenderedWord[]; sentence: number };

/** The same with everything decided. */
export type Rendered = ReadingOptions &
  Pick<ResolvedRequest, "text" | "to" | "voice" | "voiceNamed" | "known" | "spoken" | "speaker" | "context">;

/** What lines are rendered with. */
export interface Rendering {
  router: SpeechRouter;
  limits: Pick<UtteranceLimits, "maxChars" | "chunkBytes" | "bitrates">;
  /** Sentences rendered at once wait for a turn: what somebody is about to hear finds few of them before it. */
  turns: Lender<number>;
}

/** Events of a sentence that wait for whoever takes them: more than the longest sentence has. */
const MAX_EVENTS = 4096;

/**
 * A line's sound as listeners hear it, sentence by sentence, as fast as it is made.
 * @throws BardcastError as `TTSRouter.speak` at the first sentence that no engine can speak; `text-too-long`, `text-empty`
 */
export async function* renderLine(
  request: Rendered,
  rendering: Rendering,
  signal?: AbortSignal,
): AsyncGenerator<RenderedSound, void, undefined> {
  for await (const part of renderParts(request, rendering, { encoding: "pcm16", signal })) {
    if (part.type !== "frame") continue;
    const { bytes, sentence, engine } = part;
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    yield { samples, sentence, engine };
  }
}

/** The same in one encoding, with the times of words. @throws as `renderLine` */
export async function* renderParts(
  request: Rendered,
  { router, limits, turns }: Rendering,
  { encoding, signal: given }: { encoding: FrameEncoding; signal?: AbortSignal | undefined },
): AsyncGenerator<RenderedPart, void, undefined> {
  const { voice, text } = request;
  const left = new AbortController();
  const signal = given ? AbortSignal.any([given, left.signal]) : left.signal;
  const reading = { ...readingOf(request), maxChars: limits.maxChars, signal };
  const options = { language: voice.language, voices: request, ...reading };
  let samples = 0;
  try {
    for await (const sentence of abortable(sentencesOf(text, options), signal)) {
      if (!sentence.isSpoken) continue;
      const job = jobOf(sentence, request, { ...limits, encodings: [encoding], aheadMs: 0 });
      const route = { ...routeOf(sentence, request), isPrivate: isPrivate(request), signal };
      const speak = () => untilAborted(router.speak(job, route), signal);
      const atMs = (samples * 1000) / V2_SAMPLE_RATE + sentence.pauseMs;
      for await (const { event, engine } of spokenInTurn(speak, turns, signal)) {
        // What was made before is not wanted any more.
        signal.throwIfAborted();
        const { index } = sentence;
        if (event.type === "words")
          yield { type: "words", words: wordsOf(sentence, event, atMs), sentence: index };
        const bytes = event.type === "frame" ? event.frame.bytes.get(encoding) : undefined;
        if (event.type !== "frame" || !bytes) continue;
        const { frame } = event;
        samples += frame.samples;
        yield { type: "frame", frame, bytes: bytes.subarray(FRAME_HEADER_BYTES), sentence: index, engine };
      }
    }
  } finally {
    left.abort();
  }
}

/** A sentence's events. Its turn is over when they are made, not when they are taken: who is slow keeps nobody waiting. */
async function* spokenInTurn(
  speak: () => ReturnType<SpeechRouter["speak"]>,
  turns: Lender<number>,
  signal: AbortSignal,
): AsyncGenerator<{ event: SentenceEvent; engine: string }, void, undefined> {
  const turn = await turns.borrow({ signal });
  const queue = new BoundedQueue<{ event: SentenceEvent; engine: string }>(MAX_EVENTS);
  const make = async (): Promise<void> => {
    try {
      const { engine, events } = await speak();
      for await (const event of events)
        if (event.type !== "progress") await queue.push({ event, engine }, { signal });
      queue.close();
    } catch (error) {
      queue.fail(error);
    } finally {
      turns.add(turn);
    }
  };
  void make();
  yield* queue;
}

/** The words of a sentence as they are written. @param atMs where it begins to be said */
function wordsOf(
  { shown, spoken }: Sentence,
  { words }: Extract<SentenceEvent, { type: "words" }>,
  atMs: number,
): RenderedWord[] {
  return spoken.inCaption(words).map(([from, length, startMs, endMs]) => ({
    word: shown.slice(from, from + length),
    startMs: atMs + startMs,
    endMs: atMs + endMs,
  }));
}

import { abortable, untilAborted } from "../core/async/abortable.ts";
import { FRAME_HEADER_BYTES } from "../core/protocol/frame.ts";
import type { ReadingOptions } from "../core/text/reading-options.ts";
import { isPrivate, type ResolvedRequest } from "./request/resolved-request.ts";
import type { UtteranceRequest } from "./request/utterance.ts";
import type { UtteranceLimits } from "./request/utterance-limits.ts";
import { jobOf, routeOf, sentencesOf } from "./speaking/sentence.ts";
import type { SpeechRouter } from "./speaking/trusted-router.ts";

/** A line whose sound is wanted, and no listener; what is not to everybody is kept in memory alone. */
export type RenderRequest = Pick<
  UtteranceRequest,
  "text" | "to" | "speaker" | "npc" | "voice" | "context" | "omit" | "stageDirections" | "signal"
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

/** The same with everything decided. */
type Rendered = ReadingOptions &
  Pick<ResolvedRequest, "text" | "to" | "voice" | "voiceNamed" | "spoken" | "speaker" | "context">;

/**
 * A line's sound as listeners hear it, sentence by sentence, as fast as it is made.
 * @throws BardcastError as `TTSRouter.speak` at the first sentence that no engine can speak; `text-too-long`, `text-empty`
 */
export async function* renderLine(
  request: Rendered,
  {
    router,
    limits,
  }: { router: SpeechRouter; limits: Pick<UtteranceLimits, "maxChars" | "chunkBytes" | "bitrates"> },
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<RenderedSound, void, undefined> {
  const { omit, stageDirections, voice, text } = request;
  const reading = { omit, stageDirections, maxChars: limits.maxChars, signal };
  const options = { language: voice.language, voices: request, ...reading };
  for await (const sentence of abortable(sentencesOf(text, options), signal)) {
    if (!sentence.isSpoken) continue;
    const job = jobOf(sentence, request, { ...limits, encodings: ["pcm16"], aheadMs: 0 });
    const route = routeOf(sentence, request);
    const speech = await untilAborted(
      router.speak(job, { ...route, isPrivate: isPrivate(request), signal }),
      signal,
    );
    for await (const event of speech.events) {
      // What was made before is not wanted any more.
      signal.throwIfAborted();
      const bytes = event.type === "frame" ? event.frame.bytes.get("pcm16") : undefined;
      if (!bytes) continue;
      const samples = new Int16Array(
        bytes.buffer,
        bytes.byteOffset + FRAME_HEADER_BYTES,
        (bytes.byteLength - FRAME_HEADER_BYTES) / 2,
      );
      yield { samples, sentence: sentence.index, engine: speech.engine };
    }
  }
}

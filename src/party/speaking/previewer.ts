import { abortable, untilAborted } from "../../core/async/abortable.ts";
import { joinBytes } from "../../core/bytes.ts";
import { BardcastError, coded, toWire, type WireError } from "../../core/errors.ts";
import { FRAME_HEADER_BYTES } from "../../core/protocol/frame.ts";
import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { ReadingOptions } from "../../core/text/reading-options.ts";
import type { TextSource } from "../../core/text/text-source.ts";
import { isPrivate, type ResolvedRequest } from "../request/resolved-request.ts";
import type { UtteranceLimits } from "../request/utterance-limits.ts";
import { jobOf, routeOf, type Sentence, sentencesOf } from "./sentence.ts";
import type { SpeechRouter } from "./trusted-router.ts";

/** How an utterance would sound. */
export interface Preview {
  /** 16-bit little-endian samples, mono, at 24 kHz; none where nothing of the text is spoken. */
  pcm: Uint8Array<ArrayBuffer>;
  /** Engines that spoke, in order of first use. */
  engines: string[];
  /** Why sentences are missing. */
  problems: WireError[];
  /** It is longer, and ends here. */
  isCut: boolean;
}

type Previewed = ReadingOptions &
  Pick<ResolvedRequest, "to" | "voice" | "voiceNamed" | "speaker" | "context"> & { text: TextSource };

/** Previews that may be made at once. */
const MAX_UNDER_WAY = 4;
/** Bytes of sound in one: three minutes. */
const MAX_BYTES = 2 * V2_SAMPLE_RATE * 180;
/** Troubles that one tells of. */
const MAX_PROBLEMS = 8;

/** Has utterances spoken for whoever wants to hear them first: no listener gets any of it. */
export class Previewer {
  readonly #router: SpeechRouter;
  readonly #limits: Pick<UtteranceLimits, "maxChars" | "chunkBytes" | "bitrates">;
  readonly #closing = new AbortController();
  #underWay = 0;

  constructor(router: SpeechRouter, limits: Pick<UtteranceLimits, "maxChars" | "chunkBytes" | "bitrates">) {
    this.#router = router;
    this.#limits = limits;
  }

  /** @throws BardcastError `busy`, `text-too-long`, `cancelled`, or the reason of `close` */
  async preview(request: Previewed, signal?: AbortSignal): Promise<Preview> {
    if (this.#underWay >= MAX_UNDER_WAY) {
      const message = `${MAX_UNDER_WAY} lines are being previewed already; try again when some are done`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    const closing = this.#closing.signal;
    this.#underWay += 1;
    try {
      return await this.#preview(request, AbortSignal.any([closing, ...(signal ? [signal] : [])]));
    } catch (error) {
      if (signal?.aborted && !closing.aborted) throw new BardcastError("cancelled", "cancelled");
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Ends what is being made. */
  close(reason: unknown): void {
    this.#closing.abort(reason);
  }

  async #preview(request: Previewed, signal: AbortSignal): Promise<Preview> {
    const made: Uint8Array[] = [];
    const engines = new Set<string>();
    const problems: WireError[] = [];
    let left = MAX_BYTES;
    const { omit, stageDirections, text } = request;
    const { maxChars } = this.#limits;
    const options = { language: request.voice.language, voices: request, omit, stageDirections, maxChars };
    for await (const sentence of abortable(sentencesOf(text, { ...options, signal }), signal)) {
      if (!sentence.isSpoken) continue;
      try {
        for await (const { engine, pcm } of this.#speak(sentence, request, signal)) {
          engines.add(engine);
          made.push(pcm.subarray(0, left));
          left -= Math.min(left, pcm.length);
          if (left === 0) return { pcm: joinBytes(made), engines: [...engines], problems, isCut: true };
        }
      } catch (error) {
        signal.throwIfAborted();
        if (problems.length < MAX_PROBLEMS) problems.push(toWire(coded(error, "engine-failed")));
      }
    }
    return { pcm: joinBytes(made), engines: [...engines], problems, isCut: false };
  }

  async *#speak(
    sentence: Sentence,
    request: Previewed,
    signal: AbortSignal,
  ): AsyncGenerator<{ engine: string; pcm: Uint8Array }, void, undefined> {
    const job = jobOf(sentence, request, { ...this.#limits, encodings: ["pcm16"], aheadMs: 0 });
    const options = { ...routeOf(sentence, request), isPrivate: isPrivate(request), signal };
    const { engine, events } = await untilAborted(this.#router.speak(job, options), signal);
    for await (const event of events) {
      const message = event.type === "frame" ? event.frame.bytes.get("pcm16") : undefined;
      if (message) yield { engine, pcm: message.subarray(FRAME_HEADER_BYTES) };
    }
  }
}

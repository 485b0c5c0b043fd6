import { abortable, untilAborted } from "../../core/async/abortable.ts";
import { BardcastError } from "../../core/errors.ts";
import { type ReadingOptions, readingOf } from "../../core/text/reading-options.ts";
import type { SpeechCache } from "../../engines/cache/speech-cache.ts";
import type { Encoding, SentenceJob } from "../../engines/contract/sentence-job.ts";
import { isPrivate, type ResolvedRequest } from "../request/resolved-request.ts";
import type { UtteranceRequest } from "../request/utterance.ts";
import type { UtteranceLimits } from "../request/utterance-limits.ts";
import { jobOf, routeOf, type SentenceRoute, sentencesOf } from "./sentence.ts";
import type { SpeechRouter } from "./trusted-router.ts";

/** An utterance that may come to be said; what is not to everybody is kept in memory alone. */
export type PrepareRequest = Pick<
  UtteranceRequest,
  "text" | "to" | "speaker" | "npc" | "voice" | "context" | "omit" | "stageDirections" | "cast" | "signal"
> & {
  /** Forms to make besides Opus and what the listeners who are there now use. */
  encodings?: readonly Encoding[];
};

/** The result of preparing. */
export interface Preparation {
  /** Sentences in the text that have sound. */
  sentences: number;
  /** Of these, how many will start at once. */
  cached: number;
}

/** The same with everything decided. */
type Prepared = ReadingOptions &
  Pick<
    ResolvedRequest,
    "text" | "to" | "voice" | "voiceNamed" | "known" | "spoken" | "speaker" | "context"
  > & {
    encodings: readonly Encoding[];
  };

/** A sentence to be prepared. */
interface Order {
  job: SentenceJob;
  route: SentenceRoute;
}

/** Texts that may be under way at once. */
const MAX_UNDER_WAY = 64;

/** Has sentences synthesised before anybody says them, while nothing that is said needs the engines. */
export class Preparer {
  readonly #router: SpeechRouter;
  readonly #cache: SpeechCache | undefined;
  readonly #limits: Pick<UtteranceLimits, "maxChars" | "chunkBytes" | "bitrates">;
  readonly #closing = new AbortController();
  #underWay = 0;

  /** @param cache without one, nothing is prepared */
  constructor(
    router: SpeechRouter,
    cache: SpeechCache | undefined,
    limits: Pick<UtteranceLimits, "maxChars" | "chunkBytes" | "bitrates">,
  ) {
    this.#router = router;
    this.#cache = cache;
    this.#limits = limits;
  }

  /**
   * Prepares the sentences in order; one that no engine can speak is passed over.
   * @throws BardcastError `busy` where too many texts wait already, `text-too-long`, `cancelled`, or the reason
   * of `close`
   */
  async prepare(request: Prepared, signal?: AbortSignal): Promise<Preparation> {
    if (this.#underWay >= MAX_UNDER_WAY) {
      const message = `${MAX_UNDER_WAY} texts are being prepared already; try again when some are done`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    const closing = this.#closing.signal;
    this.#underWay += 1;
    try {
      return await this.#prepare(request, AbortSignal.any([closing, ...(signal ? [signal] : [])]));
    } catch (error) {
      if (signal?.aborted && !closing.aborted) throw new BardcastError("cancelled", "cancelled");
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Ends what is being prepared. */
  close(reason: unknown): void {
    this.#closing.abort(reason);
  }

  async #prepare(request: Prepared, signal: AbortSignal): Promise<Preparation> {
    const preparation = { sentences: 0, cached: 0 };
    const { maxChars } = this.#limits;
    const reading = { ...readingOf(request), maxChars, signal };
    const options = { language: request.voice.language, voices: request, ...reading };
    for await (const sentence of abortable(sentencesOf(request.text, options), signal)) {
      if (sentence.spoken.text === "") continue;
      preparation.sentences += 1;
      const job = jobOf(sentence, request, { ...this.#limits, encodings: request.encodings, aheadMs: 0 });
      if (await this.#keep({ job, route: routeOf(sentence, request) }, request, signal))
        preparation.cached += 1;
    }
    return preparation;
  }

  async #keep(order: Order, request: Prepared, signal: AbortSignal): Promise<boolean> {
    const cache = this.#cache;
    if (!cache) return false;
    try {
      const said = await cache.idleGate.whenQuiet((signal) => this.#speak(order, request, signal), signal);
      return await untilAborted(cache.has(said.engine, said.job), signal);
    } catch {
      signal.throwIfAborted();
      return false;
    }
  }

  /** @returns the engine that spoke, and what it was asked */
  async #speak(
    { job, route }: Order,
    request: Prepared,
    signal: AbortSignal,
  ): Promise<{ engine: string; job: SentenceJob }> {
    const options = { ...route, ahead: true, isPrivate: isPrivate(request), signal };
    const { engine, events, job: asked = job } = await untilAborted(this.#router.speak(job, options), signal);
    for await (const _event of events);
    return { engine, job: asked };
  }
}

import { abortable, type WaitLimit, within } from "../../core/async/abortable.ts";
import { BardcastError, coded } from "../../core/errors.ts";
import type { SentenceEvent } from "../../engines/contract/sentence-job.ts";
import type { RoutedSpeech } from "../../engines/routing/engine-attempt.ts";
import type { TTSRouter } from "../../engines/routing/router.ts";

/** The part of a router that is needed to speak. Waits for one that is not bounded are given a limit here. */
export type SpeechRouter = Pick<TTSRouter, "speak" | "isBounded">;

/** ms of silence after which somebody else's router is given up. */
const ROUTER_MS = 20_000;

/**
 * A router that ends: it may be somebody else's, which hangs or throws what says nothing. One that bounds its waits
 * itself knows better when a sentence only waits for its turn.
 */
export function trusted(router: SpeechRouter): SpeechRouter {
  if (router.isBounded) return router;
  return {
    async speak(job, options = {}): Promise<RoutedSpeech> {
      const { signal } = options;
      try {
        const asked = (async () => router.speak(job, options))();
        const { engine, events } = await within(asked, LIMIT, signal);
        return { engine: String(engine), events: told(events, signal) };
      } catch (error) {
        throw problemOf(error);
      }
    },
  };
}

/** ms that somebody else's router may take to get warm, to say how its engines are, or to shut down. */
const ANSWER_MS = 10_000;

/**
 * Asks a router for something other than speech, and waits a limited time for the answer.
 * @throws BardcastError `engine-hung`, or whatever it throws as `engine-failed`
 */
export async function answerOf<T>(router: SpeechRouter, ask: () => T | PromiseLike<T>): Promise<T> {
  if (router.isBounded) return ask();
  const late = (): unknown =>
    new BardcastError("engine-hung", `the router did not answer within ${ANSWER_MS} ms`, { retryable: true });
  try {
    return await within((async () => ask())(), { ms: ANSWER_MS, late });
  } catch (error) {
    throw problemOf(error);
  }
}

const LIMIT: WaitLimit = {
  ms: ROUTER_MS,
  late: () =>
    new BardcastError("engine-hung", `the router gave no sound within ${ROUTER_MS} ms`, { retryable: true }),
};

async function* told(
  events: AsyncIterable<SentenceEvent>,
  signal: AbortSignal | undefined,
): AsyncGenerator<SentenceEvent, void, undefined> {
  try {
    yield* abortable(events, signal, LIMIT);
  } catch (error) {
    throw problemOf(error);
  }
}

function problemOf(error: unknown): BardcastError {
  return coded(error, "engine-failed", "the router failed");
}

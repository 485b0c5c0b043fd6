import type { TTSEngine } from "./engine.ts";
import { isSpeakingEngine, type SentenceEvent, type SentenceJob } from "./sentence-job.ts";

/**
 * Has an engine speak a sentence. Resolves when there is something to hear: until then another engine can
 * take over without a word being said twice.
 * @throws BardcastError whatever the engine throws before
 */
export async function speakUntilHeard(
  engine: TTSEngine,
  job: SentenceJob,
  { signal }: { signal?: AbortSignal },
): Promise<AsyncIterable<SentenceEvent>> {
  const source = speakWith(engine, job, signal ? { signal } : {})[Symbol.asyncIterator]();
  return continued(await untilHeard(source), source);
}

function speakWith(
  engine: TTSEngine,
  job: SentenceJob,
  options: { signal?: AbortSignal },
): AsyncIterable<SentenceEvent> {
  return isSpeakingEngine(engine) ? engine.speak(job, options) : speakHere(engine, job, options);
}

/** What speaks and encodes is loaded by whoever needs it on their own thread. */
async function* speakHere(
  engine: TTSEngine,
  job: SentenceJob,
  options: { signal?: AbortSignal },
): AsyncGenerator<SentenceEvent, void, undefined> {
  const { speakSentence } = await import("./speak-sentence.ts");
  yield* speakSentence(engine, job, options);
}

/** The next event that says more than "still at it". */
async function nextEvent(source: AsyncIterator<SentenceEvent>): Promise<SentenceEvent | undefined> {
  for (;;) {
    const { done, value } = await source.next();
    if (done) return undefined;
    if (value.type !== "progress") return value;
  }
}

/** Events up to the first that somebody hears, or all of them where nobody hears any. */
async function untilHeard(source: AsyncIterator<SentenceEvent>): Promise<SentenceEvent[]> {
  const events: SentenceEvent[] = [];
  for (;;) {
    const event = await nextEvent(source);
    if (!event) return events;
    events.push(event);
    if (event.type === "frame" || event.type === "clip") return events;
  }
}

async function* continued(
  begun: readonly SentenceEvent[],
  source: AsyncIterator<SentenceEvent>,
): AsyncGenerator<SentenceEvent, void, undefined> {
  try {
    yield* begun;
    for (let event = await nextEvent(source); event; event = await nextEvent(source)) yield event;
  } finally {
    await source.return?.();
  }
}

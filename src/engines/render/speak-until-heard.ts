import type { SentenceEvent } from "../contract/sentence-job.ts";

/**
 * Waits until there is something of a sentence to hear: until then another engine can take over without a
 * word being said twice.
 * @throws BardcastError whatever the engine throws before
 */
export async function speakUntilHeard(
  events: AsyncIterable<SentenceEvent>,
): Promise<AsyncIterable<SentenceEvent>> {
  const source = events[Symbol.asyncIterator]();
  return continued(await untilHeard(source), source);
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

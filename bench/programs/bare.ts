/** A server that knows nothing of Bardcast, and is given the same messages. */
import { writeFrameHeader } from "../../src/core/protocol/frame.ts";
import type { Encoding } from "../../src/engines/contract/sentence-job.ts";
import { answer, argument } from "../support/answer.ts";
import { bareServer } from "../support/bare-server.ts";
import { rssAfterGc } from "../support/memory.ts";
import { making, messagesOf, type Prepared, prepare, replay, SENTENCES_READY } from "../support/prepared.ts";
import { spent } from "../support/spent.ts";
import { watchStalls } from "../support/stall.ts";
import { SENTENCE_MS } from "../support/tone.ts";

interface Argument {
  encoding?: Encoding;
  live?: boolean;
  /** What each sentence says. */
  sentence?: string;
}

const { encoding = "dm20", live = false, sentence = "One." } = argument<Argument>();
const sentenceMs = SENTENCES_READY[sentence] ?? SENTENCE_MS;
const sentences = await prepare(encoding, { live, sentenceMs });
const server = await bareServer();
let handle = 0;

/** Says so many sentences, each as a burst or as it would come from a source that speaks as it goes. */
async function say(count: number): Promise<void> {
  const line = { handle: ++handle % 65_536, sequence: 0, ptsSamples: 0 };
  for (let index = 0; index < count; index++) {
    await making();
    const sentence = sentences[index % sentences.length] ?? [];
    if (live)
      for await (const event of replay(sentence)) server.publish(numbered([{ atMs: 0, event }], line));
    else server.publish(numbered(sentence, line));
  }
}

function numbered(
  sentence: Prepared,
  line: { handle: number; sequence: number; ptsSamples: number },
): (string | Uint8Array<ArrayBuffer>)[] {
  const out: (string | Uint8Array<ArrayBuffer>)[] = [];
  for (const { event } of sentence) {
    if (event.type === "frame") {
      const { samples, packets, begins } = event.frame;
      const head = { ...line, first: line.sequence === 0, last: false, discontinuity: begins, packets };
      for (const bytes of event.frame.bytes.values()) writeFrameHeader(bytes, head);
      line.sequence += 1;
      line.ptsSamples += samples;
    }
    out.push(...messagesOf(event));
  }
  return out;
}

answer({
  address: () => `ws://127.0.0.1:${server.port}/`,
  count: () => server.count(),
  rss: rssAfterGc,
  cost: (lines: number, sentenceCount: number) =>
    spent(async () => {
      for (let line = 0; line < lines; line++) await say(sentenceCount);
    }),
  say,
  /** Messages of sound in so many sentences. */
  messages: (count: number) =>
    sentences.slice(0, count).flatMap((sentence) => sentence.flatMap(({ event }) => messagesOf(event)))
      .length,
  stall: watchStalls(),
  said: () => [],
  over: () => undefined,
});

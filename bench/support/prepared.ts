import type { PcmPiece } from "../../src/core/dsp/audio.ts";
import type {
  Encoding,
  SentenceEvent,
  SentenceJob,
  SpeakingEngine,
} from "../../src/engines/contract/sentence-job.ts";
import { speakSentence } from "../../src/engines/render/speak-sentence.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";
import createTone, { SENTENCE_MS } from "./tone.ts";

/** What is said to get a sentence of so many ms from a worker that has them ready. */
export const SENTENCES_READY: Readonly<Record<string, number>> = {
  "One.": SENTENCE_MS,
  "A long one.": 10 * SENTENCE_MS,
};

/** Ten seconds, as the tone engine speaks it. */
export const LINE = "One. Two. Three. Four.";
export const LINE_SECONDS = 10;
const SENTENCES = (LINE_SECONDS * 1000) / SENTENCE_MS;
/** ms of sound in a piece of a source that speaks as it goes. */
const LIVE_PIECE_MS = 100;

/** What speaking a sentence yielded, and when, in ms from its beginning. */
export type Prepared = readonly { atMs: number; event: SentenceEvent }[];

/** How sentences are made ahead of time. */
export interface Preparation {
  /** As a source gives them that speaks as it goes; otherwise each sentence is there at once. */
  live?: boolean;
  /** ms of sound in each of them. */
  sentenceMs?: number;
}

/** Speaks sentences once, ahead of time, to be handed out without being made again. */
export async function prepare(
  encoding: Encoding,
  { live = false, sentenceMs = SENTENCE_MS }: Preparation = {},
): Promise<Prepared[]> {
  const voice = (await VoiceRegistry.open(memoryStore())).getVoiceConfig("dm");
  const sentences: Prepared[] = [];
  for (let index = 0; index < (live ? 1 : SENTENCES); index++) {
    const job: SentenceJob = {
      text: "One.",
      voice,
      encodings: [encoding],
      chunkBytes: 4096,
      bitrates: { opus: 24_000, "opus-low": 12_000 },
      aheadMs: live ? 0 : index * sentenceMs,
    };
    const start = performance.now();
    const events: { atMs: number; event: SentenceEvent }[] = [];
    const engine = createTone({ sentenceMs, ...(live ? { pieceMs: LIVE_PIECE_MS, live } : {}) });
    for await (const event of speakSentence(engine, job)) {
      // To the piece that it came with: how busy the machine is now is not to be repeated.
      const pieces = Math.floor((performance.now() - start) / LIVE_PIECE_MS);
      events.push({ atMs: live ? pieces * LIVE_PIECE_MS : 0, event });
    }
    sentences.push(events);
  }
  return sentences;
}

/** Sentences are made one after the other: never do two come in the same turn, to be sent as one. */
export function making(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** Hands a sentence's events out as they came. */
export async function* replay(sentence: Prepared): AsyncGenerator<SentenceEvent, void, undefined> {
  const start = performance.now();
  for (const { atMs, event } of sentence) {
    const waitMs = start + atMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    yield event;
  }
}

/** The audio messages of an event, to be sent as they are. */
export function messagesOf(event: SentenceEvent): readonly (string | Uint8Array<ArrayBuffer>)[] {
  if (event.type === "clip") return event.messages;
  return event.type === "frame" ? [...event.frame.bytes.values()] : [];
}

/** An engine that hands out what was prepared: what is left is handing it over. */
export interface PreparedEngine extends SpeakingEngine {
  /** Makes so many sentences ready to be given away: whoever speaks one keeps its frames. */
  stock(count: number): void;
}

export function preparedEngine(sentences: readonly Prepared[]): PreparedEngine {
  let next = 0;
  const ready: Prepared[] = [];
  const isLive = sentences.some((sentence) => sentence.some(({ atMs }) => atMs > 0));
  const make = (): Prepared =>
    (sentences[next++ % sentences.length] ?? []).map(({ atMs, event }) => ({ atMs, event: fresh(event) }));
  return {
    ...createTone(),
    stock(count) {
      while (ready.length < count) ready.push(make());
    },
    async *speak(): AsyncGenerator<SentenceEvent, void, undefined> {
      await making();
      const sentence = ready.shift() ?? make();
      if (isLive) yield* replay(sentence);
      // One generator, as an engine is one: what it costs counts as a line's.
      else for (const { event } of sentence) yield event;
    },
    async *synthesize(): AsyncGenerator<PcmPiece, void, undefined> {
      yield* [];
    },
  };
}

/** Clips of one length that are told apart: more than a table remembers. */
const LENGTHS = 300;
let clips = 0;

/** Frames get the header of the line they are said in; clips are of different lengths, as sentences are. */
export function fresh(event: SentenceEvent): SentenceEvent {
  if (event.type === "clip") return { ...event, durationMs: event.durationMs + (clips++ % LENGTHS) };
  if (event.type !== "frame") return event;
  const bytes = new Map([...event.frame.bytes].map(([encoding, message]) => [encoding, message.slice()]));
  return { ...event, frame: { ...event.frame, bytes } };
}

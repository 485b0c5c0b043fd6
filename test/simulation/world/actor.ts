import { BardcastError } from "../../../src/core/errors.ts";
import { clipMessages } from "../../../src/core/protocol/dm20.ts";
import {
  isFrameEncoding,
  type SentenceEvent,
  type SentenceJob,
} from "../../../src/engines/contract/sentence-job.ts";
import { clipBytes, frameBytes, SENTENCE_NAME, samplesOf } from "./sound.ts";

/** How an engine takes one sentence. */
export type Mood =
  /** Speaks. */
  | "ok"
  /** Takes seconds before it says the first piece. */
  | "late"
  /** Makes speech as slowly as it is heard. */
  | "slow"
  /** Refuses. */
  | "fail"
  /** Breaks off after some of it. */
  | "break"
  /** Never answers, and does not stop when told to. */
  | "hang"
  /** Falls silent in the middle. */
  | "stick"
  /** Ends its process before anything is said, or in the middle. */
  | "die"
  | "die-late";

export interface ScriptedSentence {
  /** Of 20 ms. */
  packets: number;
  /** By engine: what it does the first time, the second time and so on; then `ok`. */
  moods: Readonly<Record<string, readonly Mood[]>>;
}

/** What all sentences are, and how often each engine was asked for them. */
export class Script {
  readonly sentences: Map<string, ScriptedSentence> = new Map();
  readonly #asked = new Map<string, number>();
  readonly #attempts = new Map<string, number>();

  /** How the engine takes it this time. */
  take(engine: string, name: string): { mood: Mood; attempt: number } {
    const asked = this.#asked.get(`${engine} ${name}`) ?? 0;
    const attempt = this.#attempts.get(name) ?? 0;
    this.#asked.set(`${engine} ${name}`, asked + 1);
    this.#attempts.set(name, attempt + 1);
    return { mood: this.sentences.get(name)?.moods[engine]?.[asked] ?? "ok", attempt };
  }
}

/** Packets in one piece. */
const PIECE = 25;
/** ms */
const LATE_MS = 2_500;

/** Without a timer, which would be this one's and not the product's. */
const never = (): Promise<void> => new Promise(() => undefined);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Speaks as the script says, in virtual time. @param die ends the process, where it has one */
export async function* act(
  script: Script,
  engine: string,
  job: SentenceJob,
  signal: AbortSignal | undefined,
  die: () => void,
): AsyncGenerator<SentenceEvent, void, undefined> {
  const found = SENTENCE_NAME.exec(job.text);
  const packets = (found && script.sentences.get(found[0])?.packets) ?? 20;
  const { mood, attempt } = found ? script.take(engine, found[0]) : { mood: "ok" as const, attempt: 0 };
  const of = { line: Number(found?.[1] ?? 0xffff), sentence: Number(found?.[2] ?? 0), attempt, packets };
  if (mood === "late") await sleep(LATE_MS);
  if (mood === "fail") throw new BardcastError("engine-failed", `cannot say "${job.text}"`);
  if (mood === "hang") await never();
  if (mood === "die") {
    die();
    await never();
  }
  let samples = 0;
  for (let from = 0; from < packets; from += PIECE) {
    const to = Math.min(packets, from + PIECE);
    await sleep(mood === "slow" ? (to - from) * 18 : 3);
    if (signal?.aborted) throw new BardcastError("cancelled", "cancelled");
    if (from > 0 && mood === "break")
      throw new BardcastError("engine-failed", `lost its thread in "${job.text}"`);
    if (from > 0 && mood === "stick") await never();
    if (from > 0 && mood === "die-late") {
      die();
      await never();
    }
    samples += samplesOf(from, to);
    yield { type: "progress", samples };
    const encodings = job.encodings.filter(isFrameEncoding);
    if (encodings.length === 0) continue;
    const bytes = new Map(encodings.map((encoding) => [encoding, frameBytes(encoding, of, from, to)]));
    const frame = {
      begins: from === 0,
      ends: to === packets,
      packets: to - from,
      samples: samplesOf(from, to),
      bytes,
    };
    yield { type: "frame", frame };
  }
  const durationMs = packets * 20;
  yield { type: "words", words: [[0, 1, 0, durationMs]], estimated: true };
  if (job.encodings.includes("dm20")) {
    const clip = { format: "wav", bytes: clipBytes(of), sampleRate: 24_000, durationMs } as const;
    yield { type: "clip", messages: clipMessages(clip, job.chunkBytes), durationMs };
  }
  yield { type: "end", samples, sampleRate: 24_000, durationMs };
}

/**
 * What was said once is not synthesised again. `speech-cache.ts` stands between router and engines,
 * `sentence-memory.ts` and `disk-cache.ts` keep sentences, `shared-sentence.ts` is one that is being made,
 * `frame-recutter.ts` fits what was made to other listeners.
 * @module
 */
import { BardcastError } from "../../core/errors.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { isFrameEncoding, type SentenceEvent, type SentenceJob } from "../contract/sentence-job.ts";
import { notKept, type SpeakWith, type SpeakWithOptions, speakWith } from "../render/speak-with.ts";
import type { DiskCache } from "./disk-cache.ts";
import { FrameRecutter } from "./frame-recutter.ts";
import { IdleGate } from "./idle-gate.ts";
import { encodingsOf, type KeptSentence, replay, stretchOf } from "./kept-sentence.ts";
import { covers, sentenceKey } from "./sentence-key.ts";
import { SentenceMemory } from "./sentence-memory.ts";
import { SharedSentence } from "./shared-sentence.ts";

export interface SpeechCacheOptions {
  /** Bytes of sentences in memory; 0 keeps none there. */
  memoryBytes: number;
  /** Where sentences outlast the process. */
  disk?: DiskCache | undefined;
  /** What tells an engine from others of its name; undefined: nothing of it is kept. By default its name. */
  identityOf?: ((engine: string) => string | undefined) | undefined;
}

export interface SpeechCacheStatus {
  /** Sentences that were there, and that had to be made. */
  hits: number;
  misses: number;
  /** Sentences in memory. */
  sentences: number;
  memoryBytes: number;
  diskBytes: number;
}

/**
 * Keeps whole sentences by what they sound like and by the engine that really spoke, so that what stood in
 * for another engine never hides it. A sentence that failed or was cancelled is not kept, and one that was for
 * some players only is kept in memory alone.
 */
export class SpeechCache {
  /** Keeps what is prepared out of the way of what is heard. */
  readonly rightOfWay: IdleGate = new IdleGate();
  readonly #memory: SentenceMemory;
  readonly #disk: DiskCache | undefined;
  readonly #identityOf: (engine: string) => string | undefined;
  readonly #shared = new Map<string, SharedSentence>();
  #hits = 0;
  #misses = 0;

  constructor({ memoryBytes, disk, identityOf = (engine) => engine }: SpeechCacheOptions) {
    this.#memory = new SentenceMemory(memoryBytes);
    this.#disk = disk;
    this.#identityOf = identityOf;
  }

  /** Speaks from what is kept, with those who speak the same just now, or with the engine. */
  readonly speakWith: SpeakWith = (engine, job, options) => {
    const key = this.#keyOf(engine.name, job);
    return key === undefined ? speakWith(engine, job, options) : this.#speak(key, engine, job, options);
  };

  /** Whether the sentence would start without the engine. */
  async has(engine: string, job: SentenceJob): Promise<boolean> {
    const key = this.#keyOf(engine, job);
    if (key === undefined) return false;
    const kept = this.#memory.get(key);
    if (kept) return covers(encodingsOf(kept), job.encodings);
    return (await this.#disk?.has(key)) ?? false;
  }

  status(): SpeechCacheStatus {
    const { size, bytes } = this.#memory;
    return {
      hits: this.#hits,
      misses: this.#misses,
      sentences: size,
      memoryBytes: bytes,
      diskBytes: this.#disk?.bytes ?? 0,
    };
  }

  /** Waits a moment for what is still to be written to disk. */
  async close(): Promise<void> {
    await this.#disk?.close();
  }

  #keyOf(engine: string, job: SentenceJob): string | undefined {
    // Silence is made faster than it is found, and would take the place of speech.
    if (job.text === "") return undefined;
    const identity = this.#identityOf(engine);
    return identity === undefined ? undefined : sentenceKey(identity, job);
  }

  async *#speak(
    key: string,
    engine: TTSEngine,
    job: SentenceJob,
    options: SpeakWithOptions,
  ): AsyncGenerator<SentenceEvent, void, undefined> {
    const { encodings, aheadMs } = job;
    const kept = await this.#find(key, job);
    if (options.signal?.aborted) throw new BardcastError("cancelled", "cancelled");
    if (kept && covers(encodingsOf(kept), encodings)) {
      this.#hits += 1;
      yield* replay(kept, encodings, aheadMs);
      return;
    }
    if (options.keptOnly) throw notKept();
    const shared = this.#shared.get(key);
    if (shared && covers(shared.encodings, encodings)) {
      this.#hits += 1;
      yield* recut(shared.follow(options.signal), job);
      return;
    }
    this.#misses += 1;
    // With the forms it was kept in, or two audiences would take turns in replacing each other's.
    const all = kept ? [...new Set([...encodings, ...encodingsOf(kept)])] : encodings;
    yield* only(this.#begin(key, engine, { ...job, encodings: all }, options).follow(options.signal), job);
  }

  /** In memory, or where nobody is making it just now, on disk. */
  async #find(key: string, job: SentenceJob): Promise<KeptSentence | undefined> {
    const kept = this.#memory.get(key);
    if (kept || !this.#disk || this.#shared.has(key)) return kept;
    const read = await this.#disk.get(key, job);
    if (read) this.#memory.set(key, read);
    return read ?? this.#memory.get(key);
  }

  #begin(key: string, engine: TTSEngine, job: SentenceJob, options: SpeakWithOptions): SharedSentence {
    const { ahead, isPrivate } = options;
    const leave = ahead ? () => undefined : this.rightOfWay.enter();
    const shared = new SharedSentence({
      encodings: job.encodings,
      speak: (signal) => speakWith(engine, job, { signal }),
      onOver: (sentence) => {
        leave();
        if (this.#shared.get(key) === shared) this.#shared.delete(key);
        if (!sentence) return;
        this.#memory.set(key, sentence);
        if (!isPrivate) this.#disk?.set(key, sentence);
      },
    });
    this.#shared.set(key, shared);
    return shared;
  }
}

/** What was ordered, out of what is made. */
async function* only(
  events: AsyncIterable<SentenceEvent>,
  { encodings }: SentenceJob,
): AsyncGenerator<SentenceEvent, void, undefined> {
  for await (const event of events) {
    if (event.type === "frame") {
      const bytes = new Map([...event.frame.bytes].filter(([encoding]) => encodings.includes(encoding)));
      if (bytes.size > 0) yield { type: "frame", frame: { ...event.frame, bytes } };
    } else if (event.type !== "clip" || encodings.includes("dm20")) yield event;
  }
}

/** What is made for somebody else, in frames of one's own. */
async function* recut(
  events: AsyncIterable<SentenceEvent>,
  job: SentenceJob,
): AsyncGenerator<SentenceEvent, void, undefined> {
  const wanted = job.encodings.filter(isFrameEncoding);
  const recutter = new FrameRecutter(wanted, job.aheadMs);
  for await (const event of only(events, job)) {
    if (event.type !== "frame") {
      yield event;
      continue;
    }
    const stretch = stretchOf(event.frame);
    for (const frame of event.frame.ends ? recutter.finish(stretch) : recutter.push(stretch)) {
      yield { type: "frame", frame };
    }
  }
}

import { letGo } from "../../core/async/abortable.ts";
import { BardcastError } from "../../core/errors.ts";
import type { Encoding, SentenceEvent, SentenceJob } from "../contract/sentence-job.ts";
import {
  type AskedEngine,
  askEngine,
  notKept,
  type SpeakWith,
  type SpeakWithOptions,
} from "../routing/engine-attempt.ts";
import type { DiskCache } from "./disk-cache.ts";
import { EngineIdentities } from "./engine-identities.ts";
import { IdleGate } from "./idle-gate.ts";
import { encodingsOf, type KeptSentence, keep, OwnShare, replay } from "./kept-sentence.ts";
import { covers, sentenceKey } from "./sentence-key.ts";
import { SentenceMemory } from "./sentence-memory.ts";

/** How much is kept, and where. */
export interface SpeechCacheOptions {
  /** Bytes of sentences in memory; 0 keeps none there. */
  memoryBytes: number;
  /** Where sentences outlast the process. */
  disk?: DiskCache | undefined;
  /** Tells apart engines of the same name. Default: the name. */
  identities?: EngineIdentities | undefined;
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
 * Stands between an attempt and its engine, so that what was said once is not synthesised again.
 * Keeps whole sentences by what they sound like and by the engine that really spoke, so that what stood in
 * for another engine never hides it. A sentence that failed or was cancelled is not kept, and one that was for
 * some players only is kept in memory alone.
 */
export class SpeechCache {
  /** Keeps what is prepared out of the way of what is heard. */
  readonly idleGate: IdleGate = new IdleGate();
  /** Engines may change while a table is open. */
  readonly identities: EngineIdentities;
  readonly #memory: SentenceMemory;
  readonly #disk: DiskCache | undefined;
  readonly #shared = new Map<string, SharedSentence>();
  #hits = 0;
  #misses = 0;

  constructor({ memoryBytes, disk, identities = new EngineIdentities() }: SpeechCacheOptions) {
    this.#memory = new SentenceMemory(memoryBytes);
    this.#disk = disk;
    this.identities = identities;
  }

  /** Speaks from what is kept, with those who speak the same just now, or with the engine. */
  readonly speakWith: SpeakWith = (engine, job, options) => {
    const key = this.#keyOf(engine.name, job);
    return key === undefined ? askEngine(engine, job, options) : this.#speak(key, engine, job, options);
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
    const identity = this.identities.of(engine);
    return identity === undefined ? undefined : sentenceKey(identity, job);
  }

  async *#speak(
    key: string,
    engine: AskedEngine,
    job: SentenceJob,
    options: SpeakWithOptions,
  ): AsyncGenerator<SentenceEvent, void, undefined> {
    const { encodings, aheadMs } = job;
    const kept = await this.#find(key, job);
    if (options.signal?.aborted) throw new BardcastError("cancelled", "cancelled");
    if (kept && covers(encodingsOf(kept), encodings)) {
      this.#hits += 1;
      // Not `yield*`, which waits once more for each of them.
      for (const event of replay(kept, encodings, aheadMs)) yield event;
      return;
    }
    if (options.keptOnly) throw notKept();
    let shared = this.#shared.get(key);
    const isMade = shared !== undefined && covers(shared.encodings, encodings);
    if (shared && isMade) this.#hits += 1;
    else {
      this.#misses += 1;
      // With the forms it was kept in, or two audiences would take turns in replacing each other's.
      const all = kept ? [...new Set([...encodings, ...encodingsOf(kept)])] : encodings;
      shared = this.#begin(key, engine, { ...job, encodings: all }, options);
    }
    const own = new OwnShare(job, { isCopied: isMade });
    const follower = shared.follow(options.signal);
    try {
      for (let event = await follower.next(); event; event = await follower.next()) {
        for (const each of own.of(event)) yield each;
      }
    } finally {
      follower.leave();
    }
  }

  /** In memory, or where nobody is making it just now, on disk. */
  async #find(key: string, job: SentenceJob): Promise<KeptSentence | undefined> {
    const kept = this.#memory.get(key);
    if (kept || !this.#disk || this.#shared.has(key)) return kept;
    const read = await this.#disk.get(key, job);
    if (read) this.#memory.set(key, read);
    return read ?? this.#memory.get(key);
  }

  #begin(key: string, engine: AskedEngine, job: SentenceJob, options: SpeakWithOptions): SharedSentence {
    const { ahead, isPrivate } = options;
    const leave = ahead ? () => undefined : this.idleGate.enter();
    const shared = new SharedSentence({
      encodings: job.encodings,
      speak: (signal) => askEngine(engine, job, { signal }),
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

/** How a shared sentence is made. */
interface SharedSentenceOptions {
  encodings: readonly Encoding[];
  /** Begins the synthesis. */
  speak: (signal: AbortSignal) => AsyncIterable<SentenceEvent>;
  /** Called once: with the sentence when it is complete, with nothing when it never will be. */
  onOver: (sentence: KeptSentence | undefined) => void;
}

/** One of those who say a shared sentence; to be left in any case. */
interface Follower {
  /**
   * The next event, but for `progress`; undefined after the last. The frames are shared: only whoever began the
   * synthesis may write their headers, everybody else copies.
   * @throws BardcastError `cancelled` once the signal aborts, or whatever the engine throws
   */
  next(): Promise<SentenceEvent | undefined>;
  leave(): void;
}

/**
 * A sentence that is being synthesised, once, for everybody who says it meanwhile. It goes on as long as one
 * of them wants it and as fast as the fastest takes it. What it holds is as long as an engine may speak.
 */
class SharedSentence {
  readonly encodings: readonly Encoding[];
  readonly #speak: SharedSentenceOptions["speak"];
  readonly #abort = new AbortController();
  readonly #onOver: SharedSentenceOptions["onOver"];
  readonly #events: SentenceEvent[] = [];
  /** Once somebody has asked for it. */
  #source: AsyncIterator<SentenceEvent> | undefined;
  #isPulling = false;
  /** One function per follower, which wakes it if it is waiting. */
  readonly #followers = new Set<() => void>();
  #isOver = false;
  #failure: { error: unknown } | undefined;

  constructor({ encodings, speak, onOver }: SharedSentenceOptions) {
    this.encodings = encodings;
    this.#speak = speak;
    this.#onOver = onOver;
  }

  /** Says it from its first event on. Once `signal` aborts it is left at once, even while nobody takes events. */
  follow(signal: AbortSignal | undefined): Follower {
    let at = 0;
    let isGone = false;
    let resume: (() => void) | undefined;
    const wake = (): void => resume?.();
    const leave = (): void => {
      if (isGone) return;
      isGone = true;
      signal?.removeEventListener("abort", leave);
      this.#followers.delete(wake);
      wake();
      if (this.#followers.size === 0) this.#giveUp();
    };
    const next = async (): Promise<SentenceEvent | undefined> => {
      while (at >= this.#events.length && !this.#isOver && !isGone) {
        const woken = new Promise<void>((resolve) => {
          resume = resolve;
        });
        void this.#pull();
        await woken;
      }
      if (isGone) throw new BardcastError("cancelled", "cancelled");
      const event = this.#events[at];
      at += 1;
      if (!event && this.#failure) throw this.#failure.error;
      return event;
    };
    this.#followers.add(wake);
    signal?.addEventListener("abort", leave);
    if (signal?.aborted) leave();
    return { next, leave };
  }

  /** Waits for one event more; never rejects. */
  async #pull(): Promise<void> {
    if (this.#isPulling) return;
    this.#isPulling = true;
    try {
      this.#source ??= this.#speak(this.#abort.signal)[Symbol.asyncIterator]();
      const { done, value } = await this.#source.next();
      if (done) this.#end();
      else if (value.type !== "progress") this.#take(value);
    } catch (error) {
      this.#failure ??= { error };
      this.#end();
    }
    this.#isPulling = false;
    for (const wake of this.#followers) wake();
  }

  #take(event: SentenceEvent): void {
    if (this.#isOver) return;
    this.#events.push(event);
    if (event.type === "end") this.#end(keep(this.#events, event));
  }

  #end(sentence?: KeptSentence): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onOver(sentence);
    // After its last event it only has to clean up; a source that hangs there is not waited for.
    if (sentence) letGo(() => this.#source?.next());
  }

  #giveUp(): void {
    if (this.#isOver) return;
    this.#end();
    this.#abort.abort(new BardcastError("cancelled", "cancelled"));
    letGo(() => this.#source?.return?.());
  }
}

import { untilAborted } from "../../core/async/abortable.ts";
import { FairTurns } from "../../core/async/fair-turns.ts";
import { BardcastError } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import type { BusConnection } from "../connection.ts";
import { readAnswer, writeOffer } from "./offers.ts";
import type { Slots } from "./slots.ts";
import { engineSubject, FREED, offerSubject } from "./subjects.ts";

/** ms until an offer that nobody answered is made again. */
const OFFER_MS = 250;
/** ms between two offers while nobody is free and nobody says so. */
const AGAIN_MS = 50;
/** ms between two looks whether there is anybody at all who has the engine, and how many may find nobody. */
const EXISTS_MS = 500;
const NOBODY = 2;

/** Where an order can be fulfilled. `local`: here; it gives the worker back. */
export type WorkerPlace =
  | { local: () => void; remote?: undefined }
  | { local?: undefined; remote: RemotePlace };

/** A worker of another node, which waits for the order. */
export interface RemotePlace {
  job: string;
  worker: string;
}

export interface FinderOptions {
  /** Workers of this node. */
  slots: Slots;
  /** Engines that these have. */
  isLocal: (engine: string) => boolean;
  /** Sentences of one party that may wait for one engine. */
  maxQueued: number;
}

/**
 * Finds free workers, here or on other nodes. Of each engine only one sentence looks for a worker at a time, parties
 * in turn: so a party with a hundred sentences keeps another one waiting for one worker, however many there are.
 */
export class WorkerFinder {
  readonly #connection: BusConnection;
  readonly #options: FinderOptions;
  readonly #turns = new Map<string, FairTurns>();
  readonly #waiting = new Set<() => void>();

  constructor(connection: BusConnection, options: FinderOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Sentences that wait for a worker, or their turn to look for one. */
  get queued(): number {
    let queued = this.#waiting.size;
    for (const turns of this.#turns.values()) queued += turns.waiting();
    return queued;
  }

  /**
   * Waits for a free worker.
   * @throws BardcastError `busy` where too many of the party wait, `engine-unavailable` where no node has the engine,
   *   `cancelled`
   */
  async find(engine: string, party: string, signal: AbortSignal | undefined): Promise<WorkerPlace> {
    const turns = this.#turns.get(engine) ?? new FairTurns(1, this.#options.maxQueued);
    this.#turns.set(engine, turns);
    const end = await turns.take(party, signal);
    try {
      return await this.#look(engine, signal);
    } finally {
      end();
    }
  }

  /** A worker that is free now, if there is one. */
  async findNow(engine: string, job: string = randomId()): Promise<WorkerPlace | undefined> {
    const local = this.#options.isLocal(engine) ? this.#options.slots.take() : undefined;
    if (local) return { local };
    try {
      const offer = writeOffer({ job, engine });
      const answer = await this.#connection.request(offerSubject(engine), offer, { ms: OFFER_MS });
      const { worker } = readAnswer(answer.string());
      return worker === undefined ? undefined : { remote: { job, worker } };
    } catch {
      // Nobody is free, or whoever was asked did not answer: it gives the job up where it took it.
      return undefined;
    }
  }

  async #look(engine: string, signal: AbortSignal | undefined): Promise<WorkerPlace> {
    const job = randomId();
    const place = await this.findNow(engine, job);
    if (place) return place;
    // Workers get free everywhere all the time, and who waits for none is not woken by it.
    const freed = this.#connection.client.subscribe(FREED, { callback: () => this.#wake() });
    const stopWatching = this.#options.slots.onChange(() => this.#wake());
    try {
      return await this.#wait(engine, job, signal);
    } finally {
      freed.unsubscribe();
      stopWatching();
    }
  }

  async #wait(engine: string, job: string, signal: AbortSignal | undefined): Promise<WorkerPlace> {
    let [lookedAt, nobody] = [performance.now(), 0];
    for (;;) {
      if (signal?.aborted) throw new BardcastError("cancelled", "cancelled");
      // Before anybody is asked: who gets free meanwhile is not missed.
      const freed = this.#freed();
      const place = await this.findNow(engine, job);
      if (place) return place;
      if (performance.now() - lookedAt > EXISTS_MS) {
        lookedAt = performance.now();
        nobody = (await this.#exists(engine)) ? 0 : nobody + 1;
        if (nobody >= NOBODY)
          throw new BardcastError("engine-unavailable", `no node has the engine "${engine}"`, {
            retryable: true,
          });
      }
      await (signal ? untilAborted(freed, signal).catch(() => undefined) : freed);
    }
  }

  /** Whether anybody has the engine, free or not. */
  async #exists(engine: string): Promise<boolean> {
    if (this.#options.isLocal(engine)) return true;
    return this.#connection.request(engineSubject(engine), "", { ms: EXISTS_MS }).then(
      () => true,
      () => false,
    );
  }

  /** Resolves when a worker may be free. */
  #freed(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, AGAIN_MS);
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

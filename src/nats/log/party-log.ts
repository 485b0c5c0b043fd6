import {
  AckPolicy,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import { BardcastError, messageOf } from "../../core/errors.ts";
import type { BusConnection } from "../connection.ts";
import type { PartySubjects } from "../subjects.ts";
import { jsonIn, type LogEntry, readEntry } from "./log-entry.ts";

/** Entries of one party, and ns, for which the log is kept. */
const MAX_ENTRIES = 1_024;
const MAX_AGE_NS = 3_600_000_000_000;
/** ms that the store may take for one try, and between two. */
const STORE_MS = 2_000;
const RETRY_MS = 100;
/** ms that all of a log may take to come. */
const READ_MS = 10_000;
/** What the server says where something else was stored meanwhile: of one message, and of a stream's. */
const WRONG_LAST = /wrong last sequence/i;

/** Somebody else holds the party: what this node was about to store is not. */
export class FencedError extends Error {}

/** The log of one party in JetStream, as its holder writes it. */
export class PartyLog {
  readonly #bus: BusConnection;
  readonly #subjects: PartySubjects;
  readonly #replicas: number;
  #manager: JetStreamManager | undefined;
  #stream: JetStreamClient | undefined;
  /** Of the last message on the subject, in the stream's own count. */
  #last = 0;

  constructor(bus: BusConnection, subjects: PartySubjects, replicas: number) {
    this.#bus = bus;
    this.#subjects = subjects;
    this.#replicas = replicas;
  }

  /** Everything that is kept, oldest first; what is stored next goes behind it. @throws BardcastError `busy` */
  async read(): Promise<LogEntry[]> {
    return this.#bus.during(this.#read());
  }

  /**
   * Stores an entry behind the last one; tries until it is stored, also where the connection is lost meanwhile.
   * @throws FencedError where another node has stored something since, or the signal aborts
   */
  async append(entry: LogEntry, signal: AbortSignal): Promise<void> {
    const payload = new TextEncoder().encode(JSON.stringify(entry));
    // The store knows a message by this for two minutes: one that was stored though nobody said so is not stored twice.
    const msgID = `${this.#subjects.log} ${entry.e} ${entry.i}`;
    const expect = { lastSubjectSequence: this.#last };
    while (!signal.aborted) {
      try {
        if (!this.#bus.isUp) throw new Error("there is no connection");
        this.#stream ??= jetstream(this.#bus.client, { timeout: STORE_MS });
        const publishing = this.#stream.publish(this.#subjects.log, payload, { msgID, expect });
        this.#last = (await this.#bus.during(publishing)).seq;
        return;
      } catch (error) {
        if (WRONG_LAST.test(messageOf(error))) throw new FencedError(messageOf(error));
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    throw new FencedError("the party is not held any more");
  }

  async #read(): Promise<LogEntry[]> {
    this.#manager ??= await jetstreamManager(this.#bus.client);
    const manager = this.#manager;
    const { stream, log } = this.#subjects;
    await this.#ensure(manager);
    const last = await manager.streams.getMessage(stream, { last_by_subj: log });
    this.#last = last?.seq ?? 0;
    if (!last) return [];
    const { name } = await manager.consumers.add(stream, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
      filter_subject: log,
      mem_storage: true,
      inactive_threshold: 30_000_000_000,
    });
    const consumer = await jetstream(this.#bus.client).consumers.get(stream, name);
    const entries: LogEntry[] = [];
    let read = 0;
    const until = performance.now() + READ_MS;
    // A fetch ends when its time is over, whether all has come or not: who missed an entry would say its lines again.
    while (read < last.seq && performance.now() < until) {
      const messages = await consumer.fetch({ max_messages: MAX_ENTRIES, expires: STORE_MS });
      for await (const message of messages) {
        const entry = readEntry(jsonIn(message.data));
        if (entry) entries.push(entry);
        read = message.seq;
        if (read >= last.seq) break;
      }
    }
    await manager.consumers.delete(stream, name).catch(() => undefined);
    if (read < last.seq)
      throw new BardcastError("busy", "the log does not come to its end", { retryable: true });
    return entries;
  }

  async #ensure(manager: JetStreamManager): Promise<void> {
    const { stream: name, streamSubjects } = this.#subjects;
    await manager.streams
      .add({
        name,
        subjects: [streamSubjects],
        retention: RetentionPolicy.Limits,
        storage: StorageType.File,
        max_msgs_per_subject: MAX_ENTRIES,
        max_age: MAX_AGE_NS,
        num_replicas: this.#replicas,
      })
      .catch(async (error) => {
        // Another node may have made it, and somebody may have changed its limits since.
        await manager.streams.info(name).catch(() => {
          throw error;
        });
      });
  }
}

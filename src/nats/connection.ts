import type { Msg, NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { deferred } from "../core/async/deferred.ts";
import { BardcastError, messageOf } from "../core/errors.ts";
import { dialOptions, type NatsOptions } from "./nats-options.ts";

/** After so many bytes the server is asked whether it has read them. */
const ASK_EVERY_BYTES = 64 * 1024;
/** With so many unread, or one of them unread for so long, it is behind: nothing is published that can be spared. */
const BEHIND_BYTES = 4 * 1024 * 1024;
const BEHIND_MS = 500;
/** ms that whoever is asked may take. */
const ANSWER_MS = 3_000;

/** Told when the connection was lost, and when it is there again. */
export type UpListener = (isUp: boolean) => void;

/**
 * One connection to NATS. The client keeps what is published while there is none, and loses it with every try to
 * connect: so nothing is published then, and whoever asked something is told at once.
 */
export class BusConnection {
  /** For what has its own patience: JetStream, KV, subscriptions. */
  readonly client: NatsConnection;
  #isUp = true;
  readonly #listeners = new Set<UpListener>();
  /** Of those who wait, what tells them that the connection is lost. A promise that all of them race keeps all of them. */
  readonly #waiting = new Set<(reason: BardcastError) => void>();
  #unasked = 0;
  /** Bytes that the server has not been seen to read, and since when. */
  #unread = 0;
  #unreadSince: number | undefined;

  private constructor(client: NatsConnection) {
    this.client = client;
    void this.#follow();
  }

  /** @param name shown by the server @throws BardcastError `bad-request`, `internal` where there is no server */
  static async open(options: NatsOptions, name: string): Promise<BusConnection> {
    const dial = dialOptions(options, name);
    try {
      return new BusConnection(await connect(dial));
    } catch (error) {
      const message = `NATS does not answer at ${[dial.servers].flat().join(", ")}: ${messageOf(error)}`;
      throw new BardcastError("internal", message, { cause: error });
    }
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** The server does not read as fast as is published: what can be spared is not to be. */
  get isBehind(): boolean {
    if (this.#unread > BEHIND_BYTES) return true;
    return this.#unreadSince !== undefined && performance.now() - this.#unreadSince > BEHIND_MS;
  }

  /** Calls `listener` when the connection is lost and when it is there again, until the returned function is called. */
  onChange(listener: UpListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Publishes; false, and nothing published, where there is no connection. */
  publish(subject: string, payload: string | Uint8Array): boolean {
    if (!this.#isUp || this.client.isClosed()) return false;
    this.client.publish(subject, payload);
    this.#count(payload.length);
    return true;
  }

  /** Calls back with every message there, until the returned function is called. */
  listen(subject: string, take: (message: Msg) => unknown): () => void {
    const subscription = this.client.subscribe(subject, {
      callback: (error, message) => {
        if (!error) take(message);
      },
    });
    return () => subscription.unsubscribe();
  }

  /**
   * Asks whoever listens there.
   * @throws BardcastError `not-found` where nobody does, `busy` where there is no connection or no answer in time
   */
  async request(
    subject: string,
    payload: string | Uint8Array,
    { ms = ANSWER_MS }: { ms?: number } = {},
  ): Promise<Msg> {
    return this.during(this.client.request(subject, payload, { timeout: ms }));
  }

  /** Waits for something of the client's own; told at once where the connection is lost. @throws BardcastError as `request` */
  async during<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = deferred<T>();
    this.#waiting.add(reject);
    work.then(resolve, reject);
    if (!this.#isUp) reject(unanswered("it is not connected"));
    try {
      return await promise;
    } catch (error) {
      if (isNobody(error)) throw new BardcastError("not-found", "nobody answers there", { cause: error });
      throw error instanceof BardcastError ? error : unanswered(messageOf(error), error);
    } finally {
      this.#waiting.delete(reject);
    }
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#giveUp(unanswered("it is closed"));
    await this.client.close().catch(() => undefined);
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.client.status()) {
      if (type === "disconnect" || type === "staleConnection") this.#change(false);
      else if (type === "reconnect") this.#change(true);
    }
  }

  #change(isUp: boolean): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    this.#unread = this.#unasked = 0;
    this.#unreadSince = undefined;
    if (!isUp) this.#giveUp(unanswered("it is not connected"));
    for (const listener of [...this.#listeners]) listener(isUp);
  }

  #giveUp(reason: BardcastError): void {
    for (const reject of this.#waiting) reject(reason);
  }

  /** The client says of nothing that it was sent: the server's answer to a ping does. */
  #count(bytes: number): void {
    this.#unasked += bytes;
    this.#unread += bytes;
    if (this.#unasked < ASK_EVERY_BYTES) return;
    const asked = this.#unasked;
    const since = performance.now();
    this.#unasked = 0;
    this.#unreadSince ??= since;
    void this.client.flush().then(
      () => {
        this.#unread = Math.max(0, this.#unread - asked);
        this.#unreadSince = this.#unread - this.#unasked > 0 ? since : undefined;
      },
      () => undefined,
    );
  }
}

function unanswered(why: string, cause?: unknown): BardcastError {
  return new BardcastError("busy", `NATS gave no answer: ${why}`, { retryable: true, cause });
}

/** Whether nobody listens where something was asked. */
function isNobody(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === "NoRespondersError" || /no responders/i.test(error.message))
  );
}

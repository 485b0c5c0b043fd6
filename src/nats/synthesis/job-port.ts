import type { Msg, Subscription } from "@nats-io/nats-core";
import { joinBytes } from "../../core/bytes.ts";
import { BardcastError } from "../../core/errors.ts";
import type { OrderPort } from "../../pool/spawn.ts";
import type { BusConnection } from "../connection.ts";
import { type JobMessage, readMessage, writeMessage } from "./message-codec.ts";

/** Bytes of a message in one part; servers take 1 MiB. */
const PART_BYTES = 256 * 1024;
/** Bytes that one message may have; what claims more is not one of ours. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Before each part: whether more of the message follows (u8), and its number (u32, little endian). */
const HEAD_BYTES = 5;

/**
 * One end of a job's way over NATS, as a port like those between threads. Parts are numbered: where one is missing, because
 * a connection was lost, the port breaks.
 */
export class JobPort implements OrderPort {
  onmessage: ((event: MessageEvent) => void) | null = null;
  readonly #connection: BusConnection;
  readonly #to: string;
  readonly #listening: Subscription;
  readonly #onBroken: (error: BardcastError) => void;
  /** When the other end was last heard; ms, `performance.now`. */
  heardAt: number = performance.now();
  #sent = 0;
  #received = 0;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #isClosed = false;

  /** @param onBroken called at most once; nothing comes or goes after that */
  constructor(
    connection: BusConnection,
    { from, to }: { from: string; to: string },
    onBroken: (error: BardcastError) => void,
  ) {
    this.#connection = connection;
    this.#to = to;
    this.#onBroken = onBroken;
    this.#listening = connection.client.subscribe(from, {
      callback: (error, message) => (error ? this.#break() : this.#hear(message)),
    });
  }

  postMessage(message: JobMessage): void {
    if (this.#isClosed) return;
    const bytes = writeMessage(message);
    for (let at = 0; at < bytes.length; at += PART_BYTES) {
      const part = bytes.subarray(at, at + PART_BYTES);
      const head = new DataView(new ArrayBuffer(HEAD_BYTES));
      head.setUint8(0, at + PART_BYTES < bytes.length ? 1 : 0);
      head.setUint32(1, this.#sent, true);
      this.#sent += 1;
      if (!this.#connection.publish(this.#to, joinBytes([new Uint8Array(head.buffer), part]))) {
        this.#break();
        return;
      }
    }
  }

  /** Whether the other end is there: `nobody` has the subject, or it is `silent` for longer than `ms`. Never rejects. */
  async ask(ms: number): Promise<"here" | "nobody" | "silent"> {
    try {
      await this.#connection.request(this.#to, "", { ms });
      return "here";
    } catch (error) {
      return (error as { code?: unknown }).code === "not-found" ? "nobody" : "silent";
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listening.unsubscribe();
  }

  #hear(message: Msg): void {
    if (this.#isClosed) return;
    this.heardAt = performance.now();
    const { data } = message;
    // Only asked whether anybody is here.
    if (data.length === 0) {
      message.respond();
      return;
    }
    const head = new DataView(data.buffer, data.byteOffset);
    if (data.length < HEAD_BYTES || head.getUint32(1, true) !== this.#received) {
      this.#break();
      return;
    }
    this.#received += 1;
    this.#bytes += data.length;
    // A copy of its own: the client's buffer holds what came beside it, and a `Buffer` would slice no copy.
    this.#parts.push(new Uint8Array(data.subarray(HEAD_BYTES)));
    if (this.#bytes > MAX_BYTES) this.#break();
    else if (data[0] === 0) this.#deliver();
  }

  #deliver(): void {
    const [only] = this.#parts;
    const bytes = this.#parts.length === 1 && only ? only : joinBytes(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    try {
      const data = readMessage(bytes);
      this.onmessage?.({ data } as MessageEvent);
    } catch {
      this.#break();
    }
  }

  #break(): void {
    if (this.#isClosed) return;
    this.close();
    this.#onBroken(
      new BardcastError("worker-lost", "the way to the node that speaks is broken", { retryable: true }),
    );
  }
}

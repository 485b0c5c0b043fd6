import { fromBase64 } from "../../src/core/base64.ts";
import type { AudioMessage } from "../../src/core/protocol/dm20.ts";
import type { Socket, SocketMessage } from "../../src/party/transport/socket.ts";

export interface WireMessage {
  type: string;
  [key: string]: unknown;
}

/** A clip put together again from its chunks. */
export interface ReceivedClip {
  bytes: Uint8Array;
  durationMs: number;
  chunks: number;
}

/**
 * A socket that keeps what it was sent. Like a real one it buffers what its peer does not read: with
 * `reads: false` everything stays in the buffer until `read()`.
 */
export class FakeSocket implements Socket {
  /** Called before anybody looks, so that what is to leave in the next turn has left. */
  beforeLook: () => void = () => undefined;
  readonly #sent: SocketMessage[] = [];
  onDrain: (() => void) | undefined;
  closed: { code: number; reason: string } | undefined;
  terminated = false;
  #buffered = 0;
  #reads: boolean;

  constructor(options: { reads?: boolean } = {}) {
    this.#reads = options.reads ?? true;
  }

  send(messages: readonly SocketMessage[]): void {
    for (const message of messages) {
      const kept = typeof message === "string" ? message : message.slice();
      this.#sent.push(kept);
      if (!this.#reads) this.#buffered += message.length;
    }
  }

  bufferedAmount(): number {
    return this.#buffered;
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  terminate(): void {
    this.terminated = true;
  }

  /** The peer takes what waits, and with `on` everything from now on. */
  read(on = false): void {
    this.#reads = on;
    this.#buffered = 0;
    this.onDrain?.();
  }

  /** All messages, in order; binary ones as they were when they were sent. */
  get sent(): readonly SocketMessage[] {
    this.beforeLook();
    return this.#sent;
  }

  get texts(): string[] {
    return this.sent.filter((message) => typeof message === "string");
  }

  get binaries(): Uint8Array<ArrayBuffer>[] {
    return this.sent.filter((message) => typeof message !== "string");
  }

  get messages(): WireMessage[] {
    return this.texts.map((text) => JSON.parse(text));
  }

  of(type: string): WireMessage[] {
    return this.messages.filter((message) => message.type === type);
  }

  /** The clips, complete and in order. @throws Error where chunks are missing or out of order */
  get clips(): ReceivedClip[] {
    const clips: ReceivedClip[] = [];
    let open: Uint8Array[] = [];
    for (const message of this.of("audio") as unknown as AudioMessage[]) {
      if (message.sequence !== open.length)
        throw new Error(`chunk ${message.sequence} came after ${open.length}`);
      open.push(fromBase64(message.data));
      if (open.length < message.total_chunks) continue;
      const bytes = new Uint8Array(Buffer.concat(open));
      clips.push({ bytes, durationMs: message.duration_ms, chunks: open.length });
      open = [];
    }
    if (open.length > 0) throw new Error("the last clip is not complete");
    return clips;
  }
}

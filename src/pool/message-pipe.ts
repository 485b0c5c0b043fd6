import { joinBytes } from "../core/bytes.ts";
import { BardcastError } from "../core/errors.ts";

/** The channel of a message: calls to the worker, or orders and their results. */
export type Lane = "calls" | "orders";
const LANES: readonly Lane[] = ["calls", "orders"];

/** Before each message: its bytes (u32, little endian) and its lane (u8). */
const HEADER_BYTES = 5;
/** More than any sentence has; what claims to be longer is not one of our messages. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** The runtime's own structured clone to bytes; both ends run the same runtime. */
interface Cloner {
  serialize(value: unknown): Uint8Array;
  deserialize(bytes: Uint8Array): unknown;
}

/** The writable end. */
interface Sink {
  write(bytes: Uint8Array): unknown;
}

/** Messages to and from another process, over a pair of byte streams. */
export class MessagePipe {
  readonly #cloner: Cloner;
  readonly #sink: Sink;
  readonly #receive: (lane: Lane, message: unknown) => void;
  #parts: Uint8Array[] = [];
  #held = 0;
  #wanted = HEADER_BYTES;

  /** @throws BardcastError `internal` where this runtime cannot clone to bytes */
  constructor(sink: Sink, receive: (lane: Lane, message: unknown) => void) {
    const cloner: unknown = globalThis.process?.getBuiltinModule?.("v8");
    if (!cloner) throw new BardcastError("internal", "this runtime has no processes of its own");
    this.#cloner = cloner as Cloner;
    this.#sink = sink;
    this.#receive = receive;
  }

  /** @throws whatever the runtime says about a message that is not plain data */
  send(lane: Lane, message: unknown): void {
    const body = this.#cloner.serialize(message);
    const bytes = new Uint8Array(HEADER_BYTES + body.length);
    new DataView(bytes.buffer).setUint32(0, body.length, true);
    bytes[4] = LANES.indexOf(lane);
    bytes.set(body, HEADER_BYTES);
    this.#sink.write(bytes);
  }

  /** Bytes have come. @throws BardcastError `internal` where they are not ours */
  push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#held += bytes.length;
    if (this.#held < this.#wanted) return;
    const [only] = this.#parts;
    let rest = this.#parts.length === 1 && only ? only : joinBytes(this.#parts);
    for (let message = this.#first(rest); message; message = this.#first(rest)) {
      rest = rest.subarray(message.length);
      this.#receive(message.lane, this.#cloner.deserialize(message.body));
    }
    this.#parts = [rest];
    this.#held = rest.length;
  }

  #first(bytes: Uint8Array): { lane: Lane; body: Uint8Array; length: number } | undefined {
    this.#wanted = HEADER_BYTES;
    if (bytes.length < HEADER_BYTES) return undefined;
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const lane = LANES[bytes[4] as number];
    if (lane === undefined || size > MAX_MESSAGE_BYTES) {
      throw new BardcastError("internal", "what came is not a message: something else writes to the pipe");
    }
    this.#wanted = HEADER_BYTES + size;
    if (bytes.length < this.#wanted) return undefined;
    // A copy of its own: what is in the message is kept for longer than what comes with it.
    return { lane, body: bytes.slice(HEADER_BYTES, this.#wanted), length: this.#wanted };
  }
}

import { joinBytes } from "../../core/bytes.ts";
import { objectIn } from "./net/lines.ts";
import { ServiceError } from "./net/service-error.ts";

/** Bytes that one event of a server may have, of all its parts. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;
const NO_BYTES = new Uint8Array(0);

/** One event of the Wyoming protocol (github.com/OHF-Voice/wyoming). */
export interface WyomingEvent {
  type: string;
  data: Record<string, unknown>;
  payload: Uint8Array;
}

/** The bytes of an event, to be written in one go: a second write would wait for the first's receipt. */
export function wyomingEvent(
  type: string,
  data: Record<string, unknown> = {},
  payload: Uint8Array = NO_BYTES,
): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const body = encoder.encode(JSON.stringify(data));
  const lengths = {
    data_length: body.length,
    ...(payload.length > 0 ? { payload_length: payload.length } : {}),
  };
  const head = encoder.encode(`${JSON.stringify({ type, ...lengths })}\n`);
  return joinBytes([head, body, payload]);
}

/** Reads events from bytes that arrive in pieces: a line of JSON, more JSON, a payload. */
export class WyomingReader {
  readonly #maxBytes: number;
  #bytes: Uint8Array = NO_BYTES;

  /** @param maxBytes that one event may have, of all its parts */
  constructor(maxBytes: number = MAX_EVENT_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** @throws ServiceError `engine-failed` where it is something else, or too large */
  *push(bytes: Uint8Array): Generator<WyomingEvent, void, undefined> {
    this.#bytes = joinBytes([this.#bytes, bytes]);
    for (let event = this.#next(); event; event = this.#next()) yield event;
    if (this.#bytes.length > this.#maxBytes) throw tooLarge();
  }

  #next(): WyomingEvent | undefined {
    const end = this.#bytes.indexOf(0x0a);
    if (end < 0) return undefined;
    const head = objectIn(new TextDecoder().decode(this.#bytes.subarray(0, end)));
    const [dataLength, payloadLength] = [lengthOf(head.data_length), lengthOf(head.payload_length)];
    const [dataAt, payloadAt] = [end + 1, end + 1 + dataLength];
    if (payloadAt + payloadLength > this.#maxBytes) throw tooLarge();
    if (this.#bytes.length < payloadAt + payloadLength) return undefined;
    const more = dataLength > 0 ? new TextDecoder().decode(this.#bytes.subarray(dataAt, payloadAt)) : "{}";
    const payload = this.#bytes.slice(payloadAt, payloadAt + payloadLength);
    this.#bytes = this.#bytes.slice(payloadAt + payloadLength);
    return { type: String(head.type), data: { ...(head.data as object), ...objectIn(more) }, payload };
  }
}

function lengthOf(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : 0;
}

function tooLarge(): ServiceError {
  return new ServiceError("engine-failed", "an event of the other side is too large");
}

/** A text as a client sends it: masked, with a mask of zeros; less than 64 KiB. */
export function clientFrame(text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  const size = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  return Uint8Array.from([0x81, 0x80 | (size[0] ?? 0), ...size.slice(1), 0, 0, 0, 0, ...payload]);
}

const BINARY = 2;
/** Of a payload: as much as tells which frame of which line it is. */
const HEAD_BYTES = 16;
/** Longest header of a server's frame: 2 bytes and 8 of length. */
const MAX_HEADER_BYTES = 10;
const END_OF_ANSWER = "\r\n\r\n";

/** Finds the binary messages in what a server sends, at the cost of looking at their first bytes only. */
export class FrameReader {
  readonly #heard: (head: Uint8Array) => void;
  #isOpen = false;
  /** The start of a frame that came in parts. */
  #held: Uint8Array | undefined;
  #skip = 0;

  /** @param heard is called with the first bytes of each binary message */
  constructor(heard: (head: Uint8Array) => void) {
    this.#heard = heard;
  }

  /** True when the handshake is over with this. */
  read(data: Uint8Array): boolean {
    if (this.#isOpen) {
      this.#frames(data);
      return false;
    }
    const answer = new TextDecoder("latin1").decode(data);
    const end = answer.indexOf(END_OF_ANSWER);
    if (!answer.startsWith("HTTP/1.1 101") || end < 0) throw new Error(`no WebSocket: ${answer}`);
    this.#isOpen = true;
    this.#frames(data.subarray(end + END_OF_ANSWER.length));
    return true;
  }

  #frames(fresh: Uint8Array): void {
    let data = fresh;
    if (this.#held) {
      data = new Uint8Array(this.#held.length + fresh.length);
      data.set(this.#held);
      data.set(fresh, this.#held.length);
      this.#held = undefined;
    }
    let at = Math.min(this.#skip, data.length);
    this.#skip -= at;
    while (at < data.length) {
      const { header, length } = sizeOf(data, at);
      const needed = header + Math.min(length, HEAD_BYTES);
      if (header === 0 || at + needed > data.length) {
        this.#held = data.slice(at);
        return;
      }
      if (((data[at] ?? 0) & 0x0f) === BINARY) this.#heard(data.subarray(at + header, at + needed));
      const end = at + header + length;
      this.#skip = Math.max(0, end - data.length);
      at = Math.min(end, data.length);
    }
  }
}

/** Bytes of a frame's header, 0 where not all of it is there, and of its payload. */
function sizeOf(data: Uint8Array, at: number): { header: number; length: number } {
  const view = new DataView(data.buffer, data.byteOffset + at, Math.min(MAX_HEADER_BYTES, data.length - at));
  if (view.byteLength < 2) return { header: 0, length: 0 };
  const short = view.getUint8(1) & 0x7f;
  if (short < 126) return { header: 2, length: short };
  const header = short === 126 ? 4 : 10;
  if (view.byteLength < header) return { header: 0, length: 0 };
  return { header, length: short === 126 ? view.getUint16(2) : Number(view.getBigUint64(2)) };
}

import { connect, type Socket } from "node:net";
import type { WireMessage } from "../support/fake-socket.ts";

const HANDSHAKE = [
  "Host: table",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
];

/** One frame of fewer than 126 bytes, as from a client: masked, here with nothing (RFC 6455 §5.3). */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** A listener on a bare TCP connection who, once let in, reads nothing until told to. */
export class DeafClient {
  readonly messages: WireMessage[] = [];
  /** The code of the closing frame, once it was read. */
  closeCode: number | undefined;
  /** Bytes of audio messages, as text on the wire. */
  audioBytes = 0;
  readonly #socket: Socket;
  #waiting: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves when the server has let it in. @param protocol that it offers */
  static connect(socketUrl: string, protocol?: string): Promise<DeafClient> {
    const { hostname, port, pathname, search } = new URL(socketUrl);
    const socket = connect(Number(port), hostname);
    const client = new DeafClient(socket);
    const offer = protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`];
    const head = [`GET ${pathname}${search} HTTP/1.1`, ...HANDSHAKE, ...offer];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    return new Promise((resolve, reject) => {
      socket.on("error", reject);
      socket.once("data", (data: Buffer) => {
        socket.pause();
        const end = data.indexOf("\r\n\r\n");
        if (!data.subarray(0, end).toString().startsWith("HTTP/1.1 101 ")) reject(new Error(String(data)));
        client.#waiting = Buffer.from(data.subarray(end + 4));
        resolve(client);
      });
    });
  }

  /** Reads all there is and all there will be. */
  listen(): void {
    this.#socket.on("data", (data: Buffer) => {
      this.#waiting = Buffer.concat([this.#waiting, data]);
      while (this.#takeFrame());
    });
    this.#socket.resume();
  }

  /** Sends bytes as they are; resolves when they have left, or when nothing leaves any more. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once("close", resolve);
      this.#socket.write(bytes, () => {
        this.#socket.off("close", resolve);
        resolve();
      });
    });
  }

  say(message: object): void {
    this.#send(1, Buffer.from(JSON.stringify(message)));
  }

  /** Says that it closes, and stays. */
  sayGoodbye(code: number): void {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.#send(8, payload);
  }

  #send(opcode: number, payload: Buffer): void {
    this.#socket.write(clientFrame(opcode, payload));
  }

  /** Whether the connection has ended. */
  get isCutOff(): boolean {
    return this.#socket.destroyed;
  }

  leave(): void {
    this.#socket.destroy();
  }

  of(type: string): WireMessage[] {
    return this.messages.filter((message) => message.type === type);
  }

  /** Takes one frame (RFC 6455 §5.2; from a server: not masked); false where it is not all there yet. */
  #takeFrame(): boolean {
    const head = this.#waiting;
    if (head.length < 2) return false;
    const short = head.readUInt8(1) & 0x7f;
    const start = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (head.length < start) return false;
    const length =
      short === 127 ? Number(head.readBigUInt64BE(2)) : short === 126 ? head.readUInt16BE(2) : short;
    if (head.length < start + length) return false;
    this.#take(head.readUInt8(0) & 0x0f, head.subarray(start, start + length));
    this.#waiting = head.subarray(start + length);
    return true;
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === 8) this.closeCode = payload.readUInt16BE(0);
    if (opcode !== 1) return;
    const message: WireMessage = JSON.parse(payload.toString());
    if (message.type === "audio") this.audioBytes += payload.length;
    this.messages.push(message);
  }
}

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type WyomingEvent, WyomingReader } from "../../../src/engines/services/wyoming-wire.ts";

/** An event as a server of the Wyoming protocol writes it: a line, data and payload in writes of their own. */
export function writeEvent(socket: Socket, type: string, data: object = {}, payload?: Uint8Array): void {
  const body = Buffer.from(JSON.stringify(data));
  const head = { type, version: "1.7.1", data_length: body.length };
  socket.write(`${JSON.stringify(payload ? { ...head, payload_length: payload.length } : head)}\n`);
  socket.write(body);
  if (payload) socket.write(payload);
}

/** A real TCP server on loopback that speaks Wyoming, as it is told. */
export class TcpService implements AsyncDisposable {
  readonly heard: WyomingEvent[] = [];
  /** How the bytes came: the chunks of all connections. */
  readonly chunks: string[] = [];
  open = 0;
  closed = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(
    reply: (event: WyomingEvent, socket: Socket) => void | Promise<void>,
  ): Promise<TcpService> {
    const service = new TcpService(reply);
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  private constructor(reply: (event: WyomingEvent, socket: Socket) => void | Promise<void>) {
    this.#server = createServer((socket) => {
      const reader = new WyomingReader();
      this.open += 1;
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.closed += 1;
        this.#sockets.delete(socket);
      });
      socket.on("data", (bytes: Buffer) => {
        this.chunks.push(bytes.toString());
        for (const event of reader.push(bytes)) {
          this.heard.push(event);
          void reply(event, socket);
        }
      });
    });
  }

  get url(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the service saw it. */
export interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** What the service answers. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Sent one by one, each as a chunk of its own; a promise is waited for. */
  parts?: Iterable<Uint8Array | string | Promise<unknown>>;
  /** `drop` breaks the connection off, `hang` leaves it open; default `end`. */
  ending?: "end" | "drop" | "hang";
  /** Not even a status comes. */
  silent?: boolean;
}

/** A real HTTP server on loopback that answers as it is told, and notes who asked and who hung up. */
export class HttpService implements AsyncDisposable {
  readonly asked: Asked[] = [];
  /** Requests whose other side went away before the end. */
  hungUp = 0;
  /** Requests under way, now and at most. */
  open = 0;
  mostOpen = 0;
  readonly #server: Server;

  static async start(reply: (asked: Asked, index: number) => Reply): Promise<HttpService> {
    const service = new HttpService(reply);
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  private constructor(reply: (asked: Asked, index: number) => Reply) {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const asked = { path: request.url ?? "", headers: request.headers, body: text ? JSON.parse(text) : {} };
      this.asked.push(asked);
      this.open += 1;
      this.mostOpen = Math.max(this.mostOpen, this.open);
      response.on("close", () => {
        this.open -= 1;
        if (!response.writableFinished) this.hungUp += 1;
      });
      await send(response, reply(asked, this.asked.length - 1));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection, whatever is under way. */
  cut(): void {
    this.#server.closeAllConnections();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.silent) return;
  response.writeHead(reply.status ?? 200, reply.headers);
  for (const part of reply.parts ?? []) {
    if (part instanceof Promise) await part;
    else response.write(part);
    // Parts that are written in one turn may arrive as one.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (reply.ending === "hang") return;
  if (reply.ending === "drop") response.socket?.destroy();
  else response.end();
}

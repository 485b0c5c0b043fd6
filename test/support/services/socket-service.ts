import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** A conversation as the service saw it. */
export interface Conversation {
  path: string;
  headers: IncomingHttpHeaders;
  /** Text messages that came. */
  heard: string[];
  closed: boolean;
}

export interface SocketBehaviour {
  /** Called for each message; sends with `socket`. */
  onMessage(message: string, socket: WebSocket, conversation: Conversation): void | Promise<void>;
  /** A status instead of a WebSocket, with headers. */
  refuse?(request: IncomingMessage): { status: number; headers?: Record<string, string> } | undefined;
}

/** A real WebSocket server on loopback that answers as it is told. */
export class SocketService implements AsyncDisposable {
  readonly conversations: Conversation[] = [];
  refused = 0;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });

  static async start(behaviour: SocketBehaviour): Promise<SocketService> {
    const service = new SocketService(behaviour);
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  private constructor({ onMessage, refuse }: SocketBehaviour) {
    this.#server = createServer((request, response) => {
      const { status, headers } = refuse?.(request) ?? { status: 400 };
      response.writeHead(status, headers).end();
    });
    this.#server.on("upgrade", (request, socket, head) => {
      const refusal = refuse?.(request);
      if (refusal) {
        this.refused += 1;
        const lines = Object.entries(refusal.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.end(`HTTP/1.1 ${refusal.status} No\r\n${lines.join("")}Content-Length: 0\r\n\r\n`);
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const { url = "", headers } = request;
        const conversation: Conversation = { path: url, headers, heard: [], closed: false };
        this.conversations.push(conversation);
        webSocket.on("message", (data) => {
          conversation.heard.push(String(data));
          void onMessage(String(data), webSocket, conversation);
        });
        webSocket.on("close", () => {
          conversation.closed = true;
        });
      });
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection, without a goodbye. */
  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

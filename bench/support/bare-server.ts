import type { Server as HttpServer } from "node:http";
import type { AddressInfo, Socket as TcpSocket } from "node:net";
import type { ServerWebSocket } from "bun";
import type { WebSocket as WsSocket } from "ws";
import { ownRuntime, type RuntimeName } from "./runtime-name.ts";

/** Hands messages to everybody who is connected, by what the runtime itself has for it and nothing else. */
export interface BareServer {
  port: number;
  count(): number;
  /** Messages of one turn. */
  publish(messages: readonly BareMessage[]): void;
}

export type BareMessage = string | Uint8Array<ArrayBuffer>;

const PROTOCOL = "bardcast.v2";
const BACKPRESSURE_BYTES = 64 * 1024 * 1024;

/** The bare server of the runtime that runs this. */
export function bareServer(): Promise<BareServer> {
  return SERVERS[ownRuntime()]();
}

const SERVERS: Readonly<Record<RuntimeName, () => Promise<BareServer>>> = { bun, deno, node };

async function bun(): Promise<BareServer> {
  let count = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, own) => (own.upgrade(request) ? undefined : new Response("sockets only")),
    websocket: {
      perMessageDeflate: false,
      idleTimeout: 0,
      backpressureLimit: BACKPRESSURE_BYTES,
      open(socket: ServerWebSocket<undefined>) {
        socket.subscribe("line");
        count += 1;
      },
      close() {
        count -= 1;
      },
      message: (_socket, text) => void JSON.parse(String(text)),
    },
  });
  return {
    port: server.port ?? 0,
    count: () => count,
    publish(messages) {
      for (const message of messages) server.publish("line", message);
    },
  };
}

/** The little that is used of Deno. */
declare const Deno: {
  serve(
    options: { hostname: string; port: number; onListen(): void },
    handler: (request: Request) => Response,
  ): { readonly addr: { readonly port: number } };
  upgradeWebSocket(
    request: Request,
    options: { idleTimeout: number; protocol?: string },
  ): { socket: WebSocket; response: Response };
};

async function deno(): Promise<BareServer> {
  const sockets = new Set<WebSocket>();
  const { addr } = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => undefined }, (request) => {
    const offered = request.headers.get("sec-websocket-protocol") === PROTOCOL ? { protocol: PROTOCOL } : {};
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0, ...offered });
    socket.addEventListener("open", () => sockets.add(socket));
    socket.addEventListener("close", () => sockets.delete(socket));
    socket.addEventListener("message", ({ data }) => void JSON.parse(data));
    return response;
  });
  return {
    port: addr.port,
    count: () => sockets.size,
    publish(messages) {
      for (const socket of sockets) for (const message of messages) socket.send(message);
    },
  };
}

async function node(): Promise<BareServer> {
  const { createServer } = await import("node:http");
  const { WebSocketServer } = await import("ws");
  const http: HttpServer = createServer();
  const sockets = new Map<WsSocket, TcpSocket>();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  server.on("connection", (socket, request) => {
    sockets.set(socket, request.socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("message", (text) => void JSON.parse(String(text)));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    port: (http.address() as AddressInfo).port,
    count: () => sockets.size,
    publish(messages) {
      for (const [socket, tcp] of sockets) {
        tcp.cork();
        for (const message of messages) socket.send(message);
        tcp.uncork();
      }
    },
  };
}

import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { AddressInfo, Socket as TcpSocket } from "node:net";
import { createAdaptorServer, upgradeWebSocket, type WebSocketServerLike } from "@hono/node-server";
import { type WebSocket, WebSocketServer } from "ws";
import type { Socket } from "../party/socket.ts";
import type { SocketAdapter } from "./app.ts";
import { hostParty } from "./host-party.ts";
import { type Address, type FetchApp, type Listener, MAX_MESSAGE_BYTES, requireOpen } from "./runtime.ts";
import type { BardcastServer, ServeOptions } from "./serve-options.ts";

export type { BardcastServer, CloseOptions, ServeOptions } from "./serve-options.ts";

/** How long a client has to hang up after the last that it is told. */
const LINGER_MS = 1_000;

/** Sockets on Node.js, for `createApp`. */
export interface NodeSockets extends SocketAdapter {
  /** What `serve` of `@hono/node-server` takes as `websocket.server`. */
  webSockets: WebSocketServerLike;
}

/**
 * Sets a table and serves it on Node.js.
 * @throws what `createParty` throws; an error with code `EADDRINUSE` where the port is taken
 */
export function serve(options: ServeOptions = {}): Promise<BardcastServer> {
  const webSockets = createWebSockets();
  return hostParty(
    { ...socketsFrom(webSockets), listen: (app, address) => listen(app, address, webSockets) },
    options,
  );
}

/** Sockets for `createApp` in a server of one's own. */
export function nodeSockets(): NodeSockets {
  return socketsFrom(createWebSockets());
}

function createWebSockets(): WebSocketServer {
  return new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
}

function socketsFrom(webSockets: WebSocketServer): NodeSockets {
  const tcpSockets = new WeakMap<WebSocket, TcpSocket>();
  webSockets.on("connection", (raw, request) => tcpSockets.set(raw, request.socket));
  return {
    upgradeWebSocket: (createEvents) => upgradeWebSocket(createEvents),
    toSocket(ws) {
      const raw = ws.raw as WebSocket;
      return nodeSocket(raw, tcpSockets.get(raw));
    },
    webSockets: asTaken(webSockets),
  };
}

/** The types of the two packages differ in an option that is either `undefined` or left out. */
function asTaken(webSockets: WebSocketServer): WebSocketServerLike {
  return webSockets as WebSocketServer & WebSocketServerLike;
}

async function listen(
  app: FetchApp,
  { host, port }: Address,
  webSockets: WebSocketServer,
): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    // A program's own `Request` and `Response` are not ours to replace.
    overrideGlobalObjects: false,
    websocket: { server: asTaken(webSockets) },
    // A text may be written for longer than the five minutes that Node gives a request.
    serverOptions: { requestTimeout: 0 },
  }) as HttpServer;
  const connections = hangUp(server);
  refuseOtherUpgrades(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
    drop() {
      server.close();
      for (const raw of webSockets.clients) raw.terminate();
      for (const tcp of connections) tcp.destroy();
    },
  };
}

/**
 * Node leaves a connection half open where an upgrade was refused, until its client hangs up.
 * @returns all connections that there are
 */
function hangUp(server: HttpServer): ReadonlySet<TcpSocket> {
  const connections = new Set<TcpSocket>();
  server.on("connection", (tcp: TcpSocket) => {
    connections.add(tcp);
    tcp.once("close", () => connections.delete(tcp));
    tcp.once("finish", () => setTimeout(() => tcp.destroy(), LINGER_MS).unref());
  });
  return connections;
}

/** Node answers no request that wants another protocol (`h2c`), and hono takes only WebSockets. */
function refuseOtherUpgrades(server: HttpServer): void {
  const upgrades = server.listeners("upgrade");
  server.removeAllListeners("upgrade");
  // One listener as before: beside a second one, hono would not answer what it refuses.
  server.on("upgrade", (request: IncomingMessage, tcp: TcpSocket, ...rest) => {
    if (request.headers.upgrade?.toLowerCase() === "websocket") {
      for (const upgrade of upgrades) upgrade.call(server, request, tcp, ...rest);
      return;
    }
    tcp.on("error", () => tcp.destroy());
    tcp.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
}

function nodeSocket(raw: WebSocket, tcp: TcpSocket | undefined): Socket {
  const socket: Socket = {
    onDrain: undefined,
    address: tcp?.remoteAddress,
    send(messages) {
      requireOpen(raw);
      // One system call for many messages.
      tcp?.cork();
      for (const message of messages) raw.send(message);
      tcp?.uncork();
    },
    bufferedAmount: () => raw.bufferedAmount,
    close: (code, reason) => raw.close(code, reason),
    terminate: () => raw.terminate(),
  };
  tcp?.on("drain", () => socket.onDrain?.());
  return socket;
}

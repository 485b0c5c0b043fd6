/** `serve`: a table with its server on Node.js, and the sockets for a server of one's own. @module bardcast/node */
import type { Server as HttpServer } from "node:http";
import type { AddressInfo, Socket as TcpSocket } from "node:net";
import {
  createAdaptorServer,
  type HttpBindings,
  upgradeWebSocket,
  type WebSocketServerLike,
} from "@hono/node-server";
import { type WebSocket, WebSocketServer } from "ws";
import { messageOf } from "../core/errors.ts";
import { MAX_MESSAGE_BYTES } from "../core/protocol/messages.ts";
import type { Socket } from "../party/transport/socket.ts";
import type { SocketAdapter } from "./app.ts";
import { hostParty } from "./host-party.ts";
import { Connections, hangUpAtEnd } from "./network/connections.ts";
import { TextBytes } from "./network/text-bytes.ts";
import { takeUpgrades } from "./network/upgrades.ts";
import {
  type Address,
  ANSWER_STALL_MS,
  type FetchApp,
  HEADERS_WITHIN_MS,
  type Listener,
  requireOpen,
} from "./runtime.ts";
import type { BardcastServer, ServeOptions } from "./serve-options.ts";

export type * from "./serve-options.ts";

/** A server of WebSockets as `@hono/node-server` wants it, in words that need no types of Node.js. */
export interface NodeWebSocketServer {
  options: { noServer?: boolean };
  on(event: string, listener: (...args: never[]) => void): this;
  off(event: string, listener: (...args: never[]) => void): this;
  emit(event: string, ...args: unknown[]): boolean;
  handleUpgrade(request: object, socket: object, head: Uint8Array, callback: (socket: never) => void): void;
  close(): void;
}

/** Sockets on Node.js, for `createApp`. */
export interface NodeSockets extends SocketAdapter {
  /** What `serve` of `@hono/node-server` takes as `websocket.server`. */
  webSockets: NodeWebSocketServer;
}

/**
 * Sets a table and serves it on Node.js.
 * @throws what `createParty` throws; an error with code `EADDRINUSE` where the port is taken
 */
export function serve(options: ServeOptions = {}): Promise<BardcastServer> {
  const webSockets = createWebSockets();
  return hostParty(
    { ...socketsFrom(webSockets), listen: (app, address, log) => listen(app, address, webSockets, log) },
    options,
  );
}

/** Sockets for `createApp` in a server of one's own. */
export function nodeSockets(): NodeSockets {
  return socketsFrom(createWebSockets());
}

/** Requests on one connection, which a client may send all at once; who wants more opens another one. */
const MAX_REQUESTS = 1_000;
/** How often Node looks for headers that are late. */
const CHECK_EVERY_MS = 1_000;

function createWebSockets(): WebSocketServer {
  return new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
}

function socketsFrom(webSockets: WebSocketServer): NodeSockets {
  const tcpSockets = new WeakMap<WebSocket, TcpSocket>();
  const texts = new TextBytes();
  webSockets.on("connection", (raw, request) => tcpSockets.set(raw, request.socket));
  return {
    upgradeWebSocket: (createEvents) => upgradeWebSocket(createEvents),
    toSocket(ws) {
      const raw = ws.raw as WebSocket;
      return nodeSocket(raw, tcpSockets.get(raw), texts);
    },
    arrive(c) {
      const { incoming } = c.env as Partial<HttpBindings>;
      if (c.req.header("Upgrade") !== undefined && incoming) hangUpAtEnd(incoming.socket);
      return incoming?.socket.remoteAddress;
    },
    webSockets: webSockets as unknown as NodeWebSocketServer,
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
  log: (message: string) => void,
): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: hurried(app),
    // A program's own `Request` and `Response` are not ours to replace.
    overrideGlobalObjects: false,
    websocket: { server: asTaken(webSockets) },
    serverOptions: {
      // A text may be written for longer than the five minutes that Node gives a request.
      requestTimeout: 0,
      headersTimeout: HEADERS_WITHIN_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
  }) as HttpServer;
  server.maxRequestsPerSocket = MAX_REQUESTS;
  // Node would read, and refuse, all that were sent at once, and others would wait for that.
  server.on("dropRequest", (_request, socket) => socket.destroy());
  const connections = new Connections(server);
  takeUpgrades(server, connections);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(void server.off("error", reject)));
  });
  logOnce(server, log);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
    drop() {
      server.close();
      for (const raw of webSockets.clients) raw.terminate();
      connections.destroy();
    },
  };
}

/** The same answers; a client that does not take one any further loses its connection. */
function hurried(app: FetchApp): (request: Request, env: unknown) => Promise<Response> {
  return async (request, env) => {
    const response = await app.fetch(request, env);
    const { incoming, outgoing } = env as Partial<HttpBindings>;
    if (outgoing) incoming?.socket.setTimeout(ANSWER_STALL_MS);
    return response;
  };
}

/** A connection that could not be accepted, for want of descriptors, is no reason to end; a thousand no thousand lines. */
function logOnce(server: HttpServer, log: (message: string) => void): void {
  const told = new Set<unknown>();
  server.on("error", (error: NodeJS.ErrnoException) => {
    if (told.has(error.code)) return;
    told.add(error.code);
    log(`a connection could not be accepted: ${messageOf(error)}`);
  });
}

function nodeSocket(raw: WebSocket, tcp: TcpSocket | undefined, texts: TextBytes): Socket {
  const socket: Socket = {
    onDrain: undefined,
    send(messages) {
      requireOpen(raw);
      // One system call for many messages.
      tcp?.cork();
      for (const message of messages) {
        if (typeof message === "string") raw.send(texts.of(message), { binary: false });
        else raw.send(message);
      }
      tcp?.uncork();
    },
    bufferedAmount: () => raw.bufferedAmount,
    close: (code, reason) => raw.close(code, reason),
    pause: () => raw.pause(),
    terminate: () => raw.terminate(),
  };
  for (const frame of ["ping", "pong"] as const) raw.on(frame, () => socket.onControlFrame?.());
  tcp?.on("drain", () => socket.onDrain?.());
  return socket;
}

/** `serve`: a table with its server on Bun, and the sockets for a server of one's own. @module bardcast/bun */
import type { ServerWebSocket, WebSocketHandler } from "bun";
import { type BunWebSocketData, getBunServer, upgradeWebSocket, websocket } from "hono/bun";
import { MAX_MESSAGE_BYTES } from "../core/protocol/messages.ts";
import type { Socket } from "../party/transport/socket.ts";
import type { SocketAdapter } from "./app.ts";
import { hostParty } from "./host-party.ts";
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

type BunServer = Bun.Server<BunWebSocketData>;
type RawSocket = ServerWebSocket<BunWebSocketData>;

/** Connections bound their queue themselves; Bun must never drop a message before they do. */
const BACKPRESSURE_BYTES = 64 * 1024 * 1024;

/** Sockets on Bun, for `createApp`. */
export interface BunSockets extends SocketAdapter {
  /** What `Bun.serve` takes as `websocket`. */
  websocket: WebSocketHandler<BunWebSocketData>;
}

/**
 * Sets a table and serves it on Bun.
 * @throws what `createParty` throws; an error with code `EADDRINUSE` where the port is taken
 */
export function serve(options: ServeOptions = {}): Promise<BardcastServer> {
  const sockets = bunSockets();
  return hostParty(
    { ...sockets, listen: async (app, address) => listen(app, address, sockets.websocket) },
    options,
  );
}

/** Sockets for `createApp` in a server of one's own. */
export function bunSockets(): BunSockets {
  const sockets = new WeakMap<RawSocket, Socket>();
  return {
    readsAtOnce: true,
    upgradeWebSocket: (createEvents) => upgradeWebSocket(createEvents),
    toSocket(ws) {
      const raw = ws.raw as RawSocket;
      const socket = bunSocket(raw);
      sockets.set(raw, socket);
      return socket;
    },
    arrive: (c) => getBunServer<BunServer>(c)?.requestIP(c.req.raw)?.address,
    websocket: {
      ...websocket,
      drain: (raw) => sockets.get(raw)?.onDrain?.(),
      ping: (raw) => sockets.get(raw)?.onControlFrame?.(),
      pong: (raw) => sockets.get(raw)?.onControlFrame?.(),
      // 0 is off; by default Bun ends sockets that say nothing for two minutes.
      idleTimeout: 0,
      perMessageDeflate: false,
      maxPayloadLength: MAX_MESSAGE_BYTES,
      backpressureLimit: BACKPRESSURE_BYTES,
    },
  };
}

function listen(app: FetchApp, { host, port }: Address, handler: BunSockets["websocket"]): Listener {
  const server = Bun.serve({
    port,
    hostname: host,
    async fetch(request, bunServer) {
      // A text may be written, and a line spoken, with long silences; nothing else may take its time.
      bunServer.timeout(request, 0);
      const response = await app.fetch(request, { server: bunServer });
      bunServer.timeout(request, ANSWER_STALL_MS / 1000);
      return response;
    },
    // Parts of headers do not start it anew.
    idleTimeout: HEADERS_WITHIN_MS / 1000,
    websocket: handler,
  });
  return {
    port: server.port ?? port,
    stop: () => server.stop(),
    drop: () => void server.stop(true),
  };
}

function bunSocket(raw: RawSocket): Socket {
  return {
    onDrain: undefined,
    send(messages) {
      requireOpen(raw);
      const [only] = messages;
      if (messages.length === 1 && only !== undefined) raw.send(only);
      // One system call for many messages: a loop of sends costs 2.6 times the CPU.
      else
        raw.cork(() => {
          for (const message of messages) raw.send(message);
        });
    },
    bufferedAmount: () => raw.getBufferedAmount(),
    close: (code, reason) => raw.close(code, reason),
    terminate: () => raw.terminate(),
  };
}

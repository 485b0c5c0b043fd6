import type { Server, ServerWebSocket } from "bun";
import { type BunWebSocketData, upgradeWebSocket, websocket } from "hono/bun";
import type { WSContext } from "hono/ws";
import { createParty, type PartyOptions } from "../party/create-party.ts";
import type { Party } from "../party/party.ts";
import type { Socket } from "../party/socket.ts";
import { localUrl, publicUrl } from "./addresses.ts";
import { createApp } from "./app.ts";

type RawSocket = ServerWebSocket<BunWebSocketData>;

export interface ServeOptions extends PartyOptions {
  /** Default 8080; 0 takes a free one. */
  port?: number;
  /** Default `0.0.0.0`: everybody on the network. */
  host?: string;
}

export interface BardcastServer {
  party: Party;
  /** Address on this machine. */
  url: string;
  /** Stops listening, ends the party. */
  close(): Promise<void>;
}

/** Bytes of one message from a client; theirs are tiny. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** Connections bound their queue themselves; Bun must never drop a message before they do. */
const BACKPRESSURE_BYTES = 64 * 1024 * 1024;

/**
 * Sets a table and serves it on Bun.
 * @throws what `createParty` throws; an error with code `EADDRINUSE` where the port is taken
 */
export async function serve(options: ServeOptions = {}): Promise<BardcastServer> {
  const party = await createParty(options);
  try {
    return listen(party, options.port ?? 8080, options.host ?? "0.0.0.0");
  } catch (error) {
    await party.close();
    throw error;
  }
}

function listen(party: Party, port: number, host: string): BardcastServer {
  const sockets = new WeakMap<RawSocket, Socket>();
  const toSocket = (ws: WSContext<unknown>): Socket => {
    const raw = ws.raw as RawSocket;
    const socket = bunSocket(raw);
    sockets.set(raw, socket);
    return socket;
  };
  const app = createApp(party, { upgradeWebSocket, toSocket, publicUrl: (url) => publicUrl(url, host) });
  const server: Server<BunWebSocketData> = Bun.serve({
    port,
    hostname: host,
    fetch: (request, bunServer) => app.fetch(request, { server: bunServer }),
    idleTimeout: 0,
    websocket: {
      ...websocket,
      drain: (raw) => sockets.get(raw)?.onDrain?.(),
      perMessageDeflate: false,
      maxPayloadLength: MAX_MESSAGE_BYTES,
      backpressureLimit: BACKPRESSURE_BYTES,
    },
  });
  return {
    party,
    url: localUrl(host, server.port ?? port),
    async close() {
      await party.close();
      await server.stop(true);
    },
  };
}

function bunSocket(raw: RawSocket): Socket {
  return {
    onDrain: undefined,
    send(messages) {
      // One system call for many messages: a loop of sends costs 2.6 times the CPU.
      raw.cork(() => {
        for (const message of messages) raw.send(message);
      });
    },
    bufferedAmount: () => raw.getBufferedAmount(),
    close: (code, reason) => raw.close(code, reason),
    terminate: () => raw.terminate(),
  };
}

import { upgradeWebSocket } from "hono/deno";
import type { Socket } from "../party/socket.ts";
import type { SocketAdapter } from "./app.ts";
import { hostParty } from "./host-party.ts";
import { type Address, type FetchApp, type Listener, requireOpen } from "./runtime.ts";
import type { BardcastServer, ServeOptions } from "./serve-options.ts";

export type { BardcastServer, CloseOptions, ServeOptions } from "./serve-options.ts";

/** The little that is used of Deno, so that nobody else needs its types. */
declare const Deno: {
  serve(
    options: { hostname: string; port: number; signal: AbortSignal; onListen(): void },
    handler: (request: Request, info: { completed: Promise<void> }) => Response | Promise<Response>,
  ): { readonly addr: { readonly port: number }; readonly finished: Promise<void> };
};

/**
 * Sets a table and serves it on Deno; the README tells what Deno has to allow.
 * @throws what `createParty` throws; an error with code `EADDRINUSE` where the port is taken
 */
export function serve(options: ServeOptions = {}): Promise<BardcastServer> {
  return hostParty({ ...denoSockets(), listen }, options);
}

/** Sockets for `createApp` in a server of one's own. */
export function denoSockets(): SocketAdapter {
  return {
    // 0 is off; by default Deno ends sockets that do not answer its own pings.
    upgradeWebSocket: (createEvents) => upgradeWebSocket(createEvents, { idleTimeout: 0 }),
    toSocket: (ws) => denoSocket(ws.raw as WebSocket),
  };
}

async function listen(app: FetchApp, { host, port }: Address): Promise<Listener> {
  const end = new AbortController();
  const answers = new Set<Promise<void>>();
  const server = Deno.serve(
    // Without `onListen` Deno prints the address.
    { hostname: host, port, signal: end.signal, onListen: () => undefined },
    (request, { completed }) => {
      const answer = completed.catch(() => undefined).finally(() => answers.delete(answer));
      answers.add(answer);
      return app.fetch(request);
    },
  );
  return {
    port: server.addr.port,
    // Not by Deno's own `shutdown`: it cannot be cut short, and a request that never ends keeps it.
    async stop() {
      await Promise.all(answers);
      end.abort();
      await server.finished;
    },
    drop: () => end.abort(),
  };
}

function denoSocket(raw: WebSocket): Socket {
  return {
    onDrain: undefined,
    send(messages) {
      requireOpen(raw);
      for (const message of messages) raw.send(message);
    },
    bufferedAmount: () => raw.bufferedAmount,
    close: (code, reason) => raw.close(code, reason),
    // Deno cannot drop one connection; what it has taken stays until the network gives up.
    terminate: () => undefined,
  };
}

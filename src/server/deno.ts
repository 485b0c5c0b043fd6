/** `serve`: a table with its server on Deno, and the sockets for a server of one's own. @module bardcast/deno */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { upgradeWebSocket } from "hono/deno";
import type { Socket } from "../party/transport/socket.ts";
import type { SocketAdapter } from "./app.ts";
import { withoutEnvironment } from "./network/without-environment.ts";
import { requireOpen } from "./runtime.ts";
import type { BardcastServer, ServeOptions } from "./serve-options.ts";

export type * from "./serve-options.ts";

/** The little that is used of Deno, so that nobody else needs its types. */
declare const Deno: {
  permissions: { request(wanted: { name: "net"; host: string }): Promise<{ state: string }> };
};

/**
 * Sets a table and serves it on Deno; docs/deploying.md lists the permissions Deno needs. It is served by `node:http` and
 * `ws`: `Deno.serve` takes in what nobody has finished sending, however much it is, and ends when descriptors do.
 * @throws what `createParty` throws; an error with code `EADDRINUSE` where the port is taken, `EACCES` where Deno
 *   may not listen there
 */
export async function serve(options: ServeOptions = {}): Promise<BardcastServer> {
  await requireNet(options);
  const node = await withoutEnvironment(() => import("./node.ts"));
  return node.serve(options);
}

/**
 * Sockets for `createApp` in a `Deno.serve` of one's own; give its second argument on to `fetch`. There Deno
 * takes in messages of 64 MB, and unfinished ones without a limit, before anybody is asked: where strangers
 * come in, use `nodeSockets` with `@hono/node-server`, which work on Deno too.
 */
export function denoSockets(): SocketAdapter {
  return {
    // 0 is off; by default Deno ends sockets that do not answer its own pings.
    upgradeWebSocket: (createEvents) => upgradeWebSocket(createEvents, { idleTimeout: 0 }),
    toSocket: (ws) => denoSocket(ws.raw as WebSocket),
    arrive: (c) => (c.env as { remoteAddr?: { hostname?: string } } | undefined)?.remoteAddr?.hostname,
  };
}

/** `node:http` throws past everybody where it may not listen. */
async function requireNet({ host = "0.0.0.0", port = 8080, wyoming }: ServeOptions): Promise<void> {
  await requireNetAt(host, port);
  if (wyoming) await requireNetAt(wyoming.host ?? "127.0.0.1", wyoming.port ?? 10200);
}

async function requireNetAt(host: string, port: number): Promise<void> {
  await requireNetOf(host, port);
  if (isIP(host) === 0) await requireNetOf((await lookup(host)).address, port);
}

async function requireNetOf(host: string, port: number): Promise<void> {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  const { state } = await Deno.permissions.request({ name: "net", host: `${name}:${port}` });
  if (state === "granted") return;
  const message = `Deno may not listen on ${host}: allow it with --allow-net=${name}`;
  throw Object.assign(new Error(message), { code: "EACCES" });
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
    // Deno cannot drop one connection; a goodbye is all there is.
    terminate: () => raw.close(),
  };
}

import { Hono } from "hono";
import type { Parties } from "../party/parties/parties.ts";
import type { Party } from "../party/party.ts";
import { partyLog } from "../party/telemetry/party-log.ts";
import type { AppOptions, createAppWith } from "./app.ts";
import { Hosted } from "./hosted.ts";
import { localUrl, publicUrl } from "./network/addresses.ts";
import { parsePublicUrl } from "./network/public-base.ts";
import type { PartiesAppOptions } from "./parties/parties-app.ts";
import { isOfParties, pathOf } from "./parties/paths.ts";
import type { FetchApp, Listener, Runtime } from "./runtime.ts";
import type { BardcastServer, ServeOptions, WyomingOptions } from "./serve-options.ts";
import { shutDown } from "./shut-down.ts";
import { ConnectionLimit } from "./sockets/connection-limit.ts";
import { OpenSockets } from "./sockets/open-sockets.ts";

type CreateApp = typeof createAppWith;

/**
 * Sets a table and serves it; what all adapters have in common.
 * @throws what `createParty` and the runtime's `listen` throw
 */
export async function hostParty<T>(runtime: Runtime<T>, options: ServeOptions): Promise<BardcastServer> {
  // The rest of the server is loaded while engines start.
  const [hosted, app] = await Promise.all([Hosted.open(options), import("./app.ts")]);
  try {
    return await serveParty(hosted, app.createAppWith, runtime, options);
  } catch (error) {
    await hosted.close();
    throw error;
  }
}

async function serveParty<T>(
  hosted: Hosted,
  createApp: CreateApp,
  runtime: Runtime<T>,
  options: ServeOptions,
): Promise<BardcastServer> {
  const { party, parties } = hosted;
  const { port = 8080, host = "0.0.0.0", wyoming } = options;
  const sockets = new OpenSockets();
  const routes: AppOptions<T> = {
    upgradeWebSocket: (createEvents) =>
      runtime.upgradeWebSocket(async (c) => sockets.counted(await createEvents(c))),
    toSocket: runtime.toSocket,
    ...(runtime.arrive ? { arrive: runtime.arrive } : {}),
    ...(runtime.readsAtOnce ? { readsAtOnce: true } : {}),
    publicUrl: options.publicUrl ?? ((url) => publicUrl(url, { host, port: listener.port })),
    trustProxy: options.trustProxy,
    allowOrigins: options.allowOrigins,
    connectionsPerAddress: options.connectionsPerAddress,
  };
  const connections = new ConnectionLimit(options.connectionsPerAddress, party.observers.observe);
  const { voiceInstaller } = options;
  const table = createApp(party, { ...routes, voiceInstaller }, { connections, parties });
  const routesOf = (each: Party): FetchApp => {
    const url = options.publicUrl;
    const own = url === undefined ? {} : { publicUrl: parsePublicUrl(url) + pathOf(each.id) };
    return new Hono().route(pathOf(each.id), createApp(each, { ...routes, ...own }, { connections }));
  };
  const operatorKey = options.parties?.operatorKey ?? "";
  const app = parties
    ? await withParties(table, parties, { ...routes, connections, operatorKey, routesOf })
    : table;
  const listener = await runtime
    .listen(app, { port, host }, partyLog(options.log))
    .catch((error) => throwClearly(error, { port, host }));
  const door = wyoming && (await openWyoming(party, wyoming, listener));
  let closing: Promise<void> | undefined;
  return {
    party,
    ...(parties ? { parties } : {}),
    url: localUrl(host, listener.port),
    ...(door ? { wyomingUrl: door.url } : {}),
    close(closeOptions = {}) {
      closing ??= shutDown(
        { party: hosted, sockets, listener: door ? withDoor(listener, door) : listener },
        closeOptions,
      );
      return closing;
    },
  };
}

/** @param listener ends where this cannot listen */
async function openWyoming(
  party: Party,
  { host = "127.0.0.1", port = 10200 }: WyomingOptions,
  listener: Listener,
): Promise<{ url: string; close: () => void }> {
  const { listenWyoming } = await import("./wyoming/wyoming-server.ts");
  try {
    const door = await listenWyoming(party, { host, port });
    return { url: localUrl(host, door.port).replace(/^http/, "tcp"), close: door.close };
  } catch (error) {
    listener.drop();
    return throwClearly(error, { port, host }, "wyoming");
  }
}

/** The same listener, which ends together with another door. */
function withDoor(listener: Listener, door: { close: () => void }): Listener {
  return {
    port: listener.port,
    async stop() {
      door.close();
      await listener.stop();
    },
    drop() {
      door.close();
      listener.drop();
    },
  };
}

/** Asks the routes of many parties for what is theirs, else the table's. */
async function withParties(table: FetchApp, parties: Parties, options: PartiesAppOptions): Promise<FetchApp> {
  const { createPartiesApp } = await import("./parties/parties-app.ts");
  const app = createPartiesApp(parties, options);
  return {
    fetch: (request, env) =>
      (isOfParties(new URL(request.url).pathname) ? app : table).fetch(request, env as object),
  };
}

/** Runtimes say it each in their own words. */
function throwClearly(error: unknown, { port, host }: { port: number; host: string }, door = "http"): never {
  const { code } = (error ?? {}) as { code?: unknown };
  if (code !== "EADDRINUSE") throw error;
  const message = `port ${port} of ${host} is taken: end what listens there, or choose another port (0: any that is free)`;
  throw Object.assign(new Error(message, { cause: error }), { code, door });
}

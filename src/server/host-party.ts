import { ANYTHING, type Kinds, NUMBER, OBJECT, requireFields, TEXT, TEXTS } from "../core/field-kinds.ts";
import { createParty } from "../party/create-party.ts";
import type { Party } from "../party/party.ts";
import type { PartyOptions } from "../party/party-options.ts";
import { partyLog } from "../party/telemetry/party-log.ts";
import type { AppOptions } from "./app.ts";
import { localUrl, publicUrl } from "./network/addresses.ts";
import type { FetchApp, Runtime } from "./runtime.ts";
import type { BardcastServer, ServeOptions } from "./serve-options.ts";
import { shutDown } from "./shut-down.ts";
import { OpenSockets } from "./sockets/open-sockets.ts";

type CreateApp<T> = (party: Party, options: AppOptions<T>) => FetchApp;

type ServingOptions = {
  [Name in Exclude<keyof ServeOptions, keyof PartyOptions>]: ServeOptions[Name] | undefined;
};

const SERVING: Kinds<keyof ServingOptions> = {
  port: [
    "a number from 0 to 65535",
    (port) => Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535,
  ],
  host: TEXT,
  publicUrl: TEXT,
  trustProxy: ANYTHING,
  allowOrigins: TEXTS,
  connectionsPerAddress: NUMBER,
  voiceInstaller: OBJECT,
};

/**
 * Sets a table and serves it; what all adapters have in common.
 * @throws what `createParty` and the runtime's `listen` throw
 */
export async function hostParty<T>(runtime: Runtime<T>, options: ServeOptions): Promise<BardcastServer> {
  // The rest of the server is loaded while engines start.
  const { party: partyOptions, ...serving } = apart(options);
  requireFields("", serving, SERVING);
  const [party, { createApp }] = await Promise.all([createParty(partyOptions), import("./app.ts")]);
  try {
    return await serveParty(party, createApp, runtime, options);
  } catch (error) {
    await party.close();
    throw error;
  }
}

async function serveParty<T>(
  party: Party,
  createApp: CreateApp<T>,
  runtime: Runtime<T>,
  options: ServeOptions,
): Promise<BardcastServer> {
  const { port = 8080, host = "0.0.0.0" } = options;
  const sockets = new OpenSockets();
  const app = createApp(party, {
    upgradeWebSocket: (createEvents) =>
      runtime.upgradeWebSocket(async (c) => sockets.counted(await createEvents(c))),
    toSocket: runtime.toSocket,
    ...(runtime.arrive ? { arrive: runtime.arrive } : {}),
    publicUrl: options.publicUrl ?? ((url) => publicUrl(url, { host, port: listener.port })),
    trustProxy: options.trustProxy,
    allowOrigins: options.allowOrigins,
    connectionsPerAddress: options.connectionsPerAddress,
    voiceInstaller: options.voiceInstaller,
  });
  const listener = await runtime
    .listen(app, { port, host }, partyLog(options.log))
    .catch((error) => throwClearly(error, { port, host }));
  let closing: Promise<void> | undefined;
  return {
    party,
    url: localUrl(host, listener.port),
    close(closeOptions = {}) {
      closing ??= shutDown({ party, sockets, listener }, closeOptions);
      return closing;
    },
  };
}

/** The server's own options, and those of its table. */
function apart(options: ServeOptions): ServingOptions & { party: PartyOptions } {
  const { port, host, publicUrl, trustProxy, allowOrigins, connectionsPerAddress, voiceInstaller, ...party } =
    options;
  return { port, host, publicUrl, trustProxy, allowOrigins, connectionsPerAddress, voiceInstaller, party };
}

/** Runtimes say it each in their own words. */
function throwClearly(error: unknown, { port, host }: { port: number; host: string }): never {
  const { code } = (error ?? {}) as { code?: unknown };
  if (code !== "EADDRINUSE") throw error;
  const message = `port ${port} of ${host} is taken: end what listens there, or choose another port (0: any that is free)`;
  throw Object.assign(new Error(message, { cause: error }), { code });
}

import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { messageOf } from "../core/errors.ts";
import { randomId } from "../core/id.ts";
import { type EngineName, engineCalled } from "../engines/catalogue.ts";
import type { NatsOptions } from "../nats/nats.ts";
import type { Cluster } from "../party/cluster/cluster.ts";
import { inviteOf, pageUrl, shortUrl } from "../server/http/invite.ts";
import type { VoiceInstaller } from "../server/http/voice-installer.ts";
import { isEverywhere, isLoopback, lanAddresses } from "../server/network/addresses.ts";
import type { BardcastServer } from "../server/serve-options.ts";
import { LINES_SHARE } from "../server/shut-down.ts";
import { importAdapter } from "./adapter.ts";
import { commandLine } from "./command-line.ts";
import { chooseEngines, EMBEDDED_ENGINES } from "./engines.ts";
import { EXIT } from "./exit-codes.ts";
import { consoleInstaller, installFirst, offer } from "./first-voices.ts";
import { setUpLogging } from "./logging.ts";
import { DEMO_PLAYERS, type ServeFlags, serveFlags, type TypedServeOptions, UsageError } from "./options.ts";
import { firstScreen } from "./start/first-screen.ts";
import { isForeground } from "./start/foreground.ts";
import { offerCodes } from "./start/invitation-codes.ts";
import { stopSignal } from "./stop-signal.ts";
import { leaveWord } from "./table/table-file.ts";
import { tellFailure } from "./tell-failure.ts";
import { say, sayJson, warn } from "./terminal.ts";

/** ms that lines under way may take to end. */
const GRACE_MS = 5_000;

/** Serves a table until it is told to stop; resolves with the exit code. */
export async function runServe(typed: TypedServeOptions): Promise<number> {
  try {
    const flags = serveFlags(typed);
    setUpLogging(flags.log, flags.logLevel);
    await requireHost(flags.host);
    if (flags.role === "synth") {
      const { runSynthesis } = await import("./nodes/synthesis.ts");
      return await runSynthesis(flags, await serversOf(flags.nats));
    }
    await installFirst(flags.voices);
    const engines = flags.role === "edge" ? elsewhere(flags.engines) : await chooseEngines(flags.engines);
    const voiceInstaller = await consoleInstaller();
    const server = await start(flags, engines, voiceInstaller);
    const stopped = stopSignal();
    seatSomebody(server, flags);
    // A service that does not answer is told to whoever starts it, not found out by the first line.
    await server.party.router.examine();
    const takeWordAway = await leaveWordOf(server, flags);
    // Who has no voice is told how to get one.
    const voiceOffer = engines === EMBEDDED_ENGINES && voiceInstaller ? offer(voiceInstaller) : "";
    const endCodes = flags.json
      ? await printJson(server, flags)
      : await printTable(server, flags, voiceOffer);
    await stopped;
    endCodes?.();
    if (!flags.json) await sayGoodbye(server);
    await server.close({ graceMs: GRACE_MS });
    await takeWordAway();
    if (!flags.json) say("Stopped.");
    return EXIT.done;
  } catch (error) {
    return tellFailure(error, `See ${commandLine("serve --help")}`, (reason) =>
      explain(reason, Number(typed.port)),
    );
  }
}

/** Other commands find the table by its folder; where another one has the folder, that is the one they find. */
async function leaveWordOf(
  { party, url }: BardcastServer,
  { campaign }: ServeFlags,
): Promise<() => Promise<void>> {
  if (!party.store.hasFolder) return async () => undefined;
  // Who keeps secrets out of the folder finds none there.
  const isSecretElsewhere = process.env.BARDCAST_SECRET || process.env.BARDCAST_DM_TOKEN;
  const token = isSecretElsewhere ? {} : { token: await party.tokens.issueDm() };
  return leaveWord(campaign, { url, ...token });
}

/** Tells how long the end may take, and how to end it sooner. */
async function sayGoodbye({ party }: BardcastServer): Promise<void> {
  const heard = (await party.status()).queue.filter(({ players }) => players.length > 0);
  if (heard.length === 0) return;
  const leftMs = heard.map(({ state, durationMs, players }) =>
    // Of a line that is not whole yet nobody knows how long it is.
    state === "draining" ? durationMs - Math.min(...players.map(({ heardMs }) => heardMs)) : Infinity,
  );
  const seconds = Math.ceil(Math.min(GRACE_MS * LINES_SHARE, Math.max(...leftMs, 0)) / 1000);
  say(`A line is still being heard: ${seconds} s. Ctrl+C again stops at once.`);
}

/** Of a name that leads nowhere, Bun says that its port is taken. @throws UsageError */
async function requireHost(host: string): Promise<void> {
  if (isIP(host) !== 0) return;
  await lookup(host).catch((error: NodeJS.ErrnoException) => {
    // Deno may not be allowed to ask; then whoever listens finds out.
    if (error.code !== "ENOTFOUND" && error.code !== "EAI_AGAIN") return;
    throw new UsageError(`--host is an address of this machine, not "${host}"`);
  });
}

async function start(
  flags: ServeFlags,
  engines: readonly EngineName[],
  voiceInstaller: VoiceInstaller | undefined,
): Promise<BardcastServer> {
  const { serve } = await importAdapter();
  const [secret, dmToken] = [variable("BARDCAST_SECRET"), variable("BARDCAST_DM_TOKEN")];
  const apiKey = variable("BARDCAST_API_KEY");
  const cluster = flags.nats.length > 0 ? await clusterOf(flags, secret) : undefined;
  return serve({
    ...(cluster ? { cluster } : {}),
    port: flags.port,
    host: flags.host,
    campaignDir: flags.campaign,
    ...(flags.players === undefined ? {} : { players: flags.players }),
    engines,
    ...(voiceInstaller ? { voiceInstaller } : {}),
    ...(flags.keeps ? {} : { cache: { diskBytes: 0 } }),
    ...(flags.keepsLines ? {} : { journal: false }),
    ...(flags.publicUrl === undefined ? {} : { publicUrl: flags.publicUrl }),
    ...(flags.allowOrigins === undefined ? {} : { allowOrigins: flags.allowOrigins }),
    ...(flags.trustProxy === undefined ? {} : { trustProxy: flags.trustProxy }),
    ...(flags.wyoming === undefined ? {} : { wyoming: flags.wyoming }),
    ...(flags.parties ? { parties: { operatorKey: operatorKey() } } : {}),
    ...(secret === undefined ? {} : { secret }),
    ...(dmToken === undefined ? {} : { dmToken }),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
}

/** Engines of other nodes: what they need is not looked for here. */
function elsewhere(asked: readonly string[]): readonly EngineName[] {
  return asked.length > 0 ? asked.map(engineCalled) : EMBEDDED_ENGINES;
}

/** Loaded only where it was asked for. @throws UsageError */
async function clusterOf({ nats: servers, role }: ServeFlags, secret: string | undefined): Promise<Cluster> {
  if (secret === undefined)
    throw new UsageError(
      "--nats wants BARDCAST_SECRET, the same for all who serve the table: 32 random characters",
    );
  const { importNats } = await import("./nodes/nats-servers.ts");
  const { nats } = await importNats();
  return nats({ ...(await serversOf(servers)), hasWorkers: role !== "edge" });
}

async function serversOf(servers: readonly string[]): Promise<NatsOptions> {
  const { natsOptions } = await import("./nodes/nats-servers.ts");
  return natsOptions(servers, variable("BARDCAST_NATS_CREDENTIALS"));
}

/** Where nobody was named, now or before, there is a demo table. */
function seatSomebody({ party }: BardcastServer, { players }: ServeFlags): void {
  if (players !== undefined || party.players.length > 0) return;
  for (const player of DEMO_PLAYERS) party.seat(player);
}

/** @throws UsageError where there is none */
function operatorKey(): string {
  const key = variable("BARDCAST_OPERATOR_KEY");
  if (key !== undefined) return key;
  throw new UsageError(
    `--parties wants BARDCAST_OPERATOR_KEY, the key of who may make parties: 16 characters or more, as ${randomId()}`,
  );
}

/** A variable of the environment. One that is there and empty is as good as none, but hardly meant so. */
function variable(name: string): string | undefined {
  const value = environmentOf(name);
  if (value !== "") return value;
  warn(`${name} is empty, as if it were not there`);
  return undefined;
}

/** Undefined also where Deno may not look at it. */
function environmentOf(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    return undefined;
  }
}

/** One line for scripts: `url` is for this machine, and so are the links where there is no public address. */
async function printJson(
  { party, url, wyomingUrl }: BardcastServer,
  { publicUrl = url }: ServeFlags,
): Promise<undefined> {
  const token = await party.tokens.issueDm();
  const players = await Promise.all(party.players.map((id) => inviteOf(party, id, publicUrl)));
  const wyoming = wyomingUrl === undefined ? {} : { wyoming: wyomingUrl };
  sayJson({ url, dm: { token, url: pageUrl(publicUrl, "dm", token) }, players, ...wyoming });
}

/** The table for people: where to go, and what to do there. @returns ends the codes, where they are shown */
async function printTable(
  { party, url, wyomingUrl }: BardcastServer,
  { host, publicUrl, campaign }: ServeFlags,
  voiceOffer: string,
): Promise<(() => void) | undefined> {
  const lan = isEverywhere(host) ? lanAddresses() : undefined;
  const shared = publicUrl ?? (lan?.[0] === undefined ? url : url.replace("127.0.0.1", lan[0]));
  const invited = party.players.map(async (id) => ({ id, url: await shortUrl(shared, party, id) }));
  const players = await Promise.all(invited);
  const hasCodes = players.length > 0 && (await isForeground());
  const voices = `${campaign}/voice_registry.yaml`;
  const screen = firstScreen({
    dm: await shortUrl(publicUrl ?? url, party),
    players,
    reach: publicUrl === undefined ? whoCanJoin(host, lan) : undefined,
    voices: existsSync(voices) ? voices : undefined,
    voiceOffer,
    hasCodes,
  });
  for (const line of screen) say(line);
  if (wyomingUrl !== undefined) say(`Programs that speak Wyoming find it at ${wyomingUrl}`);
  return hasCodes ? offerCodes(players, process.stdin) : undefined;
}

/** @param lan addresses on a network, undefined where the server does not listen on all or nobody tells */
function whoCanJoin(host: string, lan: readonly string[] | undefined): string | undefined {
  if (isLoopback(host)) return "Only this machine can join: start with --host 0.0.0.0 on a network.";
  if (!isEverywhere(host) || lan?.[0] !== undefined) return undefined;
  if (lan) return "The links above are for this machine: it is on no IPv4 network now.";
  return (
    "The links above are for this machine: nobody told what it is called on its\n" +
    "network. Others can join by its address there, in place of 127.0.0.1.\n" +
    "On Deno, --allow-sys=networkInterfaces puts it into the links."
  );
}

/** @param port the one that was asked for */
function explain(error: unknown, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const isOtherDoor = error instanceof Error && "door" in error && error.door !== "http";
  if (code === "EADDRINUSE" && isOtherDoor) return `--wyoming: ${messageOf(error)}`;
  if (code === "EADDRINUSE")
    return `That port is taken. Try another one: ${commandLine(`--port ${(port % 65_535) + 1}`)}`;
  // Deno calls it an invalid argument.
  if (code === "EADDRNOTAVAIL" || code === "EINVAL")
    return "This machine has no such address. Without --host it listens on all it has.";
  return `Bardcast could not start: ${messageOf(error)}`;
}

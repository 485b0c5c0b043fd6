import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { renderUnicodeCompact } from "uqr";
import { messageOf } from "../core/errors.ts";
import type { Invite } from "../core/protocol/api.ts";
import type { EngineName } from "../engines/catalogue.ts";
import { inviteOf, pageUrl } from "../server/http/invite.ts";
import { isEverywhere, isLoopback, lanAddresses } from "../server/network/addresses.ts";
import type { BardcastServer } from "../server/serve-options.ts";
import { importAdapter } from "./adapter.ts";
import { commandLine } from "./command-line.ts";
import { chooseEngines, EMBEDDED_ENGINES, INSTALL_COMMAND } from "./engines.ts";
import { setUpLogging } from "./logging.ts";
import { DEMO_PLAYERS, parseServeFlags, type ServeFlags, USAGE, UsageError } from "./options.ts";
import { stopSignal } from "./stop-signal.ts";
import { tellFailure } from "./tell-failure.ts";
import { say, sayLines, warn } from "./terminal.ts";

/** Serves a table until it is told to stop; resolves with the exit code. */
export async function runServe(args: readonly string[]): Promise<number> {
  try {
    const flags = parseServeFlags(args);
    if (!flags) {
      sayLines(USAGE);
      return 0;
    }
    setUpLogging(flags.log, flags.logLevel);
    await requireHost(flags.host);
    const engines = await chooseEngines(flags.engines);
    const server = await start(flags, engines);
    seatSomebody(server, flags);
    if (engines === EMBEDDED_ENGINES && !flags.json) {
      sayLines(`For voices that sound like people: ${INSTALL_COMMAND}\n`);
    }
    // A service that does not answer is told to whoever starts it, not found out by the first line.
    await server.party.router.examine();
    await (flags.json ? printJson(server, flags) : printTable(server, flags));
    await stopSignal();
    await server.close();
    return 0;
  } catch (error) {
    return tellFailure(error, USAGE, explain);
  }
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

async function start(flags: ServeFlags, engines: readonly EngineName[]): Promise<BardcastServer> {
  const { serve } = await importAdapter();
  const [secret, dmToken] = [variable("BARDCAST_SECRET"), variable("BARDCAST_DM_TOKEN")];
  return serve({
    port: flags.port,
    host: flags.host,
    campaignDir: flags.campaign,
    ...(flags.players === undefined ? {} : { players: flags.players }),
    engines,
    ...(flags.keeps ? {} : { cache: { diskBytes: 0 } }),
    ...(flags.keepsLines ? {} : { journal: false }),
    ...(flags.publicUrl === undefined ? {} : { publicUrl: flags.publicUrl }),
    ...(flags.allowOrigins === undefined ? {} : { allowOrigins: flags.allowOrigins }),
    ...(flags.trustProxy === undefined ? {} : { trustProxy: flags.trustProxy }),
    ...(secret === undefined ? {} : { secret }),
    ...(dmToken === undefined ? {} : { dmToken }),
  });
}

/** Where nobody was named, now or before, there is a demo table. */
function seatSomebody({ party }: BardcastServer, { players }: ServeFlags): void {
  if (players !== undefined || party.players.length > 0) return;
  for (const player of DEMO_PLAYERS) party.seat(player);
}

/** A variable of the environment. One that is there and empty is as good as none, but hardly meant so. */
function variable(name: string): string | undefined {
  const value = process.env[name];
  if (value !== "") return value;
  warn(`${name} is empty, as if it were not there`);
  return undefined;
}

/** One line for scripts: `url` is for this machine, and so are the links where there is no public address. */
async function printJson({ party, url }: BardcastServer, { publicUrl = url }: ServeFlags): Promise<void> {
  const token = await party.tokens.issueDm();
  const players = await Promise.all(party.players.map((id) => inviteOf(party, id, publicUrl)));
  // Never cut short, as a line for people is, and spelled by JSON.
  console.log(JSON.stringify({ url, dm: { token, url: pageUrl(publicUrl, "dm", token) }, players }));
}

/** The table for people: where to go, and a QR code for each phone. */
async function printTable({ party, url }: BardcastServer, flags: ServeFlags): Promise<void> {
  const lan = isEverywhere(flags.host) ? lanAddresses() : undefined;
  const shared = flags.publicUrl ?? (lan?.[0] === undefined ? url : url.replace("127.0.0.1", lan[0]));
  const players = await Promise.all(party.players.map((id) => inviteOf(party, id, shared)));
  for (const invite of players) printInvite(invite);
  say("DM console:");
  sayLines(`  ${pageUrl(flags.publicUrl ?? url, "dm", await party.tokens.issueDm())}\n`);
  if (flags.publicUrl === undefined) sayLines(whoCanJoin(flags.host, lan));
  const voices = `${flags.campaign}/voice_registry.yaml`;
  say(existsSync(voices) ? `Voices: ${voices}. Stop with Ctrl+C.` : "Stop with Ctrl+C.");
}

/** @param lan addresses on a network, undefined where the server does not listen on all or nobody tells */
function whoCanJoin(host: string, lan: readonly string[] | undefined): string {
  if (isLoopback(host)) return "Only this machine can join: start with --host 0.0.0.0 on a network.\n";
  if (!isEverywhere(host) || lan?.[0] !== undefined) return "";
  if (lan) return "The links above are for this machine: it is on no IPv4 network now.\n";
  return (
    "The links above are for this machine: nobody told what it is called on its network. Others can join by its\n" +
    "address there, in place of 127.0.0.1. On Deno, --allow-sys=networkInterfaces puts it into the links.\n"
  );
}

function printInvite({ id, url }: Invite): void {
  say(`${id} joins with`);
  sayLines(`  ${url}\n`);
  sayLines(`${renderUnicodeCompact(url, { ecc: "L", border: 2 })}\n`);
}

function explain(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `That port is taken. Try another one: ${commandLine("--port 8081")}`;
  // Deno calls it an invalid argument.
  if (code === "EADDRNOTAVAIL" || code === "EINVAL")
    return "This machine has no such address. Without --host it listens on all it has.";
  return `Bardcast could not start: ${messageOf(error)}`;
}

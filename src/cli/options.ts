import type { LogLevel } from "@logtape/logtape";
import type { Command } from "commander";
import { messageOf } from "../core/errors.ts";
import { BUILTIN_ENGINES } from "../engines/catalogue.ts";
import { Forwarding, type TrustProxy } from "../server/network/forwarded.ts";
import { Origins } from "../server/network/origins.ts";
import { parsePublicUrl } from "../server/network/public-base.ts";
import type { WyomingOptions } from "../server/serve-options.ts";
import { shippedName } from "../voices/engine-names.ts";
import { LOG_FORMATS, LOG_LEVELS, type LogFormat } from "./logging.ts";

export interface ServeFlags {
  port: number;
  host: string;
  campaign: string;
  /** Who was named, where anybody was. */
  players: string[] | undefined;
  /** Engines that were asked for, in order of preference. */
  engines: readonly string[];
  /** Voices to install before, where they are not here. */
  voices: readonly string[];
  /** Whether speech is kept in the campaign's folder. */
  keeps: boolean;
  /** Whether what was said is. */
  keepsLines: boolean;
  /** Origins of pages that may listen, call the API and show the players' page, where it was said. */
  allowOrigins: readonly string[] | undefined;
  json: boolean;
  /** How what is logged is shown. */
  log: LogFormat;
  logLevel: LogLevel;
  /** Where players reach the table, where it is not by an address of this machine. */
  publicUrl: string | undefined;
  /** Whose forwarded headers are believed, where it was said. */
  trustProxy: TrustProxy | undefined;
  /** Where programs that speak Wyoming are listened for, if they are. */
  wyoming: WyomingOptions | undefined;
  /** Whether many parties may be made beside the table. */
  parties: boolean;
  /** NATS servers by which other processes serve the same table, if any do. */
  nats: readonly string[];
  /** What this node does among them. */
  role: Role;
}

/** `all`: has listeners and workers; `edge`: listeners only; `synth`: workers only. */
export const ROLES = ["all", "edge", "synth"] as const;
export type Role = (typeof ROLES)[number];

/** The options of `serve` as they were typed. */
export interface TypedServeOptions {
  port: string;
  host: string;
  campaign: string;
  players?: string;
  engine: string[];
  voice: string[];
  cache: boolean;
  journal: boolean;
  publicUrl?: string;
  trustProxy?: string;
  parties?: boolean;
  nats: string[];
  role: string;
  allowOrigin?: string;
  wyoming?: true | string;
  json?: boolean;
  log: string;
  logLevel: string;
}

/** Seated where nobody was named. */
export const DEMO_PLAYERS: readonly string[] = ["thorin", "elara", "pip"];

export const DEFAULT_CAMPAIGN = "campaign";

/** What of the environment is read, for the help. */
export const ENVIRONMENT: string = `
Environment: BARDCAST_SECRET signs the links, in the place of the secret in the campaign's folder;
             BARDCAST_DM_TOKEN fixes the DM's token; BARDCAST_API_KEY is a key for programs that speak,
             or ask for speech. All of them want 32 random characters.
             BARDCAST_OPERATOR_KEY, with --parties, is the key of who makes parties.
             BARDCAST_NATS_CREDENTIALS, with --nats, is the path of a credentials file.

What engines read from the environment:
  sherpa      BARDCAST_VOICES_DIR, the folder of installed voices
  openai      OPENAI_API_KEY, or OPENAI_BASE_URL of any server that speaks the same
              (http://127.0.0.1:8880/v1); OPENAI_TTS_MODEL, OPENAI_TTS_VOICE
  edge        nothing
  elevenlabs  ELEVENLABS_API_KEY
  cartesia    CARTESIA_API_KEY
  deepgram    DEEPGRAM_API_KEY
  wyoming     WYOMING_URL (tcp://homeassistant.local:10200)`;

/** A mistake in how a command was typed, told to the user as it is. */
export class UsageError extends Error {}

/** Tells a command which options `serve` takes. */
export function addServeOptions(command: Command): Command {
  return addEngineOption(addPlaceOptions(command))
    .option(
      "--players <names>",
      `who has a seat, with those who had one before: thorin,elara (at a first start: ${DEMO_PLAYERS.join(", ")})`,
    )
    .addOption(
      command
        .createOption(
          "--voice <names>",
          "install a voice first, where it is not here: one of `voices list`, or piper:en_GB-alba-medium",
        )
        .default([], "none")
        .argParser(collect),
    )
    .option("--no-cache", "keep no speech in the campaign's folder")
    .option(
      "--no-journal",
      "keep nothing there of what was said: who comes back after a restart has missed it",
    )
    .option(
      "--trust-proxy <list>",
      "proxies whose X-Forwarded-… and Forwarded are believed: addresses, networks (10.0.0.0/8), loopback (the default), private, all, none",
    )
    .addOption(
      command
        .createOption("--log <format>", "how the log is written to stderr")
        .default("text")
        .choices(LOG_FORMATS),
    )
    .addOption(
      command
        .createOption("--log-level <level>", "from which level on")
        .default("warning")
        .choices(LOG_LEVELS),
    )
    .option(
      "--allow-origin <list>",
      "pages that may listen, call the API and show the players' page: self (the table's own), https://site.example, null (a file); without it every page that has a token may listen",
    )
    .option(
      "--wyoming [address]",
      "speak for Home Assistant, and others that know the Wyoming protocol: [host:]port, 127.0.0.1:10200 if nothing else is said; no token is asked",
    )
    .option("--parties", "let whoever has BARDCAST_OPERATOR_KEY make parties beside the table, at /p/ID/")
    .addOption(
      command
        .createOption(
          "--nats <urls>",
          "serve the table together with others that name the same NATS servers and share BARDCAST_SECRET: nats://127.0.0.1:4222",
        )
        .default([], "alone")
        .argParser(collect),
    )
    .addOption(
      command
        .createOption("--role <role>", "with --nats: edge has no workers, synth has workers and no table")
        .default("all")
        .choices(ROLES),
    )
    .option("--json", "print one line of JSON once ready, nothing else");
}

/** Where a table is served, and its folder. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option("--port <number>", "port to listen on; 0 takes a free one", "8080")
    .option("--host <address>", "address to listen on; 127.0.0.1 keeps it to this machine", "0.0.0.0")
    .option(
      "--campaign <folder>",
      "folder of voice_registry.yaml and of all that outlasts a restart",
      DEFAULT_CAMPAIGN,
    )
    .option(
      "--public-url <url>",
      "where players reach the table behind a proxy, with its path: https://party.example/table",
    );
}

export function addEngineOption(command: Command): Command {
  const option = command.createOption(
    "--engine <names>",
    `who speaks, in order of preference; behind them those that are there out of the box. May be given more than once: ${BUILTIN_ENGINES.join(", ")}`,
  );
  return command.addOption(option.default([], "those out of the box").argParser(collect));
}

/** Of an option that may be given more than once. */
function collect(names: string, before: string[]): string[] {
  return [...before, names];
}

/** What was typed, checked. @throws UsageError */
export function serveFlags(typed: TypedServeOptions): ServeFlags {
  const nats = typed.nats.flatMap(namesIn);
  const role = oneOf(typed.role, ROLES);
  if (role !== "all" && nats.length === 0)
    throw new UsageError(`--role ${role} wants --nats, where the other nodes are`);
  return {
    nats,
    role,
    port: portOf(typed.port),
    host: typed.host,
    campaign: typed.campaign,
    players: typed.players === undefined ? undefined : namesIn(typed.players),
    engines: enginesOf(typed.engine),
    voices: typed.voice.flatMap(namesIn),
    keeps: typed.cache,
    keepsLines: typed.journal,
    json: typed.json ?? false,
    allowOrigins: flag("--allow-origin", typed.allowOrigin, parseOrigins),
    log: oneOf(typed.log, LOG_FORMATS),
    logLevel: oneOf(typed.logLevel, LOG_LEVELS),
    publicUrl: flag("--public-url", typed.publicUrl, parsePublicUrl),
    parties: typed.parties ?? false,
    trustProxy: flag("--trust-proxy", typed.trustProxy, parseTrust),
    wyoming: typed.wyoming === true ? {} : flag("--wyoming", typed.wyoming, parseAddress),
  };
}

/** @throws UsageError */
export function portOf(typed: string, name = "--port"): number {
  const port = Number(typed);
  if (typed.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`${name} is a number from 0 to 65535, not "${typed}"`);
}

/** `10200`, `0.0.0.0:10200`, `[::1]:10200` */
function parseAddress(typed: string): WyomingOptions {
  const [, host, port = ""] = /^(?:\[?([^[\]]+?)\]?:)?([^:]*)$/.exec(typed) ?? [];
  return { port: portOf(port, "a port"), ...(host === undefined ? {} : { host }) };
}

/** Engines by what people call them. @throws UsageError where there is none of that name */
export function enginesOf(typed: readonly string[]): readonly string[] {
  const engines = [...new Set(typed.flatMap(namesIn).map(shippedName))];
  const stranger = engines.find((name) => !BUILTIN_ENGINES.includes(name));
  if (stranger === undefined) return engines;
  throw new UsageError(`there is no engine "${stranger}"; there is: ${BUILTIN_ENGINES.join(", ")}`);
}

/** Names with commas between them. */
export function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

/** The parsed value of a flag, undefined where it was not given. @throws UsageError that says what is wrong with it */
function flag<T>(name: string, value: string | undefined, parse: (value: string) => T): T | undefined {
  try {
    return value === undefined ? undefined : parse(value);
  } catch (error) {
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
}

/** Which of them was typed; whoever read the line has looked already. */
function oneOf<T extends string>(value: string, all: readonly T[]): T {
  const found = all.find((each) => each === value);
  if (found === undefined) throw new UsageError(`"${value}" is none of ${all.join(", ")}`);
  return found;
}

function parseOrigins(list: string): readonly string[] {
  const origins = namesIn(list);
  new Origins(origins);
  return origins;
}

function parseTrust(list: string): TrustProxy {
  const trust = list === "all" ? true : list === "none" ? false : namesIn(list);
  new Forwarding(trust);
  return trust;
}

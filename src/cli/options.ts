import { parseArgs } from "node:util";
import type { LogLevel } from "@logtape/logtape";
import { messageOf } from "../core/errors.ts";
import { BUILTIN_ENGINES } from "../engines/catalogue.ts";
import { Forwarding, type TrustProxy } from "../server/network/forwarded.ts";
import { Origins } from "../server/network/origins.ts";
import { parsePublicUrl } from "../server/network/public-base.ts";
import { shippedName } from "../voices/engine-names.ts";
import { commandLine } from "./command-line.ts";
import { LOG_FORMATS, LOG_LEVELS, type LogFormat } from "./logging.ts";

export interface ServeFlags {
  port: number;
  host: string;
  campaign: string;
  /** Who was named, where anybody was. */
  players: string[] | undefined;
  /** Engines that were asked for, in order of preference. */
  engines: readonly string[];
  /** Whether speech is kept in the campaign's folder. */
  keeps: boolean;
  /** Whether what was said is. */
  keepsLines: boolean;
  /** Origins of pages that may open sockets, where it was said. */
  allowOrigins: readonly string[] | undefined;
  json: boolean;
  /** How what is logged is shown. */
  log: LogFormat;
  logLevel: LogLevel;
  /** Where players reach the table, where it is not by an address of this machine. */
  publicUrl: string | undefined;
  /** Whose forwarded headers are believed, where it was said. */
  trustProxy: TrustProxy | undefined;
}

/** Seated where nobody was named. */
export const DEMO_PLAYERS: readonly string[] = ["thorin", "elara", "pip"];

export const USAGE: string = `Usage: ${commandLine("[options]")}
       ${commandLine("voices")} list | install NAME | remove NAME | try NAME "text"

  --port 8080              port to listen on; 0 takes a free one
  --host 0.0.0.0           address to listen on; 127.0.0.1 keeps it to this machine
  --campaign DIR           folder of voice_registry.yaml and of all that outlasts a restart (default: ./campaign)
  --players thorin,elara   who has a seat, with those who had one before (at a first start: ${DEMO_PLAYERS.join(", ")})
  --engine openai,edge     who speaks, in order of preference; behind them those that are there out of the box.
                           May be given more than once: ${BUILTIN_ENGINES.join(", ")}
  --no-cache               keep no speech in the campaign's folder
  --no-journal             keep nothing there of what was said: who comes back after a restart has missed it
  --public-url URL         where players reach the table behind a proxy, with its path: https://party.example/table
  --trust-proxy LIST       proxies whose X-Forwarded-… and Forwarded are believed: addresses, networks (10.0.0.0/8),
                           loopback (the default), private, all, none
  --log text               how the log is written to stderr: ${LOG_FORMATS.join(", ")}
  --log-level warning      from which level on: ${LOG_LEVELS.join(", ")}
  --allow-origin LIST      pages that may listen: self (the table's own), https://site.example, null (a file);
                           without it every page that has a token
  --json                   print one line of JSON once ready, nothing else
  --help                   print this

Environment: BARDCAST_SECRET signs the links, in the place of the secret in the campaign's folder;
             BARDCAST_DM_TOKEN fixes the DM's token. Both want 32 random characters.

What engines read from the environment:
  sherpa      BARDCAST_VOICES_DIR, the folder of installed voices
  openai      OPENAI_API_KEY, or OPENAI_BASE_URL of any server that speaks the same
              (http://127.0.0.1:8880/v1); OPENAI_TTS_MODEL, OPENAI_TTS_VOICE
  edge        nothing
  elevenlabs  ELEVENLABS_API_KEY
  cartesia    CARTESIA_API_KEY
  deepgram    DEEPGRAM_API_KEY
  wyoming     WYOMING_URL (tcp://homeassistant.local:10200)`;

/** A mistake in the flags, told to the user as it is. */
export class UsageError extends Error {}

/** The flags, or undefined where help was asked for. @throws UsageError */
export function parseServeFlags(args: readonly string[]): ServeFlags | undefined {
  const { help, port, host, campaign, players, engine, json, ...rest } = read(args);
  if (help) return undefined;
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new UsageError(`--port is a number from 0 to 65535, not "${port}"`);
  }
  const engines = [...new Set(engine.flatMap(namesIn).map(shippedName))];
  const stranger = engines.find((name) => !BUILTIN_ENGINES.includes(name));
  if (stranger !== undefined) {
    throw new UsageError(`there is no engine "${stranger}"; there is: ${BUILTIN_ENGINES.join(", ")}`);
  }
  return {
    port: number,
    host,
    campaign,
    players: players === undefined ? undefined : namesIn(players),
    engines,
    keeps: !rest["no-cache"],
    keepsLines: !rest["no-journal"],
    json,
    allowOrigins: flag("--allow-origin", rest["allow-origin"], parseOrigins),
    log: oneOf("--log", rest.log, LOG_FORMATS),
    logLevel: oneOf("--log-level", rest["log-level"], LOG_LEVELS),
    publicUrl: flag("--public-url", rest["public-url"], parsePublicUrl),
    trustProxy: flag("--trust-proxy", rest["trust-proxy"], parseTrust),
  };
}

/** The parsed value of a flag, undefined where it was not given. @throws UsageError that says what is wrong with it */
function flag<T>(name: string, value: string | undefined, parse: (value: string) => T): T | undefined {
  try {
    return value === undefined ? undefined : parse(value);
  } catch (error) {
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
}

/** @throws UsageError where it is none of them */
function oneOf<T extends string>(name: string, value: string, all: readonly T[]): T {
  const found = all.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${name} is ${all.join(", ")}, not "${value}"`);
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

function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

function read(args: readonly string[]): {
  help: boolean;
  port: string;
  host: string;
  campaign: string;
  players: string | undefined;
  engine: string[];
  "no-cache": boolean;
  "no-journal": boolean;
  "public-url": string | undefined;
  "trust-proxy": string | undefined;
  "allow-origin": string | undefined;
  json: boolean;
  log: string;
  "log-level": string;
} {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: "string", default: "8080" },
        host: { type: "string", default: "0.0.0.0" },
        campaign: { type: "string", default: "campaign" },
        players: { type: "string" },
        engine: { type: "string", multiple: true, default: [] },
        "no-cache": { type: "boolean", default: false },
        "no-journal": { type: "boolean", default: false },
        "public-url": { type: "string" },
        "trust-proxy": { type: "string" },
        "allow-origin": { type: "string" },
        json: { type: "boolean", default: false },
        log: { type: "string", default: "text" },
        "log-level": { type: "string", default: "warning" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return {
      ...values,
      players: values.players,
      "public-url": values["public-url"],
      "trust-proxy": values["trust-proxy"],
      "allow-origin": values["allow-origin"],
    };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

import { parseArgs } from "node:util";
import { BUILTIN_ENGINES } from "../engines/catalogue.ts";
import { commandLine } from "./command-line.ts";

export interface ServeFlags {
  port: number;
  host: string;
  campaign: string;
  players: string[];
  /** Engines that were asked for, in order of preference. */
  engines: readonly string[];
  /** Whether speech is kept in the campaign's folder. */
  keeps: boolean;
  json: boolean;
}

/** Seated where nobody was named. */
const DEMO_PLAYERS = ["thorin", "elara", "pip"];

export const USAGE: string = `Usage: ${commandLine("[options]")}
       ${commandLine("voices")} list | install NAME | remove NAME | try NAME "text"

  --port 8080              port to listen on; 0 takes a free one
  --host 0.0.0.0           address to listen on; 127.0.0.1 keeps it to this machine
  --campaign DIR           folder of voice_registry.yaml (default: ./campaign)
  --players thorin,elara   who has a seat (default: ${DEMO_PLAYERS.join(", ")})
  --engine openai,edge     who speaks, in order of preference; behind them those that are there out of the box.
                           May be given more than once: ${BUILTIN_ENGINES.join(", ")}
  --no-cache               keep no speech in the campaign's folder
  --json                   print one line of JSON once ready, nothing else
  --help                   print this

Environment: BARDCAST_SECRET signs the links, so that they outlive a restart;
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
  const { help, port, host, campaign, players, engine, json, "no-cache": forgets } = read(args);
  if (help) return undefined;
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new UsageError(`--port is a number from 0 to 65535, not "${port}"`);
  }
  const seated = players === undefined ? DEMO_PLAYERS : namesIn(players);
  const engines = [...new Set(engine.flatMap(namesIn))];
  const stranger = engines.find((name) => !BUILTIN_ENGINES.includes(name));
  if (stranger !== undefined) {
    throw new UsageError(`there is no engine "${stranger}"; there is: ${BUILTIN_ENGINES.join(", ")}`);
  }
  return { port: number, host, campaign, players: seated, engines, keeps: !forgets, json };
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
  json: boolean;
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
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return { ...values, players: values.players };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

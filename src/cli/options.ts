import { parseArgs } from "node:util";

export interface ServeFlags {
  port: number;
  host: string;
  campaign: string;
  players: string[];
  /** Whether speech is kept in the campaign's folder. */
  keeps: boolean;
  json: boolean;
}

/** Seated where nobody was named. */
const DEMO_PLAYERS = ["thorin", "elara", "pip"];

export const USAGE: string = `Usage: npm start -- [options]
       npm start -- voices list | install NAME | remove NAME | try NAME "text"

  --port 8080              port to listen on; 0 takes a free one
  --host 0.0.0.0           address to listen on; 127.0.0.1 keeps it to this machine
  --campaign DIR           folder of voice_registry.yaml (default: ./campaign)
  --players thorin,elara   who has a seat (default: ${DEMO_PLAYERS.join(", ")})
  --no-cache               keep no speech in the campaign's folder
  --json                   print one line of JSON once ready, nothing else
  --help                   print this

Environment: BARDCAST_SECRET signs the links, so that they outlive a restart;
             BARDCAST_DM_TOKEN fixes the DM's token.`;

/** A mistake in the flags, told to the user as it is. */
export class UsageError extends Error {}

/** The flags, or undefined where help was asked for. @throws UsageError */
export function parseServeFlags(args: readonly string[]): ServeFlags | undefined {
  const { help, port, host, campaign, players, json, "no-cache": forgets } = read(args);
  if (help) return undefined;
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new UsageError(`--port is a number from 0 to 65535, not "${port}"`);
  }
  const names = players?.split(",").map((name) => name.trim());
  return {
    port: number,
    host,
    campaign,
    players: names?.filter(Boolean) ?? DEMO_PLAYERS,
    keeps: !forgets,
    json,
  };
}

function read(args: readonly string[]): {
  help: boolean;
  port: string;
  host: string;
  campaign: string;
  players: string | undefined;
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

import type { PartyStatus, PlayerStatus, QueuedUtterance, RecentUtterance } from "../../core/protocol/api.ts";
import { commandLine } from "../command-line.ts";
import { EXIT } from "../exit-codes.ts";
import { tellFailure } from "../tell-failure.ts";
import { say, sayJson } from "../terminal.ts";
import { TableClient } from "./table-client.ts";
import type { TypedTableOptions } from "./table-options.ts";

/** Lines that are told of those that are over. */
const RECENT = 3;
/** Characters of a line's text. */
const TEXT_CHARS = 48;

const STATES: Readonly<Record<PlayerStatus["state"], string>> = {
  connected: "here",
  away: "not here",
  playing: "here",
  muted: "here, with the sound off",
  lagging: "here, on a slow line",
  "text-only": "here, reading only",
};

/** `status`: tells how a running table is; resolves with the exit code. */
export async function runStatus(typed: TypedTableOptions & { json?: boolean }): Promise<number> {
  try {
    const table = await TableClient.find(typed);
    const status = await table.status();
    if (typed.json) sayJson({ url: table.url, ...status });
    else for (const line of statusWords(table.url, status)) say(line);
    return EXIT.done;
  } catch (error) {
    return tellFailure(error, `See ${commandLine("status --help")}`);
  }
}

function statusWords(url: string, { players, engines, queue, recent, store, speech }: PartyStatus): string[] {
  const width = Math.max(...players.map(({ id }) => id.length), 0);
  return [
    `The table at ${url}`,
    "",
    ...(players.length === 0 ? ["Nobody has a seat."] : ["Players:"]),
    ...players.map((player) => `  ${player.id.padEnd(width)}  ${presenceOf(player)}`),
    "",
    "Engines:",
    ...engines.map(
      ({ name, available, outOfOrder }) =>
        `  ${name}: ${available ? (outOfOrder ?? "ready") : "not available"}`,
    ),
    ...(speech.restarts > 0 ? [`  workers that were replaced: ${speech.restarts}`] : []),
    "",
    ...(queue.length === 0 ? ["Nothing is being said."] : ["Being said:", ...queue.map(underWay)]),
    ...(recent.length === 0 ? [] : ["Said last:", ...recent.slice(0, RECENT).map(over)]),
    ...(store?.writable === false ? ["", `Not all is kept in the campaign's folder: ${store.reason}`] : []),
  ];
}

function presenceOf({ state, connections }: PlayerStatus): string {
  return connections > 1 ? `${STATES[state]}, on ${connections} devices` : STATES[state];
}

function underWay({ text, shown = text, speaker, to, state, durationMs }: QueuedUtterance): string {
  return `  ${speaker} to ${audience(to)}: "${short(shown)}", ${state}, ${(durationMs / 1000).toFixed(1)} s`;
}

function over({ text, shown = text, speaker, to, report, state }: RecentUtterance): string {
  const complete = report.players.filter((each) => each.complete).length;
  if (report.listeners === 0) return `  ${speaker} to ${audience(to)}: "${short(shown)}", nobody was here`;
  const heard = state === "done" ? `heard whole by ${complete} of ${report.players.length}` : state;
  return `  ${speaker} to ${audience(to)}: "${short(shown)}", ${heard}`;
}

function audience(to: QueuedUtterance["to"]): string {
  return to === "all" ? "all" : to.join(", ");
}

function short(text: string): string {
  return text.length > TEXT_CHARS ? `${text.slice(0, TEXT_CHARS - 1)}…` : text;
}

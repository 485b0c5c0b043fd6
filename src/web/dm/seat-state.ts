import type { PlayerStatus, QueuedUtterance } from "../../core/protocol/api.ts";

/** How a player is, as a game master would say it. */
export type SeatState = "hears" | "muted" | "behind" | "reads" | "asleep" | "away";

const STATES: Readonly<Record<PlayerStatus["state"], SeatState>> = {
  connected: "hears",
  playing: "hears",
  muted: "muted",
  lagging: "behind",
  "text-only": "reads",
  away: "away",
};

/** What each of them means, where there is room for it. */
export const MEANING: Readonly<Record<SeatState, string>> = {
  hears: "hears",
  muted: "muted, reads along",
  behind: "a little behind",
  reads: "reads only",
  asleep: "asleep, words wait",
  away: "away",
};

/** @param sounding the lines that sound now: a page that says nothing any more is asleep */
export function seatState(player: PlayerStatus, sounding: readonly QueuedUtterance[]): SeatState {
  if (player.connections === 0) return "away";
  const own = sounding.flatMap(({ players }) => players.filter((each) => each.player === player.id));
  if (own.length > 0 && own.every(({ reason }) => reason === "silent")) return "asleep";
  return STATES[player.state];
}

/** Whether the words reach them at all. */
export function isHere(state: SeatState): boolean {
  return state !== "away" && state !== "asleep";
}

/** How much of what sounds now they have heard, in hundredths; undefined where nothing sounds for them. */
export function heardShare(id: string, sounding: readonly QueuedUtterance[]): number | undefined {
  for (const { durationMs, players } of sounding) {
    const heard = players.filter(({ player }) => player === id).map(({ heardMs }) => heardMs);
    if (heard.length > 0 && durationMs > 0)
      return Math.min(100, Math.round((100 * Math.max(...heard)) / durationMs));
  }
  return undefined;
}

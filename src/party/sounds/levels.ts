import { gainOfVolume } from "../../core/protocol/sounds.ts";

/** How loud the place is, and for whom it is softer. */
export interface Levels {
  master: number;
  players: ReadonlyMap<string, number>;
}

/** The gain of the whole place at a player's devices. */
export function factorOf({ master, players }: Levels, player: string): number {
  return gainOfVolume(master) * gainOfVolume(players.get(player) ?? 1);
}

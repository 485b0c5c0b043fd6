import type { Presence } from "../../core/protocol/presence.ts";
import type { SeatView } from "./seat-view.ts";

/** What of everybody's presence is about how this player hears. */
export function ownPresence(
  players: readonly Presence[],
  self: string | undefined,
): Pick<SeatView, "sounds" | "loudspeaker" | "loudspeakers"> {
  const { sounds, loudspeaker } = players.find(({ id }) => id === self) ?? {};
  const loudspeakers = players.filter((player) => player.loudspeaker).map(({ id }) => id);
  return { sounds, loudspeaker, loudspeakers };
}

import type { QueuedUtterance } from "../../../core/protocol/api.ts";

/** Whether it sounds somewhere: lines are sent long before their turn to be heard. */
function isSounding({ state, players }: QueuedUtterance, isFirst: boolean): boolean {
  return (
    (state === "speaking" || state === "draining") && (isFirst || players.some(({ heardMs }) => heardMs > 0))
  );
}

/** What sounds now, and what waits for its turn. */
export function inTurn(queue: readonly QueuedUtterance[]): {
  sounding: readonly QueuedUtterance[];
  waiting: readonly QueuedUtterance[];
} {
  const sounding = queue.filter((line, index) => isSounding(line, index === 0));
  return { sounding, waiting: queue.filter((line) => !sounding.includes(line)) };
}

/** As which the game master listens along: nobody's audience. */
const OWN_EAR = "observer:console";

/** Those who listen at the table. */
export function atTable<Listener extends { player: string }>(listeners: readonly Listener[]): Listener[] {
  return listeners.filter(({ player }) => player !== OWN_EAR);
}

/** ms of a line that whoever is furthest has heard. */
export function furthestMs(players: readonly { heardMs: number }[]): number {
  return Math.max(0, ...players.map(({ heardMs }) => heardMs));
}

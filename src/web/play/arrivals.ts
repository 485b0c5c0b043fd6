import type { Presence } from "../../core/protocol/presence.ts";
import { displayNames } from "../shared/names.ts";

/** Who came and who left between two looks at the table, in words; undefined where nobody did. */
export function arrivals(
  before: readonly Presence[],
  after: readonly Presence[],
  self: string | undefined,
): string | undefined {
  const wasHere = new Map(before.map(({ id, connections }) => [id, connections > 0]));
  const others = after.filter(({ id }) => id !== self && wasHere.has(id));
  const came = others.filter(({ id, connections }) => connections > 0 && !wasHere.get(id));
  const left = others.filter(({ id, connections }) => connections === 0 && wasHere.get(id));
  const names = (players: readonly Presence[]): string => displayNames(players.map(({ id }) => id));
  const news = [
    came.length > 0 && `${names(came)} joined the table.`,
    left.length > 0 && `${names(left)} left the table.`,
  ];
  return news.filter(Boolean).join(" ") || undefined;
}

import type { Connection } from "../transport/connection.ts";

/** Whether it is one of a player's own. */
export function isDevice({ role, isIndirect }: Connection): boolean {
  return role === "player" && !isIndirect;
}

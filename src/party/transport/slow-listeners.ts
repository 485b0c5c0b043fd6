import type { Connection, V2Connection } from "./connection.ts";

/** For so long it is remembered that a player's connection could not take what it was sent… */
const SLOW_MS = 60_000;
/** …of so many players. */
const MAX_SLOW = 1_000;

/** The same connections, those last for which something is waiting already: nobody waits for the slowest. */
export function slowestLast(connections: readonly Connection[]): Connection[] {
  const slow = connections.filter(({ bufferedBytes }) => bufferedBytes > 0);
  if (slow.length === 0) return [...connections];
  const isSlow = new Set(slow);
  return [...connections.filter((connection) => !isSlow.has(connection)), ...slow];
}

/** Players of whom a connection was closed because it did not take what it was sent. */
export class SlowListeners {
  readonly #rungs = new Map<string, { rung: number; at: number }>();

  /** A connection has ended. */
  ended({ player, v2, wasTooSlow }: Connection): void {
    this.#rungs.delete(player);
    if (!wasTooSlow || !v2) return;
    this.#rungs.set(player, { rung: v2.ladder.rung, at: performance.now() });
    for (const oldest of this.#rungs.keys()) {
      if (this.#rungs.size <= MAX_SLOW) break;
      this.#rungs.delete(oldest);
    }
  }

  /** A listener who comes back after a connection that was too slow is sent less than before. */
  spare({ player, v2 }: V2Connection): void {
    const slow = this.#rungs.get(player);
    if (!slow || performance.now() - slow.at > SLOW_MS) return;
    v2.comesBackSlow(slow.rung);
  }
}

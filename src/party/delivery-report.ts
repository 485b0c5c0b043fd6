import type { WireError } from "../core/errors.ts";
import type { Listening } from "./listening.ts";
import type { DeliveryReport, PlayerDelivery } from "./utterance.ts";

/** What is known of a line apart from its listeners. */
export interface LineOutcome {
  utterance: string;
  cancelled: boolean;
  sentences: number;
  /** Sentences that have audio. */
  spoken: number;
  durationMs: number;
  engines: string[];
  problems: WireError[];
}

/** Who got what: the best of a player's devices counts. */
export function reportOn(listenings: readonly Listening[], outcome: LineOutcome): DeliveryReport {
  const { spoken, ...line } = outcome;
  const whole = !outcome.cancelled && outcome.problems.length === 0;
  const players = new Map<string, PlayerDelivery>();
  for (const listening of listenings) {
    const { player } = listening.connection;
    const known = players.get(player);
    players.set(player, {
      player,
      complete: (known?.complete ?? false) || (whole && listening.hasAll(spoken)),
      textOnly: (known?.textOnly ?? true) && !listening.heard && outcome.sentences > 0,
      muted: false,
      heardMs: Math.max(known?.heardMs ?? 0, listening.handedMs),
    });
  }
  return {
    ...line,
    delivered: [...players.values()].some((player) => player.complete),
    listeners: players.size,
    players: [...players.values()],
  };
}

import type { WireError } from "../../core/errors.ts";
import type { Subscription } from "../fan-out/subscription.ts";
import type { DeliveryReport, PlayerDelivery } from "../request/utterance.ts";

/** What is known of a line apart from its listeners. */
export interface LineOutcome {
  utterance: string;
  cancelled: boolean;
  sentences: number;
  durationMs: number;
  engines: string[];
  problems: WireError[];
  /** Sentences that should have been heard and are not. */
  silent: number;
}

/** Who got what: the best of a player's devices counts. */
export function reportOn(
  subscriptions: readonly Subscription[],
  { silent, ...line }: LineOutcome,
): DeliveryReport {
  const whole = !line.cancelled && silent === 0;
  const players = new Map<string, PlayerDelivery>();
  for (const subscription of subscriptions) {
    const { player } = subscription.connection;
    const { heardMs, state, underruns, skewMs } = subscription.playback;
    const known = players.get(player);
    const complete = (known?.complete ?? false) || (whole && subscription.complete);
    const isBest = heardMs >= (known?.heardMs ?? 0);
    const reason = complete || line.cancelled ? undefined : isBest ? subscription.missed : known?.reason;
    players.set(player, {
      player,
      complete,
      ...(reason === undefined ? {} : { reason }),
      textOnly: (known?.textOnly ?? true) && subscription.handedMs === 0 && line.sentences > 0,
      muted: (known?.muted ?? true) && state === "muted",
      heardMs: Math.round(Math.max(known?.heardMs ?? 0, heardMs)),
      underruns: Math.max(known?.underruns ?? 0, underruns),
      ...stepOf(skewMs ?? known?.skewMs),
    });
  }
  return {
    ...line,
    delivered: whole && subscriptions.some(({ isHandedWhole }) => isHandedWhole),
    listeners: players.size,
    players: [...players.values()],
  };
}

function stepOf(skewMs: number | undefined): { skewMs?: number } {
  return skewMs === undefined ? {} : { skewMs };
}

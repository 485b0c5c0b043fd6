import type { DeliveryReport, PlayerDelivery } from "../../core/protocol/api.ts";
import type { Subscription } from "../fan-out/subscription.ts";

/** What is asked of a subscription. */
export type Listening = Pick<
  Subscription,
  "connection" | "playback" | "complete" | "missed" | "handedMs" | "isHandedWhole"
>;

/** Of a line of which nothing is known, or nothing was said. */
export function emptyReport(utterance: string): DeliveryReport {
  const made = { sentences: 0, durationMs: 0, engines: [], problems: [] };
  return { utterance, delivered: false, cancelled: false, listeners: 0, players: [], ...made };
}

/**
 * Who got what, observers among them: the best of a player's devices counts.
 * @param known what is known apart from the listeners
 * @param known.silent sentences that should have been heard and are not
 */
export function reportOn(
  subscriptions: readonly Listening[],
  { silent, ...known }: Omit<DeliveryReport, "delivered" | "listeners" | "players"> & { silent: number },
): DeliveryReport {
  const whole = !known.cancelled && silent === 0;
  const players = new Map<string, PlayerDelivery>();
  // An observer looks on: whether a line has reached its audience does not depend on one.
  const audience = subscriptions.filter(({ connection }) => connection.role !== "observer");
  for (const subscription of subscriptions) {
    const { player } = subscription.connection;
    const { heardMs, state, underruns, skewMs } = subscription.playback;
    const other = players.get(player);
    const complete = (other?.complete ?? false) || (whole && subscription.complete);
    const isBest = heardMs >= (other?.heardMs ?? 0);
    const reason = complete || known.cancelled ? undefined : isBest ? subscription.missed : other?.reason;
    players.set(player, {
      player,
      complete,
      ...(reason === undefined ? {} : { reason }),
      textOnly: (other?.textOnly ?? true) && subscription.handedMs === 0 && known.sentences > 0,
      muted: (other?.muted ?? true) && state === "muted",
      heardMs: Math.round(Math.max(other?.heardMs ?? 0, heardMs)),
      underruns: Math.max(other?.underruns ?? 0, underruns),
      ...stepOf(skewMs ?? other?.skewMs),
    });
  }
  return {
    ...known,
    delivered: whole && audience.some(({ isHandedWhole }) => isHandedWhole),
    listeners: new Set(audience.map(({ connection }) => connection.player)).size,
    players: [...players.values()],
  };
}

function stepOf(skewMs: number | undefined): { skewMs?: number } {
  return skewMs === undefined ? {} : { skewMs };
}

/**
 * One report of those of several processes, each of which knows its own listeners.
 * @param own of the process that made the line @param isWhole whether all of it was made that should have been heard
 */
export function joinReports(
  own: DeliveryReport,
  others: readonly DeliveryReport[],
  isWhole: boolean,
): DeliveryReport {
  const players = new Map<string, PlayerDelivery>();
  for (const delivery of [own, ...others].flatMap((report) => report.players)) {
    const other = players.get(delivery.player);
    players.set(delivery.player, other ? better(other, delivery) : delivery);
  }
  const joined = [...players.values()].map((delivery) =>
    isWhole ? delivery : { ...delivery, complete: false },
  );
  const isDelivered = own.delivered || others.some(({ delivered }) => delivered);
  const observers = new Set(joined.map(({ player }) => player).filter((player) => player.includes(":")));
  return {
    ...own,
    delivered: isWhole && isDelivered,
    listeners: joined.length - observers.size,
    players: joined,
  };
}

function better(one: PlayerDelivery, other: PlayerDelivery): PlayerDelivery {
  const [best, least] = other.heardMs > one.heardMs ? [other, one] : [one, other];
  const { reason: _, ...heard } = best;
  const complete = one.complete || other.complete;
  return {
    ...least,
    ...heard,
    complete,
    ...(complete || best.reason === undefined ? {} : { reason: best.reason }),
    textOnly: one.textOnly && other.textOnly,
    muted: one.muted && other.muted,
    underruns: Math.max(one.underruns, other.underruns),
  };
}

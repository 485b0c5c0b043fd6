/** When a device played its probe, and how late that was heard; undefined: it was not. */
export interface Round {
  /** ms on the server's clock. */
  momentAt: number;
  /** On a clock of the microphone's own: only differences say anything. */
  lateMs: number | undefined;
}

/** What is known of a device after some rounds. */
export type Verdict =
  /** Rounds agreed on how late it is, on the microphone's own clock, to within `spreadMs`. */
  | { state: "heard"; lateMs: number; spreadMs: number }
  /** It was heard now sooner, now later. */
  | { state: "unsteady" }
  | { state: "unheard" };

/** ms from one device's probe to the next one's: a neighbour's reverberation is over. */
export const SLOT_MS = 350;
/** Rounds that differ by more do not agree. */
const AGREEMENT_MS = 1;
/** No microphone's clock runs that much faster or slower than the server's, ms a ms. */
const MOST_DRIFT = 5e-4;

/**
 * When each device plays: all of them one after the other, then backwards, so that drift of the microphone's clock
 * cancels.
 * @param startAt ms on the server's clock
 */
export function planRounds<Device>(
  devices: readonly Device[],
  rounds: number,
  startAt: number,
): Map<Device, number[]> {
  const count = devices.length;
  return new Map(
    devices.map((device, index) => [
      device,
      Array.from({ length: rounds }, (_, round) => {
        const turn = round % 2 === 0 ? index : count - 1 - index;
        return startAt + (round * count + turn) * SLOT_MS;
      }),
    ]),
  );
}

/** How much faster the microphone's clock runs than the server's, ms a ms: what every device's rounds have in common. */
export function driftOf(all: Iterable<readonly Round[]>): number {
  const slopes = [...all].flatMap((rounds) =>
    pairsOf(rounds.filter(isHeard)).map(([a, b]) => (b.lateMs - a.lateMs) / (b.momentAt - a.momentAt)),
  );
  return Math.max(-MOST_DRIFT, Math.min(MOST_DRIFT, median(slopes)));
}

/**
 * What most of a device's rounds agree upon.
 * @param drift as `driftOf` says
 * @param fromAt where lateness is counted from; the same for all devices
 */
export function judge(rounds: readonly Round[], drift: number, fromAt: number): Verdict {
  const heard = rounds.filter(isHeard).map(({ lateMs, momentAt }) => lateMs - drift * (momentAt - fromAt));
  if (heard.length * 2 < rounds.length || heard.length === 0) return { state: "unheard" };
  const centre = median(heard);
  const near = heard.filter((ms) => Math.abs(ms - centre) < AGREEMENT_MS);
  if (near.length < Math.min(2, rounds.length) || near.length * 2 <= heard.length)
    return { state: "unsteady" };
  const lateMs = near.reduce((sum, ms) => sum + ms, 0) / near.length;
  return { state: "heard", lateMs, spreadMs: Math.max(...near.map((ms) => Math.abs(ms - lateMs))) };
}

function isHeard(round: Round): round is Round & { lateMs: number } {
  return round.lateMs !== undefined;
}

function pairsOf<Item>(items: readonly Item[]): [Item, Item][] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b): [Item, Item] => [a, b]));
}

/** 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}

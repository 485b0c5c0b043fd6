import { quantile } from "../row.ts";

type Random = () => number;

/** Ranks by which Zipf's law is moved, so that the largest party is not a twelfth of everybody. */
const SHIFT = 9;
/** Moments of an evening that are looked at. */
const MOMENTS = 10;

/** Sizes of parties by Zipf's law, the largest first; together that many listeners, at least one each. */
export function zipfSizes(listeners: number, parties: number): number[] {
  let weight = 0;
  for (let rank = 1; rank <= parties; rank++) weight += 1 / (rank + SHIFT);
  const scale = listeners / weight;
  return Array.from({ length: parties }, (_, rank) => Math.max(1, Math.round(scale / (rank + 1 + SHIFT))));
}

export interface SeatsOptions {
  sizes: readonly number[];
  nodes: number;
  /** `party`: whoever leads requests to nodes does so by the party, and only what is too many for one node goes on to the next. */
  routing: "party" | "chance";
  /** Share of the parties that are spoken to at a moment. */
  spokenTo: number;
  /** CPU µs a second: of a listener, and of a party's line at its holder. */
  listenerUs: number;
  partyUs: number;
  /** Bursts of a party in a second, and CPU µs a second of a node that hears, and sends, so many of them. */
  bursts: number;
  hearingUs: (bursts: number) => number;
  sendingUs: (bursts: number) => number;
  random: Random;
}

export interface Seats {
  /** Share of its serving thread that each node uses, at each moment. */
  busy: number[];
  /** The same after the busiest node has died, and its listeners and parties have gone to others. */
  busyAfterLoss: number[];
  /** Parties whose sound goes over the bus, and to how many nodes, at a moment. */
  remoteParties: number;
  remoteDeliveries: number;
}

/** Seats parties at nodes, and looks at a few moments of the evening. */
export function simulateSeats(options: SeatsOptions): Seats {
  const { sizes, nodes, spokenTo, listenerUs, partyUs, bursts, hearingUs, sendingUs, random } = options;
  const busy: number[] = [];
  const busyAfterLoss: number[] = [];
  let [remoteParties, remoteDeliveries] = [0, 0];
  /** Listeners of a party that one node takes before the next has its share. */
  const share = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / nodes / 16);
  for (let moment = 0; moment < MOMENTS; moment++) {
    const used = new Float64Array(nodes);
    const heard = new Float64Array(nodes);
    const sent = new Float64Array(nodes);
    for (const size of sizes) {
      if (random() >= spokenTo) continue;
      const holder = Math.floor(random() * nodes);
      const seats =
        options.routing === "party" ? together(size, share, holder, nodes) : scattered(size, nodes, random);
      let away = 0;
      for (const [node, listeners] of seats) {
        used[node] = (used[node] ?? 0) + listeners * listenerUs;
        if (node === holder) continue;
        heard[node] = (heard[node] ?? 0) + bursts;
        away += 1;
      }
      used[holder] = (used[holder] ?? 0) + partyUs;
      if (away > 0) sent[holder] = (sent[holder] ?? 0) + bursts;
      if (away > 0) remoteParties += 1 / MOMENTS;
      remoteDeliveries += away / MOMENTS;
    }
    const shares = Array.from(
      used,
      (us, node) => (us + hearingUs(heard[node] ?? 0) + sendingUs(sent[node] ?? 0)) / 1e6,
    );
    busy.push(...shares);
    const busiest = Math.max(...shares);
    const more = busiest / (nodes - 1);
    const left = [...shares];
    left.splice(left.indexOf(busiest), 1);
    busyAfterLoss.push(...left.map((own) => own + more));
  }
  return { busy, busyAfterLoss, remoteParties, remoteDeliveries };
}

/** At the holder, and what is too many for it at the nodes after it. */
function together(size: number, share: number, holder: number, nodes: number): Map<number, number> {
  const seats = new Map<number, number>();
  for (let left = size, step = 0; left > 0; step++) {
    const here = Math.min(left, step === nodes - 1 ? left : share);
    seats.set((holder + step) % nodes, here);
    left -= here;
  }
  return seats;
}

function scattered(size: number, nodes: number, random: Random): Map<number, number> {
  const seats = new Map<number, number>();
  for (let listener = 0; listener < size; listener++) {
    const node = Math.floor(random() * nodes);
    seats.set(node, (seats.get(node) ?? 0) + 1);
  }
  return seats;
}

/** Seconds of the evening that sentences are followed, the first of which fill the workers. */
const FOLLOWED_S = 20;
const FILLING_S = 2;

/** Sentences that come by chance wait for one of many workers; each takes about as long. @returns ms of waiting */
export function simulateWorkers(options: {
  workers: number;
  sentencesASecond: number;
  secondsEach: number;
  random: Random;
}): { p50: number; p99: number } {
  const { workers, sentencesASecond, secondsEach, random } = options;
  const free = new Heap(workers);
  const waits: number[] = [];
  for (let now = 0; now < FOLLOWED_S; ) {
    now += -Math.log(1 - random()) / sentencesASecond;
    const begins = Math.max(now, free.least);
    // Sentences are short and long: half as long to half as long again.
    free.replace(begins + secondsEach * (0.5 + random()));
    if (now > FILLING_S) waits.push((begins - now) * 1_000);
  }
  return { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) };
}

/** When each worker is free, the first at the head. */
class Heap {
  readonly #times: Float64Array;

  constructor(size: number) {
    this.#times = new Float64Array(size);
  }

  get least(): number {
    return this.#times[0] ?? 0;
  }

  /** The first is busy until then. */
  replace(time: number): void {
    const times = this.#times;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < times.length && (times[child + 1] ?? 0) < (times[child] ?? 0)) child += 1;
      if (child >= times.length || (times[child] ?? 0) >= time) break;
      times[at] = times[child] ?? 0;
      at = child;
    }
    times[at] = time;
  }
}

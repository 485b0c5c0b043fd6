/**
 * Plans nodes for very many listeners from measured costs (`bench/nats-costs.json`), and tries the plan: parties whose sizes
 * follow Zipf's law sit down at nodes, speak by chance, a node dies, sentences wait for workers.
 * `bun bench/scale-plan.ts [listeners] [parties]`.
 * @module
 */
import { seeded } from "../test/support/random.ts";
import { quantile } from "./row.ts";
import type { BurstCosts, NatsCosts } from "./support/nats-costs.ts";
import { simulateSeats, simulateWorkers, zipfSizes } from "./support/scale-simulation.ts";

const LISTENERS = Number(process.argv[2] ?? 1_000_000);
const PARTIES = Number(process.argv[3] ?? 100_000);

/** What is assumed of people; not measured. */
const EVENING = {
  /** Share of the time in which a party is spoken to. */
  spokenTo: 0.25,
  /** Seconds of speech in one sentence. */
  sentenceSeconds: 3.5,
  /** Bursts of sound and stored messages, for each second of speech: made while it is heard, in steps of 100 ms. */
  burstsASecond: 10,
  messagesASecond: 1,
};
/** Bytes on the wire for a listener-second of speech: Opus at 24 kbit/s (`wire-bytes`), and headers of ten packets. */
const LISTENER_BYTES = 3_520 + 10 * 60;
/** CPU µs of a listener-second of speech that is made while it is heard: a core serves 7,000 (`capacity`). */
const LIVE_LISTENER_US = 1e6 / 7_000;
/** Memory of a connection, KB (`idle-memory`). */
const CONNECTION_KB = 12;
/** A process serves on one thread; so much of it may be used on average, and at the worst moment. */
const BUSY = 0.5;
const WORST = 0.9;
/** Workers may be busy for so much of their time. */
const WORKERS_BUSY = 0.85;
/** Nodes more than are needed, for those that are gone or restart. */
const SPARE = 1.1;
/** Beats of a node in a second, and messages of looking after its neighbour. */
const BEATS = 2;
const LOOKS = 20;
/** CPU µs of the server for a stored message, and for delivering a small one to one more node. */
const STORED_US = 20;
const SMALL_DELIVERY_US = 3;
/** Prices; put your own. */
const PRICE = { vcpuHour: 0.04, gigabyte: 0.01 };

const costs: NatsCosts = await Bun.file(new URL("./nats-costs.json", import.meta.url)).json();

const sizes = zipfSizes(LISTENERS, PARTIES);
const speaking = PARTIES * EVENING.spokenTo;
const hearing = LISTENERS * EVENING.spokenTo;
const serving =
  (hearing * LIVE_LISTENER_US + speaking * costs.holderPartyUs + speaking * costs.askSecondUs) / 1e6;
const nodes = Math.ceil((serving / BUSY) * SPARE);
const synthCores = (speaking * costs.synthSecondUs) / 1e6;
const workers = Math.ceil((synthCores / WORKERS_BUSY) * SPARE);

print("The evening", [
  ["listeners, parties", `${count(LISTENERS)}, ${count(PARTIES)}`],
  [
    "largest, median, smallest party",
    `${count(sizes[0])}, ${count(sizes[PARTIES >> 1])}, ${count(sizes.at(-1))}`,
  ],
  ["parties that are spoken to at once", count(speaking)],
  ["listeners who hear speech at once", count(hearing)],
]);

/** A server or a node wakes once for many messages where many come: between few and many, by how many each wake-up has. */
function byRate(rate: number, of: (costs: BurstCosts) => number): number {
  const { sparse, dense } = costs;
  return of(dense) + (of(sparse) - of(dense)) * Math.min(1, sparse.rate / Math.max(1, rate));
}

let busCores = 0;
const rows: [string, string, string][] = [];
for (const routing of ["party", "chance"] as const) {
  const seats = simulateSeats({
    sizes,
    nodes,
    routing,
    spokenTo: EVENING.spokenTo,
    listenerUs: LIVE_LISTENER_US,
    partyUs: costs.holderPartyUs + costs.askSecondUs,
    bursts: EVENING.burstsASecond,
    hearingUs: (bursts) => bursts * byRate(bursts, ({ subscriberUs }) => subscriberUs),
    sendingUs: (bursts) => bursts * byRate(bursts, ({ publisherUs }) => publisherUs),
    random: seeded(1),
  });
  const bursts = seats.remoteParties * EVENING.burstsASecond;
  const deliveries = seats.remoteDeliveries * EVENING.burstsASecond;
  const { serverUs, deliveryUs, serverOneNodeUs } = costs.dense;
  const bus =
    bursts * serverUs +
    deliveries * deliveryUs +
    speaking * (EVENING.messagesASecond * STORED_US + costs.synthMessages * serverOneNodeUs) +
    nodes * nodes * BEATS * SMALL_DELIVERY_US +
    nodes * LOOKS * SMALL_DELIVERY_US;
  if (routing === "party") busCores = bus / 1e6;
  rows.push([
    routing === "party" ? "by party" : "by chance",
    `${percent(quantile(seats.busy, 0.5))}, ${percent(Math.max(...seats.busy))}, ${percent(Math.max(...seats.busyAfterLoss))}`,
    `${count(bursts)} bursts/s to ${count(deliveries)}; ${(bus / 1e6).toFixed(1)} cores`,
  ]);
  if (routing === "party" && Math.max(...seats.busyAfterLoss) > WORST)
    console.log(`ATTENTION: a node is busier than ${percent(WORST)}`);
}
console.log(
  "\n| listeners go to a node | nodes busy: median, worst, worst after one died | over the bus |\n|---|---|---|",
);
for (const row of rows) console.log(`| ${row.join(" | ")} |`);

const waits = simulateWorkers({
  workers,
  sentencesASecond: speaking / EVENING.sentenceSeconds,
  secondsEach: (EVENING.sentenceSeconds * costs.synthSecondUs) / 1e6,
  random: seeded(2),
});
const traffic = hearing * LISTENER_BYTES;
const natsCores = 8;
const natsServers = Math.max(3, Math.ceil(busCores / (natsCores * BUSY)));
const cores = nodes * 2 + workers + natsServers * natsCores;
print("The plan", [
  [
    "nodes with sockets (`--role edge`), 2 cores each",
    `${count(nodes)}, ${count(LISTENERS / nodes)} listeners each, ${(((LISTENERS / nodes) * CONNECTION_KB) / 1e6).toFixed(1)} GB of connections`,
  ],
  [
    "synthesis workers (`--role synth`), a core each",
    `${count(workers)}; wait for one: median ${waits.p50.toFixed(0)} ms, p99 ${waits.p99.toFixed(0)} ms`,
  ],
  ["NATS servers", `${natsServers} of ${natsCores} cores`],
  ["cores", count(cores)],
  [
    "to listeners",
    `${((traffic * 8) / 1e9).toFixed(1)} Gbit/s, ${((traffic * 3_600) / 1e12).toFixed(1)} TB an hour`,
  ],
  [
    `an hour, at $ ${PRICE.vcpuHour} a core and $ ${PRICE.gigabyte} a GB`,
    `$ ${(cores * PRICE.vcpuHour).toFixed(0)} + $ ${((traffic * 3_600 * PRICE.gigabyte) / 1e9).toFixed(0)}`,
  ],
  ["records of parties in NATS", `${((PARTIES * costs.idlePartyKiB) / 1_024).toFixed(0)} MiB`],
  ["beats that are delivered", `${count(nodes * nodes * BEATS)} a second; at 1,000 nodes ${count(2e6)}`],
]);

function print(title: string, lines: readonly (readonly [string, string])[]): void {
  console.log(`\n| ${title} | |\n|---|---|`);
  for (const [name, value] of lines) console.log(`| ${name} | ${value} |`);
}

function count(value = 0): string {
  return Math.round(value).toLocaleString("en-US");
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

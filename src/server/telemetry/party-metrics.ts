import { Registry } from "prom-client";
import { type Observation, Observers } from "../../core/observation.ts";
import type { ClusterNode } from "../../party/cluster/cluster.ts";
import type { Parties } from "../../party/parties/parties.ts";
import type { Party } from "../../party/party.ts";
import type { EventLoopWatch } from "./event-loop-watch.ts";
import { Measures } from "./measures.ts";
import { observedMetrics } from "./observed-metrics.ts";

/** A listener's quality, by the rung of its ladder. */
const QUALITIES = ["full", "reduced", "text"];

/** Observations that are counted together: one by one, each would find the code that counts it out of the caches. */
const TOGETHER = 256;

/** One party in numbers, as Prometheus reads them; nobody is named in it. Each has a registry of its own. */
export class PartyMetrics {
  readonly #registry = new Registry();
  readonly #counted = new Observers();
  #waiting: Observation[] = [];

  /**
   * @param loop how late the thread is
   * @param parties those beside it
   */
  constructor(party: Party, loop: EventLoopWatch, parties?: Parties) {
    const measures = new Measures(this.#registry);
    partyMetrics(measures, party);
    storageMetrics(measures, party);
    if (parties) partiesMetrics(measures, parties);
    if (party.cluster) clusterMetrics(measures, party.cluster);
    measures.gauge(
      "event_loop_lag_seconds",
      "How late the serving thread's last timer was.",
      () => loop.lagMs / 1000,
    );
    this.#counted.add(observedMetrics(measures));
    party.observers.add((seen) => {
      if (this.#waiting.push(seen) >= TOGETHER) this.#count();
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics in the text exposition format 0.0.4. */
  text(): Promise<string> {
    this.#count();
    return this.#registry.metrics();
  }

  #count(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const seen of waiting) this.#counted.observe(seen);
  }
}

function partyMetrics(measures: Measures, party: Party): void {
  const { connections, lobby, budget } = party;
  measures.gauge("connections", "Open sockets that listen.", () => connections.connectionCount());
  measures.gauge("sockets_waiting", "Open sockets that have not said hello yet.", () => lobby.count());
  measures.gauge(
    "players_connected",
    "Players with a socket.",
    () => connections.getConnectedPlayers().length,
  );
  measures.gauges("connections_by_quality", "Listeners on v2, by what they are sent.", "quality", () =>
    qualities(party),
  );
  measures.sum(
    "player_budget_refusals_total",
    "Messages and new sockets beyond what a player may send.",
    () => budget.refused.player,
  );
  measures.sum(
    "address_budget_refusals_total",
    "The same beyond what an IP address may send.",
    () => budget.refused.address,
  );
  measures.gauge("lines_open", "Lines speaking or waiting.", () => party.open);
  measures.sum("lines_total", "Lines that are over.", () => party.totals.utterances);
  measures.sum("lines_delivered_total", "Lines somebody was handed whole.", () => party.totals.delivered);
  measures.sum("lines_cancelled_total", "Lines that were cancelled.", () => party.totals.cancelled);
  measures.sum("sentences_total", "Sentences in lines that are over.", () => party.totals.sentences);
  measures.sum("audio_seconds_total", "Speech that was made.", () => party.totals.audioMs / 1000);
  measures.sum("sentence_problems_total", "Sentences that stayed text.", () => party.totals.problems);
  measures.gauge("workers", "Speech workers alive.", () => party.speech.workers);
  measures.gauge("workers_busy", "Sentences being synthesised.", () => party.speech.busy);
  measures.gauge("sentences_queued", "Sentences waiting for a worker.", () => party.speech.queued);
  measures.sum("worker_restarts_total", "Workers that were replaced.", () => party.speech.restarts);
}

function partiesMetrics(measures: Measures, parties: Parties): void {
  measures.gauge("parties", "Parties beside this one, awake or not.", () => parties.size);
  measures.gauge("parties_awake", "Those that are awake.", () => parties.awake.length);
  measures.sum("parties_woken_total", "Times that one was woken.", () => parties.woken);
  measures.gauge("parties_connections", "Open sockets that listen to one of them.", () =>
    parties.awake.reduce((sum, { connections }) => sum + connections.connectionCount(), 0),
  );
}

function clusterMetrics(measures: Measures, cluster: ClusterNode): void {
  measures.gauge("cluster_connected", "Whether this node is connected to NATS: 1 or 0.", () =>
    Number(cluster.status.connected),
  );
  measures.gauge("cluster_holds", "Whether this node makes the party's lines: 1 or 0.", () =>
    Number(cluster.status.holds),
  );
  measures.gauge(
    "cluster_nodes",
    "Nodes with listeners that this one knows of, itself among them.",
    () => cluster.status.nodes.length,
  );
  measures.gauge(
    "cluster_messages_waiting",
    "Messages that NATS has not stored yet.",
    () => cluster.status.waiting,
  );
  measures.sum("cluster_taken_total", "Times that this node took the party.", () => cluster.status.taken);
}

function storageMetrics(measures: Measures, party: Party): void {
  measures.gauge("store_writable", "Whether the campaign's folder takes what is to be kept: 1 or 0.", () =>
    Number(party.store.status?.writable ?? true),
  );
  const { cache, streams, connections, store } = party;
  const sums = [
    ["writes", "writes_total", "Times records of what was said were written and flushed, in one go each."],
    ["failures", "write_failures_total", "Times they could not be."],
    ["bytes", "written_bytes_total", "Bytes of records that were written."],
    ["compactions", "compactions_total", "Times the journal was written anew: it was large, or not whole."],
  ] as const;
  for (const [key, name, help] of sums)
    measures.sum(`journal_${name}`, help, () => store.journal?.totals[key] ?? 0);
  measures.gauge(
    "journal_records_waiting",
    "Records of what was said that wait for the disk.",
    () => store.journal?.totals.waiting ?? 0,
  );
  measures.sum("cache_hits_total", "Sentences that were there already.", () => cache?.status().hits ?? 0);
  measures.sum(
    "cache_misses_total",
    "Sentences that had to be synthesised.",
    () => cache?.status().misses ?? 0,
  );
  measures.gauge("cache_bytes", "Speech kept in memory.", () => cache?.status().memoryBytes ?? 0);
  measures.gauge("cache_disk_bytes", "Speech kept on disk.", () => cache?.status().diskBytes ?? 0);
  measures.gauges("buffered_bytes", "Bytes of audio and messages that wait for listeners.", "in", () => {
    const sockets = connections.all().reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0);
    const lines = streams.utterances.reduce(
      (sum, { keptBytes, clipBytes }) => sum + keptBytes + clipBytes,
      0,
    );
    return new Map([
      ["connections", sockets],
      ["utterances", lines],
    ]);
  });
}

function qualities({ connections }: Party): Map<string, number> {
  const counts = new Map(QUALITIES.map((quality) => [quality, 0]));
  for (const { v2, role } of connections.all()) {
    const quality = v2 && role === "player" ? QUALITIES[v2.ladder.rung] : undefined;
    if (quality !== undefined) counts.set(quality, (counts.get(quality) ?? 0) + 1);
  }
  return counts;
}

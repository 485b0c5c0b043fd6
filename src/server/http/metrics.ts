import type { Party } from "../../party/party.ts";

/** The party in numbers, as Prometheus reads them (text exposition format 0.0.4); no names in it. */
export function metricsOf(party: Party): string {
  const { totals } = party;
  const speech = party.speech;
  const { refused } = party.budget;
  const cache = party.cache?.status();
  const rows: [name: string, type: "gauge" | "counter", value: number, help: string][] = [
    ["connections", "gauge", party.connections.connectionCount(), "Open sockets that listen."],
    ["sockets_waiting", "gauge", party.lobby.count(), "Open sockets that have not said hello yet."],
    [
      "player_budget_refusals_total",
      "counter",
      refused.player,
      "Messages and new sockets beyond what a player may send.",
    ],
    [
      "address_budget_refusals_total",
      "counter",
      refused.address,
      "The same beyond what an IP address may send.",
    ],
    ["players_connected", "gauge", party.connections.getConnectedPlayers().length, "Players with a socket."],
    ["lines_open", "gauge", party.open, "Lines speaking or waiting."],
    ["lines_total", "counter", totals.utterances, "Lines that are over."],
    ["lines_delivered_total", "counter", totals.delivered, "Lines somebody was handed whole."],
    ["lines_cancelled_total", "counter", totals.cancelled, "Lines that were cancelled."],
    ["sentences_total", "counter", totals.sentences, "Sentences in lines that are over."],
    ["audio_seconds_total", "counter", totals.audioMs / 1000, "Speech that was made."],
    ["sentence_problems_total", "counter", totals.problems, "Sentences that stayed text."],
    ["workers", "gauge", speech.workers, "Speech workers alive."],
    ["workers_busy", "gauge", speech.busy, "Sentences being synthesised."],
    ["sentences_queued", "gauge", speech.queued, "Sentences waiting for a worker."],
    ["worker_restarts_total", "counter", speech.restarts, "Workers that were replaced."],
    ["cache_hits_total", "counter", cache?.hits ?? 0, "Sentences that were there already."],
    ["cache_misses_total", "counter", cache?.misses ?? 0, "Sentences that had to be synthesised."],
    ["cache_bytes", "gauge", cache?.memoryBytes ?? 0, "Speech kept in memory."],
    ["cache_disk_bytes", "gauge", cache?.diskBytes ?? 0, "Speech kept on disk."],
  ];
  return rows
    .map(([name, type, value, help]) => {
      const full = `bardcast_${name}`;
      return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${full} ${value}\n`;
    })
    .join("");
}

/** Bardcast as it is served, with sound that was made ahead of time: what is measured is handing it over. */

import type { EngineName } from "../../src/engines/catalogue.ts";
import type { Encoding } from "../../src/engines/contract/sentence-job.ts";
import type { Party } from "../../src/party/party.ts";
import type { Utterance } from "../../src/party/request/utterance.ts";
import type { BardcastServer } from "../../src/server/serve-options.ts";
import { answer, argument } from "../support/answer.ts";
import { rssAfterGc } from "../support/memory.ts";
import { prepare, preparedEngine } from "../support/prepared.ts";
import { serveHere } from "../support/serve-here.ts";
import { spent } from "../support/spent.ts";

interface Argument {
  encoding?: Encoding;
  live?: boolean;
  /** Has the sound come from a worker. */
  pool?: boolean;
  /** Tables in this process. */
  parties?: number;
  /** What each sentence says. */
  sentence?: string;
}

const {
  encoding = "dm20",
  live = false,
  pool = false,
  parties = 1,
  sentence = "One.",
} = argument<Argument>();
/** Node has no global one. */
const PreparedWorker: new (url: URL, options: { type: "module" }) => Worker =
  globalThis.Worker ?? (await import("node:worker_threads")).Worker;
const engine = preparedEngine(await prepare(encoding, { live }));
const servers = await Promise.all(Array.from({ length: parties }, () => open()));

function open(): Promise<BardcastServer> {
  return serveHere({
    engines: [pool ? ("tone" as EngineName) : engine],
    pool: {
      size: 1,
      createWorker: () =>
        new PreparedWorker(new URL("./prepared-worker.ts", import.meta.url), { type: "module" }),
    },
    players: ["crowd"],
    cache: false,
    // Listeners here say nothing of their own, not even that they are alive.
    connections: { connectionsPerPlayer: 100_000, heartbeatMs: 3_600_000 },
  });
}

/** Says a line at one table, as to listeners who have heard the ones before. */
async function sayAt(party: Party, sentenceCount: number): Promise<void> {
  for (const { playout } of party.connections.connectionsOf("all")) playout.clear();
  const line = party.speak({ text: `${sentence} `.repeat(sentenceCount) });
  await line.handedOver;
  saidLines.push(line);
}

let saidLines: Utterance[] = [];

async function say(sentenceCount: number): Promise<void> {
  await Promise.all(servers.map(({ party }) => sayAt(party, sentenceCount)));
}

answer({
  address: async (table = 0) => {
    const { url, party } = servers[table] as BardcastServer;
    return `${url.replace("http", "ws")}/ws?token=${await party.tokens.issue("crowd")}`;
  },
  count: () => servers.reduce((sum, { party }) => sum + party.connections.connectionCount(), 0),
  rss: rssAfterGc,
  cost(lines: number, sentenceCount: number) {
    if (!pool) engine.stock(lines * sentenceCount * parties);
    return spent(async () => {
      for (let line = 0; line < lines; line++) await say(sentenceCount);
    });
  },
  say,
  /** Lines of which the listeners have not said yet how much they heard. */
  said: () => saidLines.map(({ id }) => id),
  async over() {
    // A dm20 listener cannot say that it has heard a line, which is then being heard for as long as it is.
    if (encoding === "dm20") for (const line of saidLines) line.cancel();
    await Promise.all(saidLines.map(({ done }) => done));
    saidLines = [];
  },
});

/** Bardcast as it is served, with sound that was made ahead of time: what is measured is handing it over. */
import type { Encoding } from "../../src/engines/sentence-job.ts";
import type { Party } from "../../src/party/party.ts";
import type { BardcastServer, ServeOptions } from "../../src/server/serve-options.ts";
import { answer, argument } from "../support/answer.ts";
import { rssAfterGc } from "../support/memory.ts";
import { prepare, preparedEngine } from "../support/prepared.ts";
import { ownRuntime, type RuntimeName } from "../support/runtimes.ts";
import { spent } from "../support/spent.ts";

interface Argument {
  encoding?: Encoding;
  live?: boolean;
  /** Tables in this process. */
  parties?: number;
}

const SERVE: Readonly<Record<RuntimeName, () => Promise<{ serve(options: ServeOptions): Promise<BardcastServer> }>>> = {
  bun: () => import("../../src/server/bun.ts"),
  deno: () => import("../../src/server/deno.ts"),
  node: () => import("../../src/server/node.ts"),
};

const { encoding = "dm20", live = false, parties = 1 } = argument<Argument>();
const sentences = await prepare(encoding, live);
const { serve } = await SERVE[ownRuntime()]();
const servers = await Promise.all(Array.from({ length: parties }, () => open()));

function open(): Promise<BardcastServer> {
  return serve({
    port: 0,
    host: "127.0.0.1",
    engines: [preparedEngine(sentences)],
    players: ["crowd"],
    cache: false,
    connections: { connectionsPerPlayer: 100_000 },
  });
}

/** Says a line at one table, as to listeners who have heard the ones before. */
async function sayAt(party: Party, sentenceCount: number): Promise<void> {
  for (const { v2 } of party.connections.connectionsOf("all")) v2?.playout.clear();
  const line = party.speak({ text: "One. ".repeat(sentenceCount) });
  await line.handedOver;
  saidLines.push(line);
}

const saidLines: { cancel(): void; done: Promise<unknown> }[] = [];

/** Nobody reports how much they have heard: without this every line would wait for it. */
async function forget(): Promise<void> {
  const lines = saidLines.splice(0);
  for (const line of lines) line.cancel();
  await Promise.all(lines.map(({ done }) => done));
}

const say = (sentenceCount: number): Promise<unknown> =>
  Promise.all(servers.map(({ party }) => sayAt(party, sentenceCount)));

answer({
  address: async (table = 0) => {
    const { url, party } = servers[table] as BardcastServer;
    return `${url.replace("http", "ws")}/ws?token=${await party.tokens.issue("crowd")}`;
  },
  count: () => servers.reduce((sum, { party }) => sum + party.connections.connectionCount(), 0),
  rss: rssAfterGc,
  async cost(lines: number, sentenceCount: number) {
    const ms = await spent(async () => {
      for (let line = 0; line < lines; line++) await say(sentenceCount);
    });
    await forget();
    return ms;
  },
  async say(sentenceCount: number) {
    await say(sentenceCount);
    await forget();
  },
});

/**
 * One node of a house as a process: serves tables with the tone engine, and prints where. `argv`: the NATS servers, the
 * node's name, samples of a character, how many tables, and how many players beside the three.
 */
import { nats } from "../../../src/nats/nats.ts";
import { serve } from "../../../src/server/bun.ts";
import { ToneEngine } from "../../support/tone-engine.ts";
import { endWithParent } from "../end-with-parent.ts";

endWithParent();

const [servers = "", node = "", samples = "80", count = "1", more = "0"] = process.argv.slice(2);
const PLAYERS = ["thorin", "elara", "pip", ...Array.from({ length: Number(more) }, (_, at) => `p${at}`)];
const cluster = nats({ servers: servers.split(","), node });
// The tables of one node share its connections, and the last of them ends those.
const shared = { ...cluster, close: () => Promise.resolve() };
const tables = await Promise.all(
  Array.from({ length: Number(count) }, (_, at) =>
    serve({
      id: at === 0 ? "table" : `table-${at}`,
      port: 0,
      host: "127.0.0.1",
      players: PLAYERS,
      secret: "a secret that all nodes of this house share",
      dmToken: "the game master's own word",
      apiKey: "the word of this house's programs",
      engines: [new ToneEngine({ samplesPerChar: Number(samples) })],
      cache: false,
      connectionsPerAddress: 10_000,
      cluster: shared,
      log: (message) => console.error(`${node}: ${message}`),
    }),
  ),
);
const doors = tables.map(async ({ url, party }) => {
  const players = PLAYERS.map(async (player) => [player, await party.tokens.issue(player)]);
  return { url, players: Object.fromEntries(await Promise.all(players)) };
});
console.log(JSON.stringify(await Promise.all(doors)));

async function end(): Promise<void> {
  await Promise.all(tables.map((table) => table.close({ graceMs: 500 })));
  await cluster.close();
  process.exit(0);
}
process.on("SIGTERM", () => void end());

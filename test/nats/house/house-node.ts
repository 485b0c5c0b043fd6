/**
 * One node of a house as a process: serves the table with the tone engine, and prints where. `argv`: the NATS servers, the
 * node's name, samples of a character.
 */
import { nats } from "../../../src/nats/nats.ts";
import { serve } from "../../../src/server/bun.ts";
import { ToneEngine } from "../../support/tone-engine.ts";
import { endWithParent } from "../end-with-parent.ts";

endWithParent();

const [servers = "", node = "", samples = "80"] = process.argv.slice(2);
const server = await serve({
  port: 0,
  host: "127.0.0.1",
  players: ["thorin", "elara", "pip"],
  secret: "a secret that all nodes of this house share",
  dmToken: "the game master's own word",
  apiKey: "the word of this house's programs",
  engines: [new ToneEngine({ samplesPerChar: Number(samples) })],
  cache: false,
  cluster: nats({ servers: servers.split(","), node }),
  log: (message) => console.error(`${node}: ${message}`),
});
const players = await Promise.all(
  ["thorin", "elara", "pip"].map(async (player) => [player, await server.party.tokens.issue(player)]),
);
console.log(JSON.stringify({ url: server.url, players: Object.fromEntries(players) }));
process.on("SIGTERM", () => void server.close({ graceMs: 500 }).then(() => process.exit(0)));

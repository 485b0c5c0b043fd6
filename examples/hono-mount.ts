// A table as a part of your own site, on Bun: bun add bardcast hono, then bun hono-mount.ts
import { createParty } from "bardcast";
import { bunSockets } from "bardcast/bun";
import { createApp } from "bardcast/hono";
import { Hono } from "hono";

const party = await createParty({ players: ["thorin", "elara"] });
const { websocket, ...sockets } = bunSockets();

const site = new Hono();
site.get("/", (c) => c.text("The Prancing Pony: rooms, stew, and a table at /table"));
site.route("/table", createApp(party, sockets));

const server = Bun.serve({
  port: process.env.PORT ?? 8080,
  // A line is spoken for longer than the ten seconds that Bun gives a request.
  idleTimeout: 0,
  fetch: (request, bun) => site.fetch(request, { server: bun }),
  websocket,
});

console.log(`DM console: ${server.url}table/dm?token=${await party.tokens.issueDm()}`);
for (const player of party.players) {
  console.log(`${player} joins with ${server.url}table/play?token=${await party.tokens.issue(player)}`);
}

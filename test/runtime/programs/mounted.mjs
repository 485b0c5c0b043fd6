/**
 * Somebody's own server with Bardcast under `/voice`; it prints the line that `--json` prints. Its argument
 * is JSON: `runtime`, and the modules `index`, `app` and `adapter` to import.
 */
import { Hono } from "hono";

const modules = JSON.parse(process.argv[2]);
const { createParty } = await import(modules.index);
const { createApp } = await import(modules.app);
const adapter = await import(modules.adapter);

const listen = {
  async bun(sockets) {
    const fetch = (request, server) => own.fetch(request, { server });
    return Bun.serve({ port: 0, hostname: "127.0.0.1", fetch, websocket: sockets.websocket }).port;
  },
  async deno() {
    return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => own.fetch(request)).addr
      .port;
  },
  async node(sockets) {
    const { serve } = await import("@hono/node-server");
    const websocket = { server: sockets.webSockets };
    return new Promise((resolve) => {
      serve({ fetch: own.fetch, port: 0, hostname: "127.0.0.1", websocket }, ({ port }) => resolve(port));
    });
  },
};

const party = await createParty({ players: ["thorin", "elara", "pip"] });
const sockets = adapter[`${modules.runtime}Sockets`]();
const own = new Hono();
own.get("/", (c) => c.text("my own site"));
own.route("/voice", createApp(party, sockets));
const port = await listen[modules.runtime](sockets);

const players = party.players.map(async (id) => ({ id, token: await party.tokens.issue(id) }));
const url = `http://127.0.0.1:${port}/voice`;
console.log(
  JSON.stringify({ url, dm: { token: await party.tokens.issueDm() }, players: await Promise.all(players) }),
);
process.once("SIGTERM", () => process.exit(0));

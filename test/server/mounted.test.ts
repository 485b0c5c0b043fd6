import { expect, test } from "bun:test";
import { Hono } from "hono";
import { upgradeWebSocket } from "hono/bun";
import { createParty } from "../../src/party/create-party.ts";
import { createApp } from "../../src/server/app.ts";
import { bunSockets } from "../../src/server/bun.ts";
import { ToneEngine } from "../support/tone-engine.ts";

test("a site's own sockets work beside the table's, on the same handler", async () => {
  const party = await createParty({ engines: [new ToneEngine()], players: ["thorin"], cache: false });
  const { websocket, ...sockets } = bunSockets();
  const site = new Hono();
  site.route("/table", createApp(party, sockets));
  site.get(
    "/echo",
    upgradeWebSocket(() => ({ onMessage: ({ data }, ws) => ws.send(`${data}!`) })),
  );
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, own) => site.fetch(request, { server: own }),
    websocket,
  });
  const first = async (path: string, hello?: string): Promise<unknown> => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`);
    const heard = new Promise((resolve) =>
      socket.addEventListener("message", ({ data }) => resolve(data), { once: true }),
    );
    socket.addEventListener("open", () => hello && socket.send(hello));
    const data = await heard;
    socket.close();
    return data;
  };
  expect(await first("/echo", "halloo")).toBe("halloo!");
  const token = await party.tokens.issue("thorin");
  expect(JSON.parse(String(await first(`/table/ws?token=${token}`)))).toMatchObject({
    type: "connected",
    player_id: "thorin",
  });
  await party.close();
  await server.stop(true);
}, 10_000);

import { afterEach, expect, test } from "bun:test";
import { type ConnectionState, PartyClient, type PartyClientOptions } from "../../src/client/index.ts";
import { clipMessages } from "../../src/core/protocol/dm20.ts";

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

interface TestTable {
  url: URL;
  sockets: Bun.ServerWebSocket<undefined>[];
  heard: string[];
  /** What a request for a socket is answered with instead, while set. */
  refusal: number | undefined;
  onOpen: (socket: Bun.ServerWebSocket<undefined>) => void;
}

/** A real dm20 server with one socket route; refusals are plain HTTP answers, as a real server's are. */
function serveTable(): TestTable {
  const sockets: TestTable["sockets"] = [];
  const heard: string[] = [];
  const server = Bun.serve({
    port: 0,
    fetch(request, server) {
      if (table.refusal) return new Response("no", { status: table.refusal });
      return server.upgrade(request) ? undefined : new Response("not a socket", { status: 426 });
    },
    websocket: {
      open: (socket) => {
        sockets.push(socket);
        table.onOpen(socket);
      },
      message: (_, text) => void heard.push(String(text)),
    },
  });
  cleanups.push(() => server.stop(true));
  const url = new URL("ws?token=t", server.url);
  const table: TestTable = { url, sockets, heard, refusal: undefined, onOpen: () => undefined };
  return table;
}

function join(table: TestTable, options: Partial<PartyClientOptions> = {}): PartyClient {
  const client = new PartyClient({ url: table.url, wire: "dm20", ...options });
  cleanups.push(() => client.close());
  client.connect();
  return client;
}

/** Resolves with the state of that name, now or later. */
function reached(client: PartyClient, name: ConnectionState["name"]): Promise<ConnectionState> {
  return new Promise((resolve) => {
    const look = (state: ConnectionState): unknown => state.name === name && resolve(state);
    client.on("state", look);
    look(client.state);
  });
}

function next<T>(on: (listener: (event: T) => void) => unknown): Promise<T> {
  return new Promise((resolve) => on(resolve));
}

test("text and clips reach the listener, each clip with the id of its line", async () => {
  const table = serveTable();
  const bytes = Uint8Array.from({ length: 9000 }, (_, i) => i & 255);
  table.onOpen = (socket) => {
    socket.send('{"type":"connected","player_id":"thorin","timestamp":"t"}');
    socket.send("not json");
    socket.send('{"type":"from-the-future"}');
    socket.send('{"type":"private","id":"u1","timestamp":"t","content":"Psst.","from":"old_mara"}');
    const clip = { format: "opus", bytes, sampleRate: 24_000, durationMs: 700 } as const;
    for (const text of clipMessages(clip)) socket.send(text);
  };
  const client = join(table);
  const told: unknown[] = [];
  client.on("connected", (event) => told.push(event));
  client.on("text", (event) => told.push(event));
  const clip = await next<unknown>((listener) => client.on("clip", listener));
  expect(told).toEqual([
    { player: "thorin" },
    { id: "u1", content: "Psst.", private: true, from: "old_mara", timestamp: "t" },
  ]);
  expect(clip).toEqual({ format: "opus", bytes, sampleRate: 24_000, durationMs: 700, line: "u1" });
});

test("a ping is answered with a pong", async () => {
  const table = serveTable();
  table.onOpen = (socket) => {
    socket.send('{"type":"ping"}');
    socket.send('{"type":"system","content":"Elara joined","timestamp":"t"}');
  };
  const client = join(table);
  await next((listener) => client.on("system", listener));
  while (table.heard.length === 0) await Bun.sleep(1);
  expect(table.heard).toEqual(['{"type":"pong"}']);
});

test("a lost connection comes back by itself", async () => {
  const table = serveTable();
  const client = join(table);
  await reached(client, "open");
  const waiting = reached(client, "waiting");
  table.sockets[0]?.close(1012);
  expect(((await waiting) as { retryInMs: number }).retryInMs).toBeLessThanOrEqual(250);
  await reached(client, "open");
  expect(table.sockets.length).toBe(2);
});

test("a server that cannot be reached is tried again, and returning to the page cuts the wait short", async () => {
  const table = serveTable();
  table.refusal = 503;
  const client = join(table);
  await reached(client, "waiting");
  table.refusal = undefined;
  globalThis.dispatchEvent(new Event("online"));
  expect(client.state.name).toBe("connecting");
  await reached(client, "open");
});

test("a refused upgrade ends it: the link no longer works", async () => {
  const table = serveTable();
  table.refusal = 401;
  const client = join(table);
  await reached(client, "refused");
  table.refusal = undefined;
  client.connect();
  await reached(client, "open");
});

test("a close that says the token is no longer good ends it", async () => {
  for (const code of [1008, 4401]) {
    const table = serveTable();
    table.onOpen = (socket) => socket.close(code);
    await reached(join(table), "refused");
    expect(table.sockets.length).toBe(1);
  }
});

test("one device too many is told so, tries no more by itself, and may be asked to", async () => {
  const table = serveTable();
  table.onOpen = (socket) => socket.close(4409, "too many devices for one player");
  const client = join(table);
  expect(await reached(client, "refused")).toEqual({ name: "refused", why: "crowded" });
  expect(table.sockets.length).toBe(1);
  table.onOpen = () => undefined;
  client.connect();
  await reached(client, "open");
});

test("a server that pinged once and then falls silent is taken for dead", async () => {
  const table = serveTable();
  table.onOpen = (socket) => socket.send('{"type":"ping"}');
  join(table, { silenceMs: 20 });
  while (table.sockets.length < 2) await Bun.sleep(5);
});

test("a closed client stays closed, also when closed in the moment of connecting", async () => {
  const table = serveTable();
  const client = new PartyClient({ url: table.url });
  client.on("state", ({ name }) => name === "connecting" && client.close());
  client.connect();
  expect(client.state.name).toBe("closed");
  await Bun.sleep(20);
  expect(client.state.name).toBe("closed");
});

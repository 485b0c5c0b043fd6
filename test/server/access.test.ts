import { afterEach, expect, test } from "bun:test";
import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import { Dm20Client, startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const server = await startServer({ engines: [new ToneEngine()] });

afterEach(() => resetSync());

interface Guest {
  id: string;
  token: string;
  url?: string;
}

async function guest(role: string, name: string, more: object = {}): Promise<Guest> {
  const body = JSON.stringify({ role, name, ...more });
  const headers = { "Content-Type": "application/json" };
  const response = await server.call("/guests", { method: "POST", headers, body });
  expect(response.status).toBe(201);
  return response.json();
}

/** A call with somebody's own token. */
function as(token: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  return fetch(`${server.url}/api${path}`, { ...init, headers });
}

const speak = (token: string, line: object): Promise<Response> =>
  as(token, "/speak", { method: "POST", body: JSON.stringify(line) });

const socketUrl = (query: string): string => `${server.url}/ws?${query}`;

async function statusOf(
  query: string,
  headers: Record<string, string> = {},
  url: string = server.url,
): Promise<number> {
  const upgrade = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const { hostname, port } = new URL(url);
  const lines = [`GET /ws?${query} HTTP/1.1`, `Host: ${hostname}:${port}`];
  for (const [name, value] of Object.entries({ ...upgrade, ...headers })) lines.push(`${name}: ${value}`);
  const { promise, resolve } = Promise.withResolvers<number>();
  const tcp = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data: (socket, data) => {
        resolve(Number(data.toString().split(" ")[1]));
        socket.end();
      },
    },
  });
  tcp.write(`${lines.join("\r\n")}\r\n\r\n`);
  return promise;
}

test("an observer hears and reads what is for all on either wire, and nothing that is whispered, said to others or told of them", async () => {
  const { id, token, url } = await guest("observer", "thorin");
  expect(id).toBe("observer:thorin");
  expect((await fetch(url ?? "")).status).toBe(200);
  const onDm20 = new Dm20Client(socketUrl(`token=${token}`));
  const onV2 = new V2SocketClient(socketUrl(`token=${token}`));
  await until(() => onV2.socket.readyState === WebSocket.OPEN);
  await onV2.greet({ codecs: ["pcm16"] });
  await onDm20.until("connected", 1);
  const thorin = await server.join("thorin");
  const secret = await server.speak({ text: "The key is under the mat.", to: ["thorin"] });
  expect(await secret.json()).toMatchObject({ delivered: true, listeners: 1 });
  const { utterance } = await (await server.speak({ text: "Welcome, all." })).json();
  await onDm20.until("narrative", 1);
  await until(() => onV2.isOver(utterance));
  // Who comes to a line that is being said is told no other, either.
  const late = new Dm20Client(socketUrl(`token=${token}`));
  await late.until("connected", 1);
  const words = [onDm20, onV2, late].flatMap(({ messages }) => messages as { type: string }[]);
  expect(JSON.stringify(words.filter(({ type }) => type !== "audio"))).not.toMatch(
    /\bkey\b|\bmat\b|elara|"thorin"|joined/,
  );
  expect(onV2.of("speech.text").map(({ text }) => text)).toContain("Welcome, all.");
  expect(onV2.of("welcome")).toMatchObject([{ role: "player", player: "observer:thorin" }]);
  const { players } = await (await server.call("/status")).json();
  expect(players.map(({ id: player }: Guest) => player)).toEqual(["thorin", "elara"]);
  expect(server.party.connections.getConnectedPlayers()).toEqual(["thorin"]);
  for (const client of [onDm20, onV2, late, thorin]) client.socket.close();
  await server.silence();
});

test("an observer says nothing, and sees nothing of the DM's", async () => {
  const { token } = await guest("observer", "stream");
  expect((await speak(token, { text: "I was here." })).status).toBe(403);
  for (const path of ["/status", "/invites", "/voices"]) expect((await as(token, path)).status).toBe(403);
  expect((await fetch(`${server.url}/dm?token=${token}`)).status).toBe(403);
  const client = new V2SocketClient(socketUrl(`token=${token}`));
  await until(() => client.socket.readyState === WebSocket.OPEN);
  await client.greet({ codecs: ["pcm16"] });
  client.say({ type: "speak", text: "I was here." });
  await until(() => client.of("error").length === 1);
  expect(client.of("error")).toMatchObject([{ code: "forbidden" }]);
  client.socket.close();
});

test("a service speaks and cancels what it said, and neither listens, nor cancels others, nor sees what was said", async () => {
  const { token, url } = await guest("service", "door bot");
  expect(url).toBeUndefined();
  const thorin = await server.join("thorin");
  expect(await (await speak(token, { text: "Creak.", to: ["thorin"] })).json()).toMatchObject({
    delivered: true,
  });
  expect((await as(token, "/voices")).status).toBe(200);
  for (const path of ["/status", "/invites"]) expect((await as(token, path)).status).toBe(403);
  const guests = { method: "POST", body: JSON.stringify({ role: "service", name: "another" }) };
  expect((await as(token, "/guests", guests)).status).toBe(403);
  expect(await statusOf(`token=${token}`)).toBe(403);
  for (const page of ["dm", "play"])
    expect((await fetch(`${server.url}/${page}?token=${token}`)).status).toBe(403);
  const own = server.party.speak({ text: "Mine alone, and quite long." });
  expect((await as(token, `/speak/${own.id}`, { method: "DELETE" })).status).toBe(404);
  own.cancel();
  const async = {
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    Prefer: "respond-async",
  };
  const body = JSON.stringify({ text: "A door that creaks for a long, long time." });
  const said = await fetch(`${server.url}/api/speak`, { method: "POST", headers: async, body });
  const { utterance } = await said.json();
  expect((await as(token, `/speak/${utterance}`, { method: "DELETE" })).status).toBe(200);
  thorin.socket.close();
  await server.silence();
});

test("a service is told what became of its own line, while it is heard and after, and of no other; the DM of every line", async () => {
  const { token } = await guest("service", "crier");
  const other = await guest("service", "other");
  const thorin = await server.join("thorin");
  const line = { text: "Hear ye. Hear ye.", to: ["thorin", "elara"] };
  const headers = { Authorization: `Bearer ${token}`, Prefer: "respond-async" };
  const init = { method: "POST", headers, body: JSON.stringify(line) };
  const { utterance } = await (await fetch(`${server.url}/api/speak`, init)).json();
  const path = `/speak/${utterance}`;
  const ask = async (): Promise<Record<string, unknown>> => (await as(token, path)).json();
  expect(await ask()).toMatchObject({ utterance, state: expect.any(String), absent: ["elara"] });
  expect((await ask()).report).toBeUndefined();
  await server.silence();
  let over = await ask();
  while (over.report === undefined) over = await ask();
  expect(over).toMatchObject({ state: "cancelled", text: line.text, absent: ["elara"] });
  expect(over.report).toMatchObject({ utterance, cancelled: true, players: [{ player: "thorin" }] });
  expect(await (await server.call(path)).json()).toEqual(over);
  expect((await as(other.token, path)).status).toBe(404);
  expect((await as(token, `/speak/${server.party.speak({ text: "Mine." }).id}`)).status).toBe(404);
  await server.silence();
  thorin.socket.close();
});

test("a guest who is dismissed is gone at once, and one of the same name who comes later is let in", async () => {
  const first = await guest("observer", "stream");
  const client = new Dm20Client(socketUrl(`token=${first.token}`));
  await client.until("connected", 1);
  expect((await server.call("/guests/observer/stream", { method: "DELETE" })).status).toBe(200);
  await until(() => client.closed !== undefined);
  expect(client.closed?.code).toBe(1008);
  expect(await statusOf(`token=${first.token}`)).toBe(401);
  expect(await statusOf(`token=${(await guest("observer", "stream")).token}`)).toBe(101);
});

test("who is no guest is told why", async () => {
  for (const body of [
    { role: "dm", name: "me" },
    { role: "observer", name: "" },
    { role: "observer", name: "a:b" },
    { role: "observer", name: "x", expiresInS: 0 },
    { role: "observer", name: "x", expiresInS: 1e12 },
  ]) {
    const init = {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    };
    expect((await server.call("/guests", init)).status, JSON.stringify(body)).toBe(400);
  }
});

test("a link that expires closes what it opened, and opens nothing more", async () => {
  const { token } = await guest("observer", "short", { expiresInS: 1 });
  const client = new Dm20Client(socketUrl(`token=${token}`));
  await client.until("connected", 1);
  await until(() => client.closed !== undefined);
  expect(client.closed).toEqual({ code: 1008, reason: "your link has expired" });
  expect(await statusOf(`token=${token}`)).toBe(401);
});

test("a socket is opened with a token in the header, among the subprotocols, or with a ticket that is good once", async () => {
  const token = await server.party.tokens.issue("thorin");
  const offer = { "Sec-WebSocket-Protocol": `bardcast.v2, bardcast.token.${token}` };
  expect(await statusOf("", { Authorization: `Bearer ${token}` })).toBe(101);
  expect(await statusOf("", offer)).toBe(101);
  expect(await statusOf("", { "Sec-WebSocket-Protocol": "bardcast.v2, bardcast.token.forged" })).toBe(401);
  const response = await as(token, "/ticket", { method: "POST" });
  const { ticket, expiresInMs } = await response.json();
  expect([response.status, expiresInMs]).toEqual([201, 30_000]);
  expect(ticket).not.toContain(token);
  expect(await statusOf(`ticket=${ticket}`)).toBe(101);
  expect(await statusOf(`ticket=${ticket}`)).toBe(401);
  expect(await statusOf("ticket=forged")).toBe(401);
  expect((await fetch(`${server.url}/api/ticket`, { method: "POST" })).status).toBe(401);
});

test("a browser's client that offers its token as a subprotocol is answered with the wire alone", async () => {
  const token = await server.party.tokens.issue("thorin");
  const socket = new WebSocket(socketUrl("").replace("http", "ws"), [
    "bardcast.v2",
    `bardcast.token.${token}`,
  ]);
  await until(() => socket.readyState === WebSocket.OPEN);
  expect(socket.protocol).toBe("bardcast.v2");
  socket.close();
});

test("tickets are given out as fast as sockets are opened, and no faster; another person has their own", async () => {
  const flood = await guest("observer", "flood");
  const answers: number[] = [];
  for (let count = 0; count < 80; count++) {
    const response = await as(flood.token, "/ticket", { method: "POST" });
    answers.push(response.status);
    if (response.status === 429)
      expect(await response.json()).toMatchObject({ error: { code: "too-many-messages" } });
  }
  expect(answers.slice(0, 32)).toEqual(Array(32).fill(201));
  expect(answers).toContain(429);
  const calm = await guest("observer", "calm");
  expect((await as(calm.token, "/ticket", { method: "POST" })).status).toBe(201);
});

test("whether a line was delivered does not depend on who only looks on", async () => {
  const { token } = await guest("observer", "alone");
  const observer = new V2SocketClient(socketUrl(`token=${token}`));
  await until(() => observer.socket.readyState === WebSocket.OPEN);
  await observer.greet({ codecs: ["pcm16"] });
  const line = server.party.speak({ text: "Nobody is here." });
  const report = await line.handedOver;
  expect(report).toMatchObject({ delivered: false, listeners: 0 });
  expect(report.players.map(({ player }) => player)).toEqual(["observer:alone"]);
  line.cancel();
  observer.socket.close();
});

test("a ticket of a link that was replaced meanwhile is void, too", async () => {
  const { ticket } = await (
    await as(await server.party.tokens.issue("elara"), "/ticket", { method: "POST" })
  ).json();
  await server.party.reinvite("elara");
  expect(await statusOf(`ticket=${ticket}`)).toBe(401);
});

test("where pages are named, one from elsewhere opens no socket, one of the table's own does, and who is no page does, too", async () => {
  const table = await startServer({ engines: [new ToneEngine()], allowOrigins: ["https://site.example"] });
  const token = await table.party.tokens.issue("thorin");
  const named = (headers: Record<string, string>): Promise<number> =>
    statusOf(`token=${token}`, headers, table.url);
  expect(await named({ Origin: "https://evil.example" })).toBe(403);
  expect(await named({ Origin: "null" })).toBe(403);
  expect(await named({ Origin: "https://site.example" })).toBe(101);
  expect(await named({ Origin: table.url })).toBe(101);
  expect(await named({})).toBe(101);
});

test("where no page is named, one from elsewhere listens as before, with a token, and not without", async () => {
  const token = await server.party.tokens.issue("thorin");
  const elsewhere = { Origin: "https://my-player.example" };
  expect(await statusOf(`token=${token}`, elsewhere)).toBe(101);
  expect(await statusOf("", elsewhere)).toBe(401);
});

test("a page's policy names its own socket, behind a proxy that ends TLS as well", async () => {
  const forwarded = { "X-Forwarded-Proto": "https", "X-Forwarded-Host": "party.example" };
  const policyOf = async (headers: Record<string, string>): Promise<string> =>
    (await fetch(`${server.url}/play`, { headers })).headers.get("Content-Security-Policy") ?? "";
  expect(await policyOf(forwarded)).toContain("connect-src 'self' wss://party.example");
  expect(await policyOf({})).toContain(`connect-src 'self' ${server.url.replace("http", "ws")}`);
});

test("no token or ticket is in a log, a metric, or an error, whatever it was tried for", async () => {
  const records: LogRecord[] = [];
  const sinks = { memory: (record: LogRecord) => records.push(record) };
  configureSync({
    reset: true,
    sinks,
    loggers: [
      { category: "bardcast", lowestLevel: "debug", sinks: ["memory"] },
      { category: "logtape", lowestLevel: "error", sinks: ["memory"] },
    ],
  });
  const player = await server.party.tokens.issue("thorin");
  const { token: service } = await guest("service", "bot");
  const { ticket } = await (await as(player, "/ticket", { method: "POST" })).json();
  const forged = `${player}x`;
  const answers = await Promise.all([
    speak(player, { text: "No." }),
    speak(forged, { text: "No." }),
    as(service, "/status"),
    fetch(socketUrl(`token=${player}`)),
    fetch(socketUrl(`token=${forged}`)),
    fetch(socketUrl(`ticket=${ticket}`)),
    fetch(socketUrl(`ticket=${ticket}`)),
    fetch(`${server.url}/play?token=${forged}`),
    fetch(`${server.url}/play?token=${player}`),
    fetch(`${server.url}/dm?token=${player}`),
    fetch(`${server.url}/metrics`),
    fetch(`${server.url}/healthz`),
  ]);
  await speak(service, { text: "Creak." });
  const told = await Promise.all(
    answers.map(async (answer) => [...answer.headers, await answer.text()].join()),
  );
  const everything = told.join() + JSON.stringify(records);
  for (const secret of [player, service, ticket, forged]) expect(everything).not.toContain(secret);
  expect(records.length).toBeGreaterThan(0);
  for (const { headers } of answers) expect(headers.get("Referrer-Policy")).toBe("no-referrer");
});

test("the DM sees who may come in without a seat, until when, and by how many sockets; nobody else does", async () => {
  const { token } = await guest("observer", "overlay", { expiresInS: 3600 });
  await guest("service", "gate");
  const socket = new Dm20Client(socketUrl(`token=${token}`));
  await socket.until("connected", 1);
  const { guests } = await (await server.call("/guests")).json();
  const of = (id: string): unknown => guests.find((each: { id: string }) => each.id === id);
  expect(of("observer:overlay")).toEqual({
    id: "observer:overlay",
    role: "observer",
    name: "overlay",
    expiresAt: expect.any(Number),
    connections: 1,
  });
  expect(of("service:gate")).toEqual({
    id: "service:gate",
    role: "service",
    name: "gate",
    connections: 0,
  });
  expect(JSON.stringify(guests)).not.toContain(token);
  expect((await as(token, "/guests")).status).toBe(403);
  await server.call("/guests/service/gate", { method: "DELETE" });
  const after = await (await server.call("/guests")).json();
  expect(after.guests.map(({ id }: { id: string }) => id)).not.toContain("service:gate");
  socket.socket.close();
});

import { expect, test } from "bun:test";
import { OPENING_COST } from "../../src/party/access/message-budget.ts";
import { Dm20Client, startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const server = await startServer({ engines: [new ToneEngine()] });

async function open(token: string, at: TestServer = server): Promise<V2SocketClient> {
  const client = new V2SocketClient(`${at.url}/ws?token=${token}`);
  await until(() => client.socket.readyState === WebSocket.OPEN);
  return client;
}

async function metric(name: string, at: TestServer = server): Promise<number> {
  const text = await (await fetch(`${at.url}/metrics`)).text();
  return Number(new RegExp(`^bardcast_${name} (\\d+)`, "m").exec(text)?.[1]);
}

const hello = { type: "hello", codecs: ["pcm16"] };

test("whoever opened a socket by a link that is replaced before the hello hears no whisper", async () => {
  const silent = await open(await server.party.tokens.issue("thorin"));
  const link = await (await server.call("/players/thorin/refresh", { method: "POST" })).json();
  silent.say(hello);
  await until(() => silent.closed !== undefined);
  const holder = await open(link.token);
  await holder.greet({ codecs: ["pcm16"] });
  const report = await (await server.speak({ text: "The key is under the mat.", to: ["thorin"] })).json();
  expect(report.listeners).toBe(1);
  await until(() => holder.isOver(report.utterance));
  expect([silent.closed, silent.messages, silent.frames]).toEqual([1008, [], []]);
  holder.socket.close();
});

test("whoever opened a socket before the seat was taken hears nothing, nor does who sits there later of what was said before", async () => {
  server.party.seat("guest");
  const [silent, first] = [
    await open(await server.party.tokens.issue("guest")),
    await open(await server.party.tokens.issue("guest")),
  ];
  await first.greet({ codecs: ["pcm16"] });
  await server.speak({ text: "It was the butler.", to: ["guest", "elara"] });
  const { epoch } = first.of("welcome")[0] as { epoch: string };
  await server.call("/players/guest", { method: "DELETE" });
  silent.say(hello);
  await until(() => silent.closed !== undefined && first.closed !== undefined);
  expect([silent.closed, silent.messages]).toEqual([1008, []]);
  server.party.seat("guest");
  const second = await open(await server.party.tokens.issue("guest"));
  await second.greet({ codecs: ["pcm16"], resume: { epoch, offset: 0, utterances: [] } });
  const { utterance } = await (await server.speak({ text: "Welcome.", to: ["guest"] })).json();
  await until(() => second.isOver(utterance));
  expect(new Set(second.of("speech.text").map(({ text }) => text))).toEqual(new Set(["Welcome."]));
  second.socket.close();
  await server.party.unseat("guest");
});

test("sockets that say nothing are in the status and the metrics, and a player has few of them", async () => {
  const token = await server.party.tokens.issue("elara");
  const silent: V2SocketClient[] = [];
  for (let i = 0; i < 12; i++) silent.push(await open(token));
  await until(() => silent.filter(({ closed }) => closed === 1013).length === 4);
  expect(silent.slice(0, 4).map(({ closed }) => closed)).toEqual([1013, 1013, 1013, 1013]);
  const { players } = await (await server.call("/status")).json();
  expect(players.find(({ id }: { id: string }) => id === "elara")).toEqual({
    id: "elara",
    connections: 0,
    state: "away",
    waiting: 8,
  });
  expect([await metric("sockets_waiting"), await metric("connections")]).toEqual([8, 0]);
  for (const client of silent) client.socket.close();
  await until(() => server.party.lobby.count() === 0);
});

test("a ninth device is told that there are too many, and the eight neither leave nor are told", async () => {
  const token = await server.party.tokens.issue("elara");
  const devices = Array.from({ length: 8 }, () => new Dm20Client(`${server.url}/ws?token=${token}`));
  for (const device of devices) await device.until("connected", 1);
  for (const again of [1, 2, 3]) {
    const ninth = again === 2 ? await open(token) : new Dm20Client(`${server.url}/ws?token=${token}`);
    if (ninth instanceof V2SocketClient) ninth.say(hello);
    await until(() => ninth.closed !== undefined);
    expect(ninth instanceof V2SocketClient ? ninth.closed : ninth.closed?.code).toBe(4409);
    expect(ninth.messages).toEqual([]);
  }
  await server.speak({ text: "Still there?", to: ["elara"] });
  for (const device of devices) await device.until("private", 1);
  expect(devices.map(({ closed }) => closed)).toEqual(Array.from({ length: 8 }, () => undefined));
  for (const device of devices) device.socket.close();
  await until(() => server.party.connections.connectionCount() === 0);
});

test.each(["clock", "heard", "settings", "something-new", "pong"])(
  "who sends more %s than devices do is told so, then sent away, and the others' line is not held up",
  async (type) => {
    const table = await startServer({ engines: [new ToneEngine()] });
    const elara = await table.join("elara");
    const token = await table.party.tokens.issue("thorin");
    const flooders: V2SocketClient[] = [];
    for (let i = 0; i < 4; i++) {
      flooders.push(await open(token, table));
      await flooders[i]?.greet({ codecs: ["pcm16"] });
    }
    const message = { type, t0: 1, utterance: "x", heardMs: 1, state: "playing", underruns: 0, muted: true };
    const taken = table.party.budget.refused.player;
    for (const flooder of flooders) for (let i = 0; i < 3_000; i++) flooder.say(message);
    const said = table.speak({ text: "Make way!", to: ["elara"] });
    await until(() => flooders.every(({ closed }) => closed !== undefined));
    await elara.untilClips(1);
    expect((await said).status).toBe(200);
    expect(elara.closed).toBeUndefined();
    for (const flooder of flooders) {
      expect(flooder.closed).toBe(1008);
      expect(flooder.of("error").map(({ code, fatal }) => [code, fatal])).toEqual([
        ["too-many-messages", false],
        ["too-many-messages", true],
      ]);
    }
    expect(flooders.reduce((sum, { messages }) => sum + messages.length, 0)).toBeLessThan(2_000);
    expect(table.party.budget.refused.player).toBeGreaterThan(taken);
    expect(await metric("player_budget_refusals_total", table)).toBe(4 * 64);
  },
);

test("a dm20 client that floods is told so and sent away, too", async () => {
  const table = await startServer({ engines: [new ToneEngine()] });
  const thorin = await table.join("thorin");
  for (let i = 0; i < 3_000; i++) thorin.socket.send('{"type":"heartbeat"}');
  await until(() => thorin.closed !== undefined);
  expect(thorin.closed?.code).toBe(1008);
  expect(thorin.of("error").map(({ code }) => code)).toEqual(["too-many-messages", "too-many-messages"]);
});

test("who opens sockets all the time is told to come back later, and is in a metric", async () => {
  const door = { player: { perSecond: 1, burst: OPENING_COST * 3 } };
  const table = await startServer({ engines: [new ToneEngine()], door });
  const token = await table.party.tokens.issue("thorin");
  const clients = Array.from({ length: 5 }, () => new Dm20Client(`${table.url}/ws?token=${token}`));
  await until(() => clients.every((client) => client.closed || client.of("connected").length > 0));
  expect(clients.filter(({ closed }) => closed?.code === 1013)).toHaveLength(2);
  expect(await metric("player_budget_refusals_total", table)).toBe(2);
  expect((await table.join("elara")).closed).toBeUndefined();
});

test("a message that came before the socket closed is heard", async () => {
  const thorin = await open(await server.party.tokens.issue("thorin"));
  await thorin.greet({ codecs: ["pcm16"] });
  const said = await server.speak({ text: "Any last words?", to: ["thorin"] }, { Prefer: "respond-async" });
  const { utterance } = await said.json();
  await until(() => thorin.isOver(utterance));
  thorin.say({ type: "clock", t0: 1 });
  thorin.say({ type: "heard", utterance, heardMs: 7, state: "playing", underruns: 0, ended: true });
  thorin.socket.close();
  await until(() => server.party.streams.utterances.length === 0);
  const { recent } = await (await server.call("/status")).json();
  const own = recent.find((line: { utterance: string }) => line.utterance === utterance);
  expect(own.report.players).toMatchObject([{ player: "thorin", heardMs: 7 }]);
});

test("a DM whose token was revoked while the body was on its way says nothing, and what is being said ends", async () => {
  const table = await startServer({ engines: [new ToneEngine()] });
  const thorin = await table.join("thorin");
  const dm = await open(table.dmToken, table);
  await dm.greet({ codecs: ["pcm16"] });
  const bodies = ["application/json", "text/plain"].map((type) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const answer = table.call("/speak", {
      method: "POST",
      headers: { "Content-Type": type },
      body: readable,
    });
    return {
      answer,
      write: (text: string) => writer.write(new TextEncoder().encode(text)),
      end: () => writer.close(),
    };
  });
  const [json, plain] = bodies as [(typeof bodies)[0], (typeof bodies)[0]];
  await json.write('{"text": "Never');
  await plain.write("Heard by all. But not th");
  await thorin.untilClips(1);
  table.party.tokens.revoke("dm");
  dm.say({ type: "speak", text: "Still here!" });
  await until(() => dm.closed !== undefined);
  expect(dm.closed).toBe(1008);
  await json.write(' said."}').then(json.end);
  expect((await json.answer).status).toBe(401);
  expect(await (await plain.answer).json()).toMatchObject({ cancelled: true });
  expect(thorin.of("narrative").map(({ content }) => content)).toEqual(["Heard by all."]);
});

import { afterEach, beforeEach, expect, test } from "bun:test";
import type { PartyClientOptions } from "../../../src/client/index.ts";
import type { RemoteClock } from "../../../src/core/clock/remote-clock.ts";
import { encodeFrame } from "../../../src/core/protocol/frame.ts";
import { begin, end, TellingClient, text, V2Table } from "../v2-table.ts";

let table: V2Table;
const clients: TellingClient[] = [];

beforeEach(() => {
  table = new V2Table();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  table.close();
});

async function join(options: Partial<PartyClientOptions> = {}): Promise<TellingClient> {
  const client = new TellingClient(table, options);
  clients.push(client);
  const connected = client.next("connected");
  client.connect();
  await connected;
  return client;
}

function frame(handle: number, sequence: number): Uint8Array<ArrayBuffer> {
  const flags = { first: sequence === 0, last: false, discontinuity: sequence === 0 };
  return encodeFrame({
    ...flags,
    handle,
    sequence,
    ptsSamples: sequence * 480,
    packets: 1,
    payload: Uint8Array.of(9, 9),
  });
}

/** Loses the connection, and waits for the next `hello` to be answered. */
async function reconnect(client: TellingClient): Promise<void> {
  const connected = client.next("connected");
  table.cut();
  await connected;
}

test("hello is the first thing said, with what was asked for", async () => {
  await join({ codecs: ["pcm16"], captions: false });
  expect(table.heard[0]).toEqual({ type: "hello", codecs: ["pcm16"], captions: false, sync: true });
  expect(table.offers).toEqual(["bardcast.v2, bardcast.token.t"]);
});

test("a message of a type that the client does not know is told as it came, and answered by send", async () => {
  const client = await join();
  const other = client.next("other");
  const cue = { type: "sound.cue", utterance: "u1", offset: 99, atMs: [1] };
  table.say(JSON.stringify(cue));
  expect(await other).toEqual(cue);
  const lost = { type: "sound.lost", sound: "door" };
  expect(client.send(lost)).toBe(true);
  await table.until(() => table.heard.some(({ type }) => type === (lost.type as string)));
  expect(table.heard.at(-1) as unknown).toEqual(lost);
  client.close();
  expect(client.send(lost)).toBe(false);
});

test("a line's messages and frames are told as typed events, and its text as it grows", async () => {
  const client = await join();
  const told = client.next("told");
  const [one, two] = [text(1, 0, "The dragon roars.", 11), text(1, 1, "Run!", 12)];
  table.say(
    begin(1, { private: true, speaker: "old_mara" }),
    two,
    one,
    frame(1, 0),
    frame(1, 1),
    frame(9, 0),
    end(1, 13),
  );
  expect(await told).toMatchObject({
    id: "u1",
    content: "The dragon roars. Run!",
    private: true,
    from: "old_mara",
  });
  expect(client.of("text").map(({ content }) => content)).toEqual(["Run!", "The dragon roars. Run!"]);
  expect(
    client
      .of("text")
      .at(-1)
      ?.sentences?.map(({ start }) => start),
  ).toEqual([0, 18]);
  expect(client.of("frame").map(({ utterance, sequence }) => [utterance, sequence])).toEqual([
    ["u1", 0],
    ["u1", 1],
  ]);
  expect(client.of("frame")[0]?.payload).toEqual(Uint8Array.of(9, 9));
  expect([client.of("begin").length, client.of("sentence").length, client.of("end").length]).toEqual([
    1, 2, 1,
  ]);
});

test("after a cut, hello says how far it was: the epoch, the offset, and every open line", async () => {
  const client = await join();
  const seen = client.next("cancel");
  table.say(begin(1), frame(1, 0), frame(1, 1), begin(2), begin(3), frame(3, 0), end(3, 33), begin(4));
  table.say({ type: "speech.cancel", offset: 57, utterance: "u4", atMs: 0, reason: "cancelled" });
  await seen;
  await reconnect(client);
  expect(table.hellos[1]?.resume).toEqual({
    epoch: "first",
    offset: 57,
    utterances: [
      [1, 1],
      [2, -1],
    ],
  });
  // It goes on where it was, and is asked for from there after the next cut.
  const more = client.next("end");
  table.say(frame(1, 2), end(2, 60));
  await more;
  await reconnect(client);
  expect(table.hellos[2]?.resume).toEqual({ epoch: "first", offset: 60, utterances: [[1, 2]] });
});

test("two clients of one player resume independently", async () => {
  const [a, b] = [await join(), await join()];
  const [first, second] = table.sockets;
  first?.send(JSON.stringify(begin(1)));
  const seen = a.next("frame");
  first?.send(frame(1, 7));
  second?.send(JSON.stringify(begin(2)));
  await seen;
  if (b.of("begin").length === 0) await b.next("begin");
  const back = Promise.all([a.next("connected"), b.next("connected")]);
  first?.terminate();
  second?.terminate();
  await back;
  const resumed = table.hellos.slice(2).map(({ resume }) => resume?.utterances);
  expect(resumed).toContainEqual([[1, 7]]);
  expect(resumed).toContainEqual([[2, -1]]);
});

test("a server that has started anew is asked for nothing old, and its lines are told as forgotten", async () => {
  const client = await join();
  const seen = client.next("begin");
  table.say(begin(1));
  await seen;
  table.welcome = { ...table.welcome, epoch: "second", offset: 3 };
  await reconnect(client);
  expect(client.of("forgotten")).toEqual([{ utterance: "u1" }]);
  await reconnect(client);
  expect(table.hellos[2]?.resume).toEqual({ epoch: "second", offset: 3, utterances: [] });
});

test("a line that is cancelled after its end is told once", async () => {
  const client = await join();
  const cancelled = client.next("cancel");
  const cancel = { type: "speech.cancel", offset: 13, utterance: "u1", atMs: 0, reason: "cancelled" };
  table.say(begin(1), text(1, 0, "The dragon roars.", 11), end(1, 12), JSON.stringify(cancel));
  await cancelled;
  expect(client.of("told")).toMatchObject([{ id: "u1", content: "The dragon roars." }]);
});

test("a server that has started anew and remembers the line tells the rest of it and its end, and the line is told once", async () => {
  const client = await join();
  const seen = client.next("text");
  table.say(begin(1), begin(2), text(1, 0, "It was a dark night.", 20));
  await seen;
  table.welcome = { ...table.welcome, epoch: "second", offset: 20, continues: ["u1"] };
  await reconnect(client);
  // No frame follows of either; of the one that is not remembered nothing does.
  expect(client.of("forgotten")).toEqual([{ utterance: "u1" }, { utterance: "u2" }]);
  expect(client.of("told")).toEqual([]);
  const over = client.next("told");
  table.say(text(1, 1, "The wolves were near.", 21), JSON.stringify({ ...end(1, 22), brokenOff: true }));
  expect(await over).toMatchObject({ id: "u1", content: "It was a dark night. The wolves were near." });
  expect(client.of("end")).toMatchObject([{ utterance: "u1", brokenOff: true }]);
  expect(client.of("told")).toHaveLength(1);
  await reconnect(client);
  expect(table.hellos[2]?.resume).toEqual({ epoch: "second", offset: 22, utterances: [] });
});

test("a line whose end such a server did not get to tell is over when the next connection is welcome", async () => {
  const client = await join();
  const seen = client.next("text");
  table.say(begin(1), text(1, 0, "It was a dark night.", 20));
  await seen;
  table.welcome = { ...table.welcome, epoch: "second", offset: 20, continues: ["u1"] };
  await reconnect(client);
  expect(client.of("told")).toEqual([]);
  table.welcome = { ...table.welcome, continues: [] };
  const over = client.next("told");
  await reconnect(client);
  expect(await over).toMatchObject({ id: "u1" });
});

test("what is malformed or of no open line is passed over, and nothing is done about what is unknown", async () => {
  const client = await join();
  const before = client.told.length;
  const valid = begin(1);
  const bad: (string | Uint8Array<ArrayBuffer>)[] = [
    "",
    "nonsense",
    "null",
    '{"type":"from-the-future","offset":99}',
    '{"type":"toString"}',
    JSON.stringify({ ...valid, handle: 70_000 }),
    JSON.stringify({ ...valid, codec: "mp3" }),
    JSON.stringify({ ...valid, sampleRate: 48_000 }),
    JSON.stringify({ ...valid, speed: 0 }),
    JSON.stringify({ ...text(1, 0, "x", 1), words: [[0, 1, 2]] }),
    JSON.stringify({ ...text(1, -1, "x", 1) }),
    JSON.stringify({ ...end(1, 1), durationMs: "long" }),
    '{"type":"speech.cancel","offset":1,"utterance":"u1","atMs":-1,"reason":""}',
    '{"type":"presence","players":{}}',
    new Uint8Array(3),
    new Uint8Array(40),
    frame(1, 0),
  ];
  const next = client.next("presence");
  table.say(...bad, { type: "presence", players: [] });
  await next;
  const isOther = ([name]: (typeof client.told)[number]): boolean => name === "other";
  const told = client.told.slice(before);
  expect(told.filter((each) => !isOther(each))).toEqual([["presence", []]]);
  // What is of no type that is known may be somebody else's.
  expect(client.of("other").map(({ type }) => type)).toEqual(["from-the-future", "toString"]);
});

test("presence is told whole, although only changes are sent", async () => {
  const client = await join();
  const thorin = { id: "thorin", connections: 1, state: "connected" } as const;
  const elara = { id: "elara", connections: 0, state: "away" } as const;
  table.say({ type: "presence", players: [thorin, elara] });
  table.say({ type: "presence", players: [{ ...elara, connections: 2, state: "muted" }] });
  while (client.of("presence").length < 2) await client.next("presence");
  expect(client.of("presence")[1]).toEqual([thorin, { id: "elara", connections: 2, state: "muted" }]);
});

test("probes learn the server's clock, a few at once and then now and then", async () => {
  const client = await join({ probeMs: 5 });
  await table.until(() => table.of("clock").length >= 6);
  expect(Math.abs((client.clockOffsetMs ?? 0) - 5_000)).toBeLessThan(1_000);
});

test("to play in step the clock is probed often and at once trusted; otherwise three probes do", async () => {
  const client = await join();
  await table.until(() => table.of("clock").length >= 20);
  expect(client.clock?.isTrusted).toBe(true);
  const before = table.of("clock").length;
  client.close();
  const other = await join({ sync: false });
  await Bun.sleep(200);
  expect(table.of("clock").length - before).toBe(3);
  other.change({ sync: true });
  await table.until(() => table.of("clock").length >= before + 20);
});

test("a page that is back asks for the time at once", async () => {
  const client = await join();
  await table.until(() => (client.clock?.deviationMs(performance.now()) ?? 1) < 0.01);
  const before = table.of("clock").length;
  globalThis.dispatchEvent(new Event("online"));
  await table.until(() => table.of("clock").length >= before + 16);
});

test("the server's clock is kept over a reconnect, and one that has started anew has another", async () => {
  const client = await join();
  await table.until(() => table.of("clock").length >= 10);
  const { clock } = client;
  await reconnect(client);
  expect(client.clock).toBe(clock as RemoteClock);
  table.welcome = { ...table.welcome, epoch: "second" };
  await reconnect(client);
  const before = table.of("clock").length;
  expect(client.clock).toBeUndefined();
  await table.until(() => table.of("clock").length >= before + 10);
  expect(client.clock).toBeDefined();
  expect(client.clock).not.toBe(clock);
});

test("a latency that has grown is told at once, and a small change with the next probe", async () => {
  // Probed so seldom that only what is told at once is heard of.
  const client = await join({ sync: false });
  await table.until(() => table.of("clock").length >= 3);
  const latencies = (): unknown[] => table.of("clock").map(({ latencyMs }) => latencyMs);
  const before = latencies().length;
  for (const ms of [100, 105, 60, 110, 290, 291, Number.NaN, 300, 50]) client.reportLatency(ms);
  client.change({ sync: true });
  await table.until(() => latencies().length >= before + 4);
  expect(latencies().slice(before, before + 3)).toEqual([100, 290, 50]);
});

test("probes carry the latency of a client once it is known and makes sense", async () => {
  const client = await join();
  const next = async () => {
    const seen = table.of("clock").length;
    await table.until(() => table.of("clock").length > seen + 1);
    return table.of("clock").at(-1);
  };
  expect(await next()).not.toHaveProperty("latencyMs");
  client.reportLatency(120);
  expect(await next()).toHaveProperty("latencyMs", 120);
  client.reportLatency(Number.NaN);
  expect(await next()).not.toHaveProperty("latencyMs");
});

test("a ping is answered with a pong", async () => {
  await join();
  table.say({ type: "ping" });
  await table.until(() => table.of("pong").length === 1);
});

test("a connection on which probes stay without an answer is taken for dead", async () => {
  table.answers = false;
  await join({ silenceMs: 10, probeMs: 100_000 });
  await table.until(() => table.hellos.length >= 3);
  expect(table.sockets.length).toBeGreaterThanOrEqual(3);
});

test("as long as the server says anything, the connection is not taken for dead", async () => {
  table.answers = false;
  await join({ silenceMs: 1_000, probeMs: 100_000 });
  const since = performance.now();
  for (let pongs = 1; performance.now() - since < 1_300; pongs++) {
    table.say({ type: "ping" });
    await table.until(() => table.of("pong").length === pongs);
  }
  expect(table.sockets).toHaveLength(1);
});

test("what was heard is reported, and last words wait for a connection", async () => {
  const client = await join();
  client.heard({ utterance: "u1", heardMs: 500, state: "playing", underruns: 0 });
  await table.until(() => table.of("heard").length === 1);
  const away = client.next("state");
  table.cut();
  await away;
  client.heard({ utterance: "u2", heardMs: 800, state: "playing", underruns: 0 });
  client.heard({ utterance: "u1", heardMs: 900, state: "lagging", underruns: 1, ended: true });
  await table.until(() => table.of("clock").length > 3);
  expect(table.of("heard").slice(1)).toEqual([
    {
      type: "heard",
      utterance: "u1",
      heardMs: 900,
      state: "lagging",
      underruns: 1,
      ended: true,
    },
  ]);
});

test("a change of mind is told, and told again after a reconnect", async () => {
  const client = await join();
  client.change({ codec: "pcm16", muted: true });
  await table.until(() => table.of("settings").length === 1);
  await reconnect(client);
  await table.until(() => table.of("settings").length === 2);
  expect(table.hellos[1]?.codecs).toEqual(["pcm16", "opus"]);
  expect(table.of("settings")[1]).toEqual({ type: "settings", muted: true });
});

test("a game master speaks and cancels where there is a connection to do it on", async () => {
  const client = await join();
  expect(client.speak({ text: "Run!", speaker: "combat" })).toBe(true);
  expect(client.cancel("u1")).toBe(true);
  await table.until(() => table.of("cancel").length === 1);
  expect(table.of("speak")).toEqual([{ type: "speak", to: "all", text: "Run!", speaker: "combat" }]);
  client.close();
  expect([client.speak({ text: "Run!" }), client.cancel("u1")]).toEqual([false, false]);
});

test("lines can be taken one by one, whole, until the client is closed", async () => {
  const client = await join();
  const lines = client.lines();
  table.say(
    begin(1),
    text(1, 0, "One.", 11),
    begin(2),
    text(2, 0, "Two.", 21),
    end(2, 22),
    text(1, 1, "More.", 23),
  );
  table.say(end(1, 24));
  const taken: string[] = [];
  for await (const line of lines) {
    taken.push(line.content);
    if (taken.length === 2) client.close();
  }
  expect(taken).toEqual(["Two.", "One. More."]);
});

test("lines that nobody takes are kept up to a limit, the newest of them", async () => {
  const client = await join();
  const lines = client.lines();
  const last = client.next("presence");
  for (let handle = 1; handle <= 300; handle++) {
    table.say(begin(handle), text(handle, 0, `Line ${handle}`, handle), end(handle, handle));
  }
  table.say({ type: "presence", players: [] });
  await last;
  expect((await lines.next()).value?.content).toBe("Line 45");
  await lines.return?.();
  expect((await lines.next()).done).toBe(true);
});

test("a server that knows no second wire is spoken to on the first", async () => {
  table.knowsV2 = false;
  const client = await join();
  expect(client.of("connected")).toEqual([{ player: "thorin" }]);
  expect(table.offers).toEqual(["bardcast.v2, bardcast.token.t", "bardcast.v2, bardcast.token.t", null]);
  expect(table.heard).toEqual([]);
});

test("who has to go on on the first wire is told that nothing more comes of what was open on the second", async () => {
  const client = await join();
  const seen = client.next("text");
  table.say(begin(1), text(1, 0, "It was a dark night.", 20));
  await seen;
  table.knowsV2 = false;
  await reconnect(client);
  expect(client.of("connected").at(-1)).toEqual({ player: "thorin" });
  expect(client.of("forgotten")).toEqual([{ utterance: "u1" }]);
  expect(client.of("told")).toMatchObject([{ id: "u1", content: "It was a dark night." }]);
});

test("a connection on which hello stays without an answer is taken for dead", async () => {
  let hellos = 0;
  const muted = Bun.serve({
    port: 0,
    fetch: (request, server) => (server.upgrade(request) ? undefined : new Response("no", { status: 426 })),
    websocket: {
      message: () => {
        hellos += 1;
      },
    },
  });
  const client = new TellingClient(table, { url: new URL("ws", muted.url), silenceMs: 10 });
  client.connect();
  while (hellos < 3) await Bun.sleep(5);
  client.close();
  void muted.stop(true);
});

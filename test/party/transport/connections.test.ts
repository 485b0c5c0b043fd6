import { expect, jest, test } from "bun:test";
import { nextTurn } from "../../../src/core/async/time-slicer.ts";
import { ClientState } from "../../../src/party/transport/client-state.ts";
import { ConnectionManager } from "../../../src/party/transport/connection-manager.ts";
import type { Socket } from "../../../src/party/transport/socket.ts";
import { FakeSocket } from "../../support/fake-socket.ts";
import { setTable, until } from "../../support/table.ts";

test("a message reaches every device of a player and says how many took it", async () => {
  const connections = new ConnectionManager();
  const sockets = [new FakeSocket(), new FakeSocket(), new FakeSocket()];
  connections.connect(sockets[0] as FakeSocket, "thorin");
  connections.connect(sockets[1] as FakeSocket, "thorin");
  connections.connect(sockets[2] as FakeSocket, "elara");
  expect(connections.sendToPlayer("thorin", { type: "hello" })).toBe(2);
  expect(connections.sendToPlayer("nobody", { type: "hello" })).toBe(0);
  expect(connections.broadcast({ type: "all" })).toBe(3);
  await until(() => sockets.every((socket) => socket.of("all").length === 1));
  expect(sockets.map((socket) => socket.of("hello").length)).toEqual([1, 1, 0]);
  expect(connections.getConnectedPlayers()).toEqual(["thorin", "elara"]);
  expect([connections.connectionCount("thorin"), connections.connectionCount()]).toEqual([2, 3]);
  connections.closeAll();
  expect(sockets.map((socket) => socket.closed?.code)).toEqual([1001, 1001, 1001]);
  expect(connections.connectionCount()).toBe(0);
});

test("a message is serialised once however many listeners there are", () => {
  const connections = new ConnectionManager();
  for (let i = 0; i < 200; i++) connections.connect(new FakeSocket(), `p${i}`);
  let serialised = 0;
  const message = {
    toJSON() {
      serialised += 1;
      return { type: "system" };
    },
  };
  expect(connections.broadcast(message)).toBe(200);
  expect(serialised).toBe(1);
  connections.closeAll();
});

test("a message to many leaves in several turns, with room for others in between", async () => {
  const connections = new ConnectionManager();
  let sent = 0;
  const busy: Socket = {
    onDrain: undefined,
    send() {
      sent += 1;
      for (const end = performance.now() + 0.5; performance.now() < end; );
    },
    bufferedAmount: () => 0,
    close: () => undefined,
    terminate: () => undefined,
  };
  for (let i = 0; i < 200; i++) connections.connect(busy, `p${i}`);
  await until(() => sent === 200);
  connections.broadcast({ type: "all" });
  const seen = new Set<number>();
  while (sent < 400) {
    await nextTurn();
    seen.add(sent);
  }
  // 4 ms and 16 sockets more in a turn.
  expect(seen.size).toBeGreaterThan(200 / (4 / 0.5 + 16) - 2);
  connections.closeAll();
});

test("a connection whose queue overflows is closed with 1013 and the others never notice", async () => {
  const connections = new ConnectionManager({ queueBytes: 1000 });
  const stuck = new FakeSocket({ reads: false });
  const healthy = new FakeSocket();
  connections.connect(stuck, "thorin");
  connections.connect(healthy, "elara");
  const text = JSON.stringify({ type: "system", content: "x".repeat(100) });
  const taken = Array.from({ length: 12 }, () => connections.broadcast(text));
  expect(stuck.closed?.code).toBe(1013);
  expect(taken[0]).toBe(2);
  expect(taken.at(-1)).toBe(1);
  await until(() => healthy.of("system").length === 12);
  expect(healthy.of("system")).toHaveLength(12);
  expect(stuck.texts.join("").length).toBeLessThanOrEqual(1000);
  connections.closeAll();
});

test("a listener that stops reading is closed with 1013; the others are handed every chunk", async () => {
  const { streams, join } = await setTable({ connections: { queueBytes: 8000, stallMs: 50 } });
  const stuck = join("thorin", { reads: false });
  const healthy = join("elara");
  const report = await streams.speak({ text: "The dragon wakes up slowly. ".repeat(10) }).done;
  expect(stuck.closed?.code).toBe(1013);
  expect(healthy.clips).toHaveLength(10);
  expect(stuck.texts.join("").length).toBeLessThanOrEqual(8000);
  expect(report.players.map(({ player, complete }) => [player, complete])).toEqual([
    ["thorin", false],
    ["elara", true],
  ]);
  await until(() => stuck.terminated || stuck.closed !== undefined);
});

test.each([undefined, "opus"] as const)(
  "who did not take what they were sent before is sent a line after the others (%s)",
  async (codec) => {
    const { streams, connections } = await setTable();
    const order: string[] = [];
    for (const [player, reads] of [
      ["behind", false],
      ["one", true],
      ["late", false],
      ["two", true],
    ] as const) {
      const socket = new FakeSocket({ reads });
      const send = socket.send.bind(socket);
      socket.send = (messages) => {
        if (messages.some((message) => String(message).includes("The dragon"))) order.push(player);
        send(messages);
      };
      const v2 = codec && new ClientState({ type: "hello", codecs: [codec] });
      connections.connect(socket, player, "player", v2).flush();
    }
    await nextTurn();
    await nextTurn();
    const line = streams.speak({ text: "The dragon roars!" });
    await until(() => order.length === 4);
    expect(order).toEqual(["one", "two", "behind", "late"]);
    line.cancel();
  },
);

test("a listener who reads slowly is handed everything, however long it takes", async () => {
  const { streams, join } = await setTable({ connections: { queueBytes: 8000, stallMs: 60_000 } });
  const slow = join("thorin", { reads: false });
  const line = streams.speak({ text: "The dragon wakes up slowly. ".repeat(10) });
  const reading = setInterval(() => slow.read(), 1);
  expect((await line.done).delivered).toBe(true);
  clearInterval(reading);
  expect(slow.clips).toHaveLength(10);
});

test("a listener too far behind loses the oldest sentences, and nobody waits for them", async () => {
  const { streams, join } = await setTable({
    connections: { queueBytes: 24_000, stallMs: 60_000 },
    streams: { retainBytes: 60_000 },
  });
  const slow = join("thorin", { reads: false });
  const fast = join("elara");
  const line = streams.speak({ text: "The dragon wakes up slowly. ".repeat(20) });
  await until(() => fast.of("audio").length > 0 && fast.clips.length === 20);
  slow.read(true);
  const report = await line.done;
  expect(slow.clips.length).toBeGreaterThan(0);
  expect(slow.clips.length).toBeLessThan(20);
  expect(report.players.map(({ complete }) => complete)).toEqual([false, true]);
});

test("who does not answer the ping in time is closed, who answers stays", async () => {
  const connections = new ConnectionManager({ heartbeatMs: 20, graceMs: 20 });
  const silent = new FakeSocket();
  const alive = new FakeSocket();
  connections.connect(silent, "thorin").life.spoke(0);
  const connection = connections.connect(alive, "elara");
  const answering = setInterval(() => connections.markPong("elara", connection), 1);
  await until(() => silent.closed !== undefined);
  clearInterval(answering);
  expect(silent.of("ping").length).toBeGreaterThan(0);
  expect(alive.closed).toBeUndefined();
  connections.closeAll();
});

test("players who have not been heard of are stale until they are", () => {
  const connections = new ConnectionManager();
  const connection = connections.connect(new FakeSocket(), "thorin");
  connection.life.spoke(performance.now() - 60_000);
  expect(connections.getStalePlayers(30_000)).toEqual(["thorin"]);
  connections.updateLastSeen("thorin");
  expect(connections.getStalePlayers(30_000)).toEqual([]);
  connections.closeAll();
});

test.each([-3_600_000, -600_000, -5_000, 5_000, 600_000])(
  "a clock that is set by %d ms neither keeps who is silent nor ends who answers",
  async (stepMs) => {
    const { now } = Date;
    const connections = new ConnectionManager({ heartbeatMs: 20, graceMs: 20 });
    const [silent, alive] = [new FakeSocket(), new FakeSocket()];
    connections.connect(silent, "thorin");
    const connection = connections.connect(alive, "elara");
    let steps = 0;
    const step = (): void => {
      steps += 1;
      Date.now = () => now() + steps * stepMs;
    };
    alive.beforeLook = () => connection.flush();
    step();
    // The clock is set again between each ping and its answer.
    const answering = setInterval(() => {
      if (alive.of("ping").length < steps) return;
      step();
      connections.markPong("elara", connection);
    }, 1);
    try {
      await until(() => silent.closed !== undefined);
      expect(silent.closed?.code).toBe(1001);
      await until(() => steps > 6);
      expect(alive.closed).toBeUndefined();
    } finally {
      Date.now = now;
      clearInterval(answering);
      connections.closeAll();
    }
  },
);

test("one device too many is sent away and nobody else hears of it, and finds room once one has left", () => {
  const connections = new ConnectionManager({ connectionsPerPlayer: 2 });
  const changes: string[] = [];
  connections.onChange((_, change) => changes.push(change));
  const sockets = [new FakeSocket(), new FakeSocket(), new FakeSocket()];
  const [first] = sockets.map((socket) => connections.connect(socket, "thorin"));
  expect(sockets.map((socket) => socket.closed?.code)).toEqual([undefined, undefined, 4409]);
  expect(changes).toEqual(["opened", "opened"]);
  expect(sockets[2]?.texts).toEqual([]);
  first?.ended(1001);
  expect(connections.connect(new FakeSocket(), "thorin").isOpen).toBe(true);
  connections.closeAll();
});

test("devices that are gone without a word make room when another one comes", async () => {
  const connections = new ConnectionManager({ connectionsPerPlayer: 2, graceMs: 20 });
  const [gone, alive] = [new FakeSocket(), new FakeSocket()];
  const lost = connections.connect(gone, "thorin");
  const connection = connections.connect(alive, "thorin");
  expect(connections.connect(new FakeSocket(), "thorin").isOpen).toBe(false);
  for (const each of [lost, connection]) each.flush();
  expect([gone, alive].map((socket) => socket.of("ping").length)).toEqual([1, 1]);
  connections.markPong("thorin", connection);
  await until(() => gone.closed !== undefined);
  expect(alive.closed).toBeUndefined();
  expect(connections.connect(new FakeSocket(), "thorin").isOpen).toBe(true);
  connections.closeAll();
});

test("who answers the goodbye is left in peace, even on a runtime that tells of it from within the closing", () => {
  jest.useFakeTimers();
  try {
    const connections = new ConnectionManager();
    const [prompt, silent] = [new FakeSocket(), new FakeSocket()];
    const connection = connections.connect(prompt, "thorin");
    prompt.close = () => connection.ended();
    connections.connect(silent, "elara");
    connections.closeAll();
    jest.advanceTimersByTime(60_000);
    expect([prompt.terminated, silent.terminated]).toEqual([false, true]);
  } finally {
    jest.useRealTimers();
  }
});

test.each(["narrative", "audio"])(
  "a socket that throws at %s ends, and the others get everything",
  async (type) => {
    const { streams, join } = await setTable();
    const [broken, pip] = [join("thorin"), join("pip")];
    await Bun.sleep(5);
    broken.send = (messages) => {
      if (messages.some((message) => String(message).includes(`"${type}"`))) throw new Error("no more");
    };
    const { players } = await streams.speak({ text: "Hello there. And again." }).handedOver;
    expect(pip.of("narrative")).toHaveLength(1);
    expect(pip.clips).toHaveLength(2);
    expect(players).toMatchObject([{ player: "thorin" }, { player: "pip", complete: true }]);
    expect(broken.connection.isOpen).toBeFalse();
  },
);

import { expect, test } from "bun:test";
import { V2_SUBPROTOCOL } from "../../src/core/protocol/v2.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const server = await startServer();

async function open(player: string): Promise<V2SocketClient> {
  const { party } = server;
  const token = player === "dm" ? server.dmToken : await party.tokens.issue(player);
  const client = new V2SocketClient(`${server.url}/ws?token=${token}`);
  await until(() => client.socket.readyState === WebSocket.OPEN);
  return client;
}

async function join(player: string, hello: object = { codecs: ["opus", "pcm16"] }): Promise<V2SocketClient> {
  const client = await open(player);
  await client.greet(hello);
  return client;
}

test("hello is welcomed with the epoch, the limits and who is here", async () => {
  const thorin = await join("thorin");
  expect(thorin.socket.protocol).toBe(V2_SUBPROTOCOL);
  expect(thorin.of("welcome")).toMatchObject([{ player: "thorin", role: "player", recovered: false }]);
  await until(() => thorin.of("presence").length > 0);
  expect(thorin.of("presence")[0]?.players).toEqual([
    { id: "thorin", connections: 1, state: "connected" },
    { id: "elara", connections: 0, state: "away" },
  ]);
  const elara = await join("elara");
  await until(() => thorin.of("presence").some(({ players }) => players.some(({ id }) => id === "elara")));
  for (const client of [thorin, elara]) client.socket.close();
});

test("a line is spoken to both wires at one table", async () => {
  const thorin = await join("thorin");
  const elara = await server.join("elara");
  const response = await server.speak({ text: "The dragon roars! Run." });
  expect(await response.json()).toMatchObject({ delivered: true, listeners: 2, sentences: 2 });
  await until(() => thorin.of("speech.end").length === 1 && elara.clips.length === 2);
  const [end] = thorin.of("speech.end");
  expect(thorin.frames.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: end?.chunks ?? 0 }, (_, index) => index),
  );
  const seconds = elara.clips.reduce((sum, { durationMs }) => sum + durationMs, 0);
  expect(end?.durationMs).toBeWithin(seconds - 1, seconds + 60);
  const bytes = thorin.frames.reduce((sum, { payload }) => sum + payload.length + 16, 0);
  expect(bytes / elara.clips.reduce((sum, clip) => sum + clip.bytes.length, 0)).toBeLessThan(0.1);
  for (const client of [thorin, elara]) client.socket.close();
});

test("a probe is echoed with the server's own times", async () => {
  const thorin = await join("thorin");
  thorin.say({ type: "clock", t0: 123.5 });
  await until(() => thorin.of("clock").length === 1);
  const [{ t0, t1, t2 } = { t0: 0, t1: 0, t2: 0 }] = thorin.of("clock");
  expect(t0).toBe(123.5);
  expect(t2).toBeGreaterThanOrEqual(t1);
  thorin.socket.close();
});

test("what makes no sense is an error with a code, and five of them end it; what is unknown is passed over", async () => {
  const thorin = await open("thorin");
  thorin.say({ type: "clock", t0: 1 });
  await until(() => thorin.of("error").length === 1);
  expect(thorin.of("error")[0]).toMatchObject({ code: "bad-request", fatal: false });
  thorin.say({ type: "hello", codecs: ["mp3"] });
  await until(() => thorin.of("error").length === 2);
  thorin.say({ type: "hello", codecs: ["mp3", "pcm16"], colour: "red" });
  await until(() => thorin.of("welcome").length === 1);
  thorin.say({ type: "dance" });
  thorin.socket.send("{");
  thorin.socket.send(new Uint8Array([1, 2, 3]));
  thorin.say({ type: "heard", utterance: 7 });
  await until(() => thorin.closed !== undefined);
  expect(thorin.of("error")).toHaveLength(5);
  expect(thorin.of("error")[4]?.fatal).toBe(true);
  expect(thorin.closed).toBe(1008);
});

test("the DM speaks and cancels over the socket, a player may not", async () => {
  const [dm, thorin] = [await join("dm"), await join("thorin")];
  dm.say({ type: "speak", text: "A very long tale. ".repeat(100), to: ["thorin"] });
  await until(() => thorin.frames.length > 3 && thorin.of("speech.text").length > 100);
  const utterance = thorin.of("speech.begin").at(-1)?.utterance as string;
  thorin.say({ type: "cancel", utterance });
  thorin.say({ type: "speak", text: "Me too!" });
  await until(() => thorin.of("error").length === 2);
  expect(thorin.of("error").map(({ code }) => code)).toEqual(["forbidden", "forbidden"]);
  dm.say({ type: "cancel", utterance });
  await until(() => thorin.of("speech.cancel").length === 1);
  dm.say({ type: "speak", text: "Hello?", to: ["nobody"] });
  await until(() => dm.of("error").length === 1);
  expect(dm.of("error")[0]?.code).toBe("unknown-player");
  expect(dm.frames).toEqual([]);
  for (const client of [dm, thorin]) client.socket.close();
});

test("reports of what was heard are in the status while the line sounds", async () => {
  const thorin = await join("thorin");
  const response = await server.speak({ text: "Hear, hear." }, { Prefer: "respond-async" });
  const { utterance } = (await response.json()) as { utterance: string };
  await until(() => thorin.of("speech.end").some((end) => end.utterance === utterance));
  thorin.say({ type: "heard", utterance, heardMs: 120, state: "muted", underruns: 2 });
  const own = async (): Promise<unknown[]> => {
    const { queue } = (await (await server.call("/status")).json()) as {
      queue: { utterance: string; players: unknown[] }[];
    };
    return queue.find((line) => line.utterance === utterance)?.players ?? [];
  };
  let players = await own();
  while ((players[0] as { heardMs: number } | undefined)?.heardMs === 0) players = await own();
  expect(players).toEqual([{ player: "thorin", heardMs: 120, state: "muted", underruns: 2 }]);
  thorin.say({ type: "heard", utterance, heardMs: 300, state: "muted", underruns: 2, ended: true });
  const recent = async (): Promise<{ utterance: string; report: { players: unknown[] } }[]> => {
    return ((await (await server.call("/status")).json()) as { recent: [] }).recent;
  };
  let lines = await recent();
  while (lines[0]?.utterance !== utterance) lines = await recent();
  expect(lines[0]?.report.players).toMatchObject([
    { player: "thorin", heardMs: 300, muted: true, complete: true },
  ]);
  thorin.socket.close();
});

test("a socket that is cut goes on where it was", async () => {
  const thorin = await join("thorin", { codecs: ["opus"] });
  const witness = await join("elara", { codecs: ["opus"] });
  const text = "It was a dark and stormy night. The rain fell in torrents. Then the door opened. ";
  const spoken = server.speak({ text: text.repeat(2) });
  // A line before it may still be heard.
  const told = (): string | undefined =>
    witness.of("speech.text").find((sentence) => text.startsWith(sentence.text))?.utterance;
  await until(() => told() !== undefined);
  const utterance = told();
  await until(() => thorin.framesOf(utterance).length >= 3);
  const kept = thorin.framesOf(utterance);
  const handle = kept[0]?.handle;
  thorin.cut();
  const back = await join("thorin", {
    codecs: ["opus"],
    resume: thorin.resume,
  });
  expect(back.of("welcome")[0]?.recovered).toBe(true);
  await until(() => back.isOver(utterance) && witness.isOver(utterance));
  const heard = [...kept, ...back.frames].filter((frame) => frame.handle === handle);
  expect(heard).toEqual(witness.frames.filter((frame) => frame.handle === handle));
  await spoken;
  for (const client of [back, witness]) client.socket.close();
});

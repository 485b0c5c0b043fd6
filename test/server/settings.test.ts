import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PcmPiece } from "../../src/core/dsp/audio.ts";
import type { DeliveryReport, PartyStatus } from "../../src/core/protocol/api.ts";
import { createParty } from "../../src/party/create-party.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const campaignDir = mkdtempSync(join(tmpdir(), "bardcast-settings-"));
afterAll(() => rmSync(campaignDir, { recursive: true, force: true }));
/** Speaks, unless it is told to fail. */
class Moody extends ToneEngine {
  fails = false;

  override async *synthesize(
    ...args: Parameters<ToneEngine["synthesize"]>
  ): AsyncGenerator<PcmPiece, void, undefined> {
    if (this.fails) throw new Error("it cannot");
    yield* super.synthesize(...args);
  }
}

const engine = new Moody({ samplesPerChar: 400 });
const server = await startServer({ campaignDir, engines: [engine], cache: false });

function put(settings: unknown): Promise<Response> {
  return server.call("/settings", { method: "PUT", body: JSON.stringify(settings) });
}

async function listen(player: string): Promise<V2SocketClient> {
  const client = new V2SocketClient(`${server.url}/ws?token=${await server.party.tokens.issue(player)}`);
  await client.greet({ codecs: ["opus"] });
  return client;
}

test("when text appears is the table's choice, and a line's; every listener has the text at once all the same", async () => {
  const [thorin, elara] = [await listen("thorin"), await server.join("elara")];
  const revealed = async (body: object): Promise<unknown> => {
    const { utterance } = (await (await server.speak({ text: "Boo.", ...body })).json()) as {
      utterance: string;
    };
    await until(() => elara.messages.some(({ id }) => id === utterance));
    expect(thorin.of("speech.text").some((text) => text.utterance === utterance)).toBe(true);
    return thorin.of("speech.begin").find((begin) => begin.utterance === utterance)?.reveal;
  };
  expect(await revealed({})).toBe("at-once");
  expect(await (await put({ reveal: "word" })).json()).toMatchObject({ reveal: "word" });
  expect(await revealed({})).toBe("word");
  expect(await revealed({ reveal: "sentence" })).toBe("sentence");
  // What old servers say: nothing.
  expect(await revealed({ reveal: "early" })).toBeUndefined();
  const status = (await (await server.call("/status")).json()) as PartyStatus;
  expect(status.settings.reveal).toBe("word");
  expect([...status.queue, ...status.recent].map(({ again }) => again?.reveal)).toContain("early");
  thorin.socket.close();
  elara.socket.close();
});

/** Says a line and waits until it is known who heard what. */
async function said(body: object): Promise<{ id: string; report: DeliveryReport }> {
  const line = server.party.speak({ text: "One. Two.", ...body });
  const { id } = line;
  for (const client of listeners) await until(() => client.isOver(id));
  const played = listeners.map((client) => client.framesOf(id).length > 0);
  for (const [at, client] of listeners.entries())
    client.say({
      type: "heard",
      utterance: id,
      heardMs: played[at] ? 60_000 : 0,
      state: "playing",
      underruns: 0,
      ended: true,
    });
  return { id, report: await line.done };
}
let listeners: V2SocketClient[] = [];

test("a line without speech is read by all and heard by nobody, and counts as delivered", async () => {
  const [thorin, elara] = [await listen("thorin"), await server.join("elara")];
  listeners = [thorin];
  const spoken = server.party.observers;
  let sentences = 0;
  const stop = spoken.add(({ type }) => type === "sentence.begun" && sentences++);
  const { id, report } = await said({ speech: false, reveal: "word" });
  expect(report).toMatchObject({ delivered: true, durationMs: 0, engines: [], problems: [] });
  expect(report.players.map(({ complete, textOnly }) => [complete, textOnly])).toEqual([
    [true, true],
    [true, true],
  ]);
  expect([sentences, thorin.frames.length, elara.of("audio").length]).toEqual([0, 0, 0]);
  expect(thorin.of("speech.begin").find(({ utterance }) => utterance === id)?.reveal).toBe("at-once");
  expect(thorin.of("speech.fallback")).toEqual([]);
  expect(thorin.of("speech.text").map(({ text }) => text)).toEqual(["One.", "Two."]);
  expect(elara.of("narrative").map(({ content }) => content)).toEqual(["One. Two."]);
  stop();
  thorin.socket.close();
  elara.socket.close();
});

test("the table may hear characters and only read narration, or the other way; a line may say otherwise", async () => {
  listeners = [await listen("thorin")];
  const isHeard = async (body: object): Promise<boolean> => (await said(body)).report.durationMs > 0;
  const both = async (): Promise<boolean[]> => [await isHeard({}), await isHeard({ speaker: "grok" })];
  await put({ sounds: "characters" });
  expect(await both()).toEqual([false, true]);
  expect(await isHeard({ speech: true })).toBe(true);
  await put({ sounds: "narration" });
  expect(await both()).toEqual([true, false]);
  await put({ sounds: "none" });
  expect(await both()).toEqual([false, false]);
  await put({ sounds: "all" });
  expect(await both()).toEqual([true, true]);
  listeners[0]?.socket.close();
});

test("who gets a seat that was given up hears everything, whatever its last holder wanted to hear", async () => {
  const { party } = server;
  party.seat("pip");
  party.store.hear("pip", "none");
  await party.unseat("pip");
  party.seat("pip");
  expect(party.store.settings.soundsOf("pip")).toBe("all");
  await party.unseat("pip");
});

test("a player who only wants to read some lines is sent no sound of them, on either wire, and comes back so", async () => {
  let thorin = await listen("thorin");
  let elara = await server.join("elara");
  listeners = [thorin];
  thorin.say({ type: "settings", sounds: "characters" });
  elara.socket.send(JSON.stringify({ type: "settings", sounds: "narration" }));
  const soundsOf = async (): Promise<unknown[]> =>
    ((await (await server.call("/status")).json()) as PartyStatus).players.map(({ sounds }) => sounds);
  while (JSON.stringify(await soundsOf()) !== '["characters","narration"]') await Bun.sleep(5);
  const heard = async (body: object): Promise<unknown[]> => {
    const before = elara.of("audio").length;
    const { id, report } = await said(body);
    expect(report.players.map(({ complete, reason }) => [complete, reason])).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
    expect(thorin.of("speech.text").filter(({ utterance }) => utterance === id).length).toBeGreaterThan(1);
    return [thorin.framesOf(id).length > 0, elara.of("audio").length > before];
  };
  expect(await heard({})).toEqual([false, true]);
  expect(await heard({ speaker: "grok" })).toEqual([true, false]);
  thorin.socket.close();
  elara.socket.close();
  await until(() => server.party.connections.connectionCount() === 0);
  thorin = await listen("thorin");
  elara = await server.join("elara");
  listeners = [thorin];
  expect(await heard({})).toEqual([false, true]);
  // With nobody who wants to hear it, it is not even made.
  const { durationMs } = await server.party.speak({ text: "Hm.", speaker: "grok", to: ["elara"] }).done;
  expect(durationMs).toBe(0);
  thorin.say({ type: "settings", sounds: "all" });
  elara.socket.send(JSON.stringify({ type: "settings", sounds: "all" }));
  while ((await soundsOf()).some(Boolean)) await Bun.sleep(5);
  elara.socket.send(JSON.stringify({ type: "settings", sounds: "some" }));
  await elara.until("error", 1);
  thorin.socket.close();
  elara.socket.close();
});

test("where speech fails, whoever only wants to read the line is not told to have it read out", async () => {
  const thorin = await listen("thorin");
  listeners = [thorin];
  thorin.say({ type: "settings", sounds: "characters" });
  await until(() => server.party.store.settings.soundsOf("thorin") === "characters");
  const elara = await listen("elara");
  engine.fails = true;
  await said({ text: "Crash." });
  engine.fails = false;
  await until(() => elara.of("speech.fallback").length > 0);
  expect(thorin.of("speech.fallback")).toEqual([]);
  thorin.say({ type: "settings", sounds: "all" });
  await until(() => server.party.store.settings.soundsOf("thorin") === "all");
  for (const client of [thorin, elara]) client.socket.close();
});

test("what makes no sense is refused, and whoever is not the DM", async () => {
  for (const settings of [{ reveal: "never" }, { hats: true }, 7])
    expect((await put(settings)).status).toBe(400);
  expect((await server.speak({ text: "Boo.", reveal: "never" })).status).toBe(400);
  const headers = { Authorization: `Bearer ${await server.party.tokens.issue("thorin")}` };
  expect((await server.call("/settings", { headers })).status).toBe(403);
});

test("what was chosen outlasts the process, and goes before what a program begins with", async () => {
  await put({ reveal: "sentence" });
  await server.party.close();
  const party = await createParty({ campaignDir, engines: [], settings: { reveal: "early" } });
  expect(party.store.settings.all.reveal).toBe("sentence");
  await party.close();
  const other = await createParty({ engines: [], settings: { reveal: "early" } });
  expect(other.store.settings.all.reveal).toBe("early");
  await other.close();
});

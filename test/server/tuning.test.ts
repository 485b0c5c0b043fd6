import { afterEach, expect, test } from "bun:test";
import type { TuneMessage, TuningServerMessage } from "../../src/core/protocol/tuning.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const server = await startServer({
  engines: [new ToneEngine({ samplesPerChar: 200 })],
  players: ["thorin", "elara", "pip"],
});
const IN_STEP = { codecs: ["pcm16"], sync: true };
const clients: V2SocketClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.close();
  await until(() => server.party.connections.connectionCount() === 0);
  await server.silence();
});

async function join(player: string, hello: object = IN_STEP): Promise<V2SocketClient> {
  const token = player === "dm" ? server.dmToken : await server.party.tokens.issue(player);
  const client = new V2SocketClient(`${server.url}/ws?token=${token}`);
  clients.push(client);
  await client.greet(hello);
  return client;
}

/** What it was told of tunings, one message after the other. */
function told(client: V2SocketClient): TuningServerMessage[] {
  return (client.messages as unknown as TuningServerMessage[]).filter(({ type }) => /^tune\b/.test(type));
}

function codes(client: V2SocketClient): string[] {
  return client.of("error").map(({ code }) => code);
}

/** A console that has opened a tuning. */
async function open(): Promise<{ dm: V2SocketClient; tune: TuneMessage }> {
  const dm = await join("dm");
  dm.say({ type: "tune", on: true });
  await until(() => told(dm).length === 1);
  return { dm, tune: told(dm)[0] as TuneMessage };
}

const soon = (): number => server.party.now() + 1_500;

test("who is here is told to the console, and why somebody cannot be tuned; who can is told to be quiet", async () => {
  const thorin = await join("thorin");
  const elara = await join("elara", { codecs: ["pcm16"], sync: false });
  const muted = await join("elara");
  muted.say({ type: "settings", muted: true });
  await until(() => server.party.connections.all().some(({ v2 }) => v2?.state === "muted"));
  const pip = await server.join("pip");
  const { dm, tune } = await open();
  expect(tune.devices).toEqual([
    { device: 1, player: "thorin" },
    { device: 2, player: "elara", why: "out-of-step" },
    { device: 3, player: "elara", why: "muted" },
    { device: 4, player: "pip", why: "dm20" },
  ]);
  await until(() => told(thorin).length === 1);
  expect(told(thorin)).toEqual([{ type: "tune", tune: tune.tune, on: true }]);
  dm.say({ type: "tune", on: false });
  await until(() => told(thorin).length === 2);
  expect(told(thorin)[1]).toEqual({ type: "tune", tune: tune.tune, on: false });
  expect([told(elara), told(muted)]).toEqual([[], []]);
  pip.socket.close();
});

test("a probe and a trim reach their device alone, and its answers the console: numbers, and nothing else", async () => {
  const [thorin, elara] = [await join("thorin"), await join("elara")];
  const { dm, tune } = await open();
  const device = tune.devices?.find(({ player }) => player === "elara")?.device;
  const momentsAt = [soon(), soon() + 700];
  dm.say({ type: "tune.probe", device, root: 20, level: 0.25, momentsAt, note: "Psst." });
  dm.say({ type: "tune.trim", device, ms: -187.25, spreadMs: 0.2 });
  await until(() => told(elara).length === 3);
  expect(told(elara).slice(1)).toEqual([
    { type: "tune.probe", tune: tune.tune, root: 20, level: 0.25, momentsAt },
    { type: "tune.trim", tune: tune.tune, ms: -187.25, spreadMs: 0.2 },
  ]);
  const probed = { type: "tune.probed", tune: tune.tune, placed: 2, trimMs: 5, uncertaintyMs: 1 };
  elara.say({ ...probed, output: "Elara's headphones" });
  elara.say({ type: "tune.trimmed", tune: tune.tune, ms: -187.25 });
  await until(() => told(dm).length === 3);
  expect(told(dm).slice(1)).toEqual([
    { ...probed, device } as TuningServerMessage,
    { type: "tune.trimmed", tune: tune.tune, ms: -187.25, device } as TuningServerMessage,
  ]);
  // What nobody asked for, or asked for before, goes nowhere.
  elara.say({ ...probed, tune: "another" });
  const pip = await join("pip");
  pip.say(probed);
  thorin.say({ type: "tune.trimmed", tune: tune.tune, ms: 1 });
  await until(() => told(dm).length === 4);
  expect(told(dm)[3]).toMatchObject({ type: "tune.trimmed", device: 3 - (device ?? 0) });
  expect([told(thorin).length, told(pip).length]).toEqual([1, 0]);
});

test("a player cannot tune, and neither can a console that has opened nothing", async () => {
  const [thorin, elara] = [await join("thorin"), await join("elara")];
  const probe = { type: "tune.probe", device: 1, root: 20, level: 0.25, momentsAt: [soon()] };
  for (const message of [
    { type: "tune", on: true },
    probe,
    { type: "tune.trim", device: 1, ms: 9, spreadMs: 0 },
  ])
    thorin.say(message);
  await until(() => codes(thorin).length === 3);
  expect(codes(thorin)).toEqual(["forbidden", "forbidden", "forbidden"]);
  const dm = await join("dm");
  dm.say(probe);
  await until(() => codes(dm).length === 1);
  expect(codes(dm)).toEqual(["too-late"]);
  expect(told(elara)).toEqual([]);
});

test("moments out of reach are refused, as often as they are asked for; nonsense is a mistake", async () => {
  const thorin = await join("thorin");
  const { dm } = await open();
  const probe = { type: "tune.probe", device: 1, root: 20, level: 0.25 };
  const now = server.party.now();
  for (const at of [0, now - 1, now + 100, now + 60_000, 1e300, now + 35_000])
    dm.say({ ...probe, momentsAt: [soon(), at] });
  await until(() => codes(dm).length === 6);
  expect(new Set(codes(dm))).toEqual(new Set(["too-late"]));
  for (const wrong of [{ root: 0 }, { level: 1 }, { momentsAt: [] }, { device: "1" }])
    dm.say({ ...probe, momentsAt: [soon()], ...wrong });
  await until(() => codes(dm).length === 10);
  expect(codes(dm).slice(6)).toEqual(["bad-request", "bad-request", "bad-request", "bad-request"]);
  expect(dm.closed).toBeUndefined();
  expect(told(thorin)).toHaveLength(1);
});

test("a second console has to wait until the first has ended, and ends nothing", async () => {
  const thorin = await join("thorin");
  const { dm } = await open();
  const other = await join("dm");
  other.say({ type: "tune", on: true });
  other.say({ type: "tune", on: false });
  other.say({ type: "tune.probe", device: 1, root: 20, level: 0.25, momentsAt: [soon()] });
  await until(() => codes(other).length === 2);
  expect(codes(other)).toEqual(["busy", "too-late"]);
  dm.say({ type: "tune", on: false });
  await until(() => told(thorin).length === 2);
  other.say({ type: "tune", on: true });
  await until(() => told(other).length === 1);
  expect(told(thorin).length).toBeWithin(2, 4);
});

test("lines wait meanwhile, not their texts, on either wire; they are heard when the tuning ends", async () => {
  const thorin = await join("thorin");
  const pip = await server.join("pip");
  const { dm } = await open();
  const utterance = server.party.speak({ text: "The door falls shut.", to: "all" });
  await until(() => thorin.of("speech.text").length === 1 && pip.of("narrative").length === 1);
  await Bun.sleep(200);
  expect([thorin.frames.length, pip.of("audio").length]).toEqual([0, 0]);
  expect((await server.party.status()).queue.map(({ state }) => state)).toEqual(["waiting"]);
  const endedAt = server.party.now();
  dm.say({ type: "tune", on: false });
  await until(() => thorin.of("speech.end").length === 1 && pip.of("audio").length > 0);
  expect(thorin.of("speech.move")[0]?.startAt).toBeGreaterThan(endedAt);
  expect((await utterance.handedOver).delivered).toBe(true);
  pip.socket.close();
});

test("beds are silent meanwhile, and go on when the tuning ends, as loud as they were", async () => {
  const thorin = await join("thorin");
  const { sounds } = server.party;
  sounds.setVolumes({ master: 0.5 });
  await sounds.play({ sound: "rain" });
  await until(() => thorin.of("sound.beds").length === 2);
  const { dm } = await open();
  await until(() => thorin.of("sound.beds").length === 3);
  const [, , silent] = thorin.of("sound.beds");
  expect(silent).toMatchObject({ gain: { from: 0.25, to: 0 }, beds: [{ sound: "rain" }] });
  expect((await sounds.status()).master).toBe(0.5);
  // A change meanwhile is heard afterwards.
  sounds.setVolumes({ master: 1 });
  await until(() => thorin.of("sound.beds").length === 4);
  expect(thorin.of("sound.beds").at(-1)?.gain).toMatchObject({ from: 0, to: 0 });
  dm.say({ type: "tune", on: false });
  await until(() => thorin.of("sound.beds").length === 5);
  expect(thorin.of("sound.beds").at(-1)).toMatchObject({
    gain: { from: 0, to: 1 },
    beds: [{ sound: "rain" }],
  });
  sounds.stop({ fadeMs: 0 });
});

test("a line that waits for a tuning can be cancelled", async () => {
  const thorin = await join("thorin");
  await open();
  const utterance = server.party.speak({ text: "Never mind.", to: "all" });
  await until(() => thorin.of("speech.text").length === 1);
  utterance.cancel();
  expect((await utterance.done).cancelled).toBe(true);
  expect(thorin.frames).toEqual([]);
});

test("a table that speaks is not tuned", async () => {
  const thorin = await join("thorin");
  server.party.speak({ text: "A long tale. ".repeat(50), to: "all" });
  await until(() => thorin.frames.length > 0);
  const dm = await join("dm");
  dm.say({ type: "tune", on: true });
  await until(() => codes(dm).length === 1);
  expect(codes(dm)).toEqual(["busy"]);
  expect(told(thorin)).toEqual([]);
});

test("a console that vanishes ends its tuning, and lines go on", async () => {
  const thorin = await join("thorin");
  const { dm, tune } = await open();
  server.party.speak({ text: "Is anybody there?", to: "all" });
  dm.cut();
  await until(() => thorin.of("speech.end").length === 1);
  expect(told(thorin).at(-1)).toEqual({ type: "tune", tune: tune.tune, on: false });
});

test("of a device that sounds by something else now the status says so, until it is tuned again", async () => {
  const thorin = await join("thorin");
  const isUntuned = async (): Promise<unknown> =>
    (await server.party.status()).players.find(({ id }) => id === "thorin")?.untuned;
  expect(await isUntuned()).toBeUndefined();
  thorin.say({ type: "tune.lost" });
  while ((await isUntuned()) !== true) await Bun.sleep(1);
  await server.call("/status");
  thorin.say({ type: "tune.trimmed", tune: "any", ms: 0 });
  while ((await isUntuned()) !== undefined) await Bun.sleep(1);
});

test("a console without a microphone hears by a player's phone: numbers, and nothing else, and of nobody else", async () => {
  const [thorin, elara] = [await join("thorin"), await join("elara")];
  const dm = await join("dm");
  const find = { type: "tune.find", root: 25, momentAt: soon() };
  const found = { type: "tune.found", root: 25, momentAt: find.momentAt, lateMs: 12.5, isHeard: true };
  dm.say({ type: "tune.ear", player: "elara" });
  await until(() => told(elara).length === 1);
  expect(told(elara)).toEqual([{ type: "tune.ear", on: true }]);
  // Nobody asked this one.
  thorin.say({ type: "tune.hearing", state: "ready" });
  elara.say({ type: "tune.hearing", state: "asked", name: "Elara's phone" });
  elara.say({ type: "tune.hearing", state: "ready" });
  await until(() => told(dm).length === 2);
  expect(told(dm)).toEqual([
    { type: "tune.hearing", state: "asked" },
    { type: "tune.hearing", state: "ready" },
  ]);
  dm.say(find);
  await until(() => codes(dm).length === 1);
  dm.say({ type: "tune", on: true });
  await until(() => told(dm).length === 3);
  const [, , tune] = told(dm) as [unknown, unknown, TuneMessage];
  expect(tune.devices).toEqual([
    { device: 1, player: "thorin" },
    { device: 2, player: "elara", ear: true },
  ]);
  dm.say({ ...find, note: "Psst." });
  await until(() => told(elara).length === 3);
  expect(told(elara)[2]).toEqual(find as TuningServerMessage);
  thorin.say({ ...found, lateMs: 0 });
  elara.say({ ...found, sound: "AAAA" });
  await until(() => told(dm).length === 4);
  expect(told(dm)[3]).toEqual(found as TuningServerMessage);
  dm.say({ type: "tune", on: false });
  await until(() => told(elara).length === 5);
  expect(told(elara).slice(3)).toEqual([
    { type: "tune", tune: tune.tune, on: false },
    { type: "tune.ear", on: false },
  ]);
  elara.say(found);
  dm.say(find);
  await until(() => codes(dm).length === 2);
  expect([codes(dm), told(dm).length, told(thorin).length]).toEqual([["too-late", "too-late"], 5, 2]);
});

test("of a player's phones the first one that listens does; where none can, the console is told why", async () => {
  const [one, other] = [await join("thorin"), await join("thorin")];
  const dm = await join("dm");
  dm.say({ type: "tune.ear", player: "thorin" });
  await until(() => told(one).length + told(other).length === 2);
  one.say({ type: "tune.hearing", state: "insecure" });
  other.say({ type: "tune.hearing", state: "ready" });
  await until(() => told(dm).length === 1);
  expect(told(dm)).toEqual([{ type: "tune.hearing", state: "ready" }]);
  other.cut();
  await until(() => told(dm).length === 2);
  expect(told(dm)[1]).toEqual({ type: "tune.hearing", state: "gone" });
  dm.say({ type: "tune.ear", player: "thorin" });
  await until(() => told(one).length === 2);
  one.say({ type: "tune.hearing", state: "insecure" });
  dm.say({ type: "tune.ear", player: "pip" });
  await until(() => told(dm).length === 4);
  expect(told(dm).slice(2)).toEqual([
    { type: "tune.hearing", state: "insecure" },
    { type: "tune.hearing", state: "gone" },
  ]);
  // Whoever is asked answers for all.
  const third = await join("thorin");
  dm.say({ type: "tune.ear", player: "thorin" });
  await until(() => told(third).length === 1);
  third.say({ type: "tune.hearing", state: "refused" });
  await until(() => told(dm).length === 5 && told(one).length === 4);
  expect([told(dm)[4], told(one)[3]] as unknown[]).toEqual([
    { type: "tune.hearing", state: "refused" },
    { type: "tune.ear", on: false },
  ]);
});

test("a phone listens for one console at a time, and no more once that has gone; a player has none listen", async () => {
  const [thorin, elara] = [await join("thorin"), await join("elara")];
  const [dm, other] = [await join("dm"), await join("dm")];
  dm.say({ type: "tune.ear", player: "elara" });
  await until(() => told(elara).length === 1);
  other.say({ type: "tune.ear", player: "thorin" });
  thorin.say({ type: "tune.ear", player: "elara" });
  thorin.say({ type: "tune.find", root: 1, momentAt: soon() });
  await until(() => codes(other).length === 1 && codes(thorin).length === 2);
  expect([codes(other), codes(thorin)]).toEqual([["busy"], ["forbidden", "forbidden"]]);
  dm.cut();
  await until(() => told(elara).length === 2);
  expect([told(elara)[1], told(thorin)]).toEqual([{ type: "tune.ear", on: false }, []]);
});

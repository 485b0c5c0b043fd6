import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SoundInfo, SoundsStatus } from "../../src/core/protocol/sounds.ts";
import { serve } from "../../src/server/bun.ts";
import { connectMcp } from "../support/mcp-client.ts";
import { startServer, TestServer } from "../support/server.ts";
import { sine } from "../support/sound.ts";
import { flacOf, wavOf } from "../support/sound-files.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const campaignDir = mkdtempSync(join(tmpdir(), "bardcast-sounds-"));
afterAll(() => rmSync(campaignDir, { recursive: true, force: true }));
const folder = join(campaignDir, "sounds");
const server = await startServer({ campaignDir, engines: [new ToneEngine()], cache: false });
const door = wavOf(sine(440, 24_000, 0.5, 0.5));

const open: V2SocketClient[] = [];
afterEach(() => {
  for (const client of open.splice(0)) client.socket.close();
});

beforeEach(async () => {
  await ask("POST", "/sounds/stop", { fadeMs: 0 });
  await ask("PUT", "/sounds/volumes", { master: 1, players: { thorin: 1, elara: 1 } });
  await untilSilent();
});

async function ask(method: string, path: string, body?: object, on: TestServer = server): Promise<Response> {
  return on.call(path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
}

async function status(on: TestServer = server): Promise<SoundsStatus> {
  return (await (await ask("GET", "/sounds", undefined, on)).json()) as SoundsStatus;
}

function upload(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return server.call(`/sounds?name=${encodeURIComponent(name)}`, { method: "POST", body: bytes, headers });
}

async function kept(name: string, bytes = door): Promise<SoundInfo> {
  return (await (await upload(name, bytes)).json()) as SoundInfo;
}

async function listen(player: string, on: TestServer = server): Promise<V2SocketClient> {
  const client = new V2SocketClient(`${on.url}/ws?token=${await on.party.tokens.issue(player)}`);
  open.push(client);
  await client.greet({ codecs: ["opus"] });
  return client;
}

const bedsOf = (client: V2SocketClient) => client.of("sound.beds");
const hitsOf = (client: V2SocketClient) => client.of("sound.hit");

/** What fades out within no time is gone when it was told. */
async function untilSilent(): Promise<void> {
  while ((await status()).beds.length > 0) await Bun.sleep(20);
}

async function playerToken(): Promise<Record<string, string>> {
  return { Authorization: `Bearer ${await server.party.tokens.issue("thorin")}` };
}

test("a file that is uploaded is kept once, by the hash of its bytes, and no other file has its name", async () => {
  const first = await upload("Door.wav", door);
  expect(first.status).toBe(201);
  const sound = (await first.json()) as SoundInfo;
  expect(sound).toMatchObject({ name: "Door", format: "wav", bytes: door.length, seconds: 0.5 });
  expect(sound.id).toBe(new Bun.CryptoHasher("sha256").update(door).digest("hex"));
  const again = await upload("Other.wav", door);
  expect(again.status).toBe(200);
  expect(await again.json()).toEqual(sound);
  expect((await upload("DOOR", wavOf(sine(220, 24_000, 0.5, 0.5)))).status).toBe(409);
  expect(readdirSync(folder)).toEqual(["Door.wav"]);
});

test("what is no sound, is too large, or has no name is refused, and nothing of it is written", async () => {
  const page = new TextEncoder().encode(`<script>alert(1)</script>${" ".repeat(5_000)}`);
  expect((await upload("page.mp3", page, { "Content-Type": "audio/mpeg" })).status).toBe(400);
  expect((await upload("large", new Uint8Array(20 * 1024 * 1024 + 1))).status).toBe(413);
  expect((await upload("../..", door)).status).toBe(400);
  expect((await server.call("/sounds", { method: "POST", body: door })).status).toBe(400);
  expect(existsSync(join(campaignDir, "page.mp3"))).toBe(false);
  expect(readdirSync(folder)).toEqual(["Door.wav"]);
});

test("no player uploads, lists, plays, measures or removes, and a stranger hears nothing", async () => {
  const headers = await playerToken();
  const { id } = await kept("Door");
  expect((await upload("mine", door, headers)).status).toBe(403);
  expect((await server.call("/sounds", { headers })).status).toBe(403);
  for (const [method, path] of [
    ["POST", "/sounds/play"],
    ["POST", "/sounds/stop"],
    ["POST", "/sounds/hit"],
    ["PUT", "/sounds/volumes"],
    ["PUT", `/sounds/${id}/measure`],
    ["DELETE", `/sounds/${id}`],
  ] as const)
    expect((await server.call(path, { method, headers, body: "{}" })).status).toBe(403);
  expect((await server.call(`/sounds/${id}/file`, { headers: { Authorization: "Bearer no" } })).status).toBe(
    401,
  );
  const { token } = await server.party.guests.invite("service", "bot");
  expect(
    (await server.call(`/sounds/${id}/file`, { headers: { Authorization: `Bearer ${token}` } })).status,
  ).toBe(403);
});

test("whoever has a seat fetches a file, in ranges, and keeps it; it is never anything but sound", async () => {
  const { id } = await kept("Door");
  const headers = await playerToken();
  const path = `/sounds/${id}/file`;
  const whole = await server.call(path, { headers });
  expect(whole.status).toBe(200);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    "content-type": "audio/wav",
    "content-disposition": "attachment",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=31536000, immutable",
    "accept-ranges": "bytes",
  });
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(door);
  const part = async (range: string): Promise<[number, string | null, number]> => {
    const answer = await server.call(path, { headers: { ...headers, Range: range } });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const [, from = "0"] = /bytes (\d+)-/.exec(answer.headers.get("Content-Range") ?? "") ?? [];
    if (answer.ok) expect(bytes).toEqual(door.subarray(Number(from), Number(from) + bytes.length));
    return [answer.status, answer.headers.get("Content-Range"), bytes.length];
  };
  const size = door.length;
  expect(await part("bytes=0-99")).toEqual([206, `bytes 0-99/${size}`, 100]);
  expect(await part("bytes=100-")).toEqual([206, `bytes 100-${size - 1}/${size}`, size - 100]);
  expect(await part("bytes=-10")).toEqual([206, `bytes ${size - 10}-${size - 1}/${size}`, 10]);
  expect(await part(`bytes=5-${size * 2}`)).toEqual([206, `bytes 5-${size - 1}/${size}`, size - 5]);
  expect(await part(`bytes=${size}-`)).toEqual([416, `bytes */${size}`, 0]);
  const head = await server.call(path, { method: "HEAD", headers });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  for (const odd of ["bytes=9-3", "bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=a-b"])
    expect(await part(odd)).toEqual([200, null, size]);
});

test("only what is in the folder is served, whatever is asked for", async () => {
  for (const id of ["..%2F..%2Fstate.json", "Door.wav", "Door", "state.json", "%00", "wind"])
    expect((await server.call(`/sounds/${id}/file`)).status).toBe(404);
});

test("files that are dropped into the folder are found; what is none, or leads elsewhere, is told and not served", async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Tavern night.flac"), flacOf(90));
  writeFileSync(join(folder, "page.mp3"), "<script>alert(1)</script>");
  writeFileSync(join(folder, ".hidden.wav"), door);
  writeFileSync(join(folder, "notes.txt"), "not for anybody");
  writeFileSync(join(campaignDir, "outside.wav"), wavOf(sine(100, 24_000, 0.5, 1)));
  symlinkSync(join(campaignDir, "outside.wav"), join(folder, "link.wav"));
  const { sounds, refused } = await status();
  expect(sounds.flatMap(({ name, builtIn }) => (builtIn ? [] : [name]))).toEqual(["Door", "Tavern night"]);
  expect(refused.map(({ name }) => name)).toEqual(["link.wav", "page.mp3"]);
  rmSync(join(folder, "Tavern night.flac"));
  expect((await status()).sounds.map(({ name }) => name)).not.toContain("Tavern night");
  for (const name of ["page.mp3", ".hidden.wav", "link.wav", "notes.txt"]) rmSync(join(folder, name));
});

test("a file that was changed is not served under its old hash", async () => {
  writeFileSync(join(folder, "swap.wav"), wavOf(sine(300, 24_000, 0.5, 0.2)));
  const before = (await status()).sounds.find(({ name }) => name === "swap");
  writeFileSync(join(folder, "swap.wav"), wavOf(sine(600, 24_000, 0.5, 0.3)));
  expect((await server.call(`/sounds/${before?.id}/file`)).status).toBe(404);
  rmSync(join(folder, "swap.wav"));
});

test("a bed is told to everybody on v2 with the moment of its beginning, and to who joins later with the same", async () => {
  const thorin = await listen("thorin");
  const said = server.party.now();
  const answer = (await (
    await ask("POST", "/sounds/play", { sound: "rain", fadeMs: 1_000 })
  ).json()) as SoundsStatus;
  expect(answer.beds).toMatchObject([{ sound: "rain", name: "rain", volume: 1 }]);
  await until(() => bedsOf(thorin).at(-1)?.beds.length === 1);
  const told = bedsOf(thorin).at(-1);
  expect(told).toMatchObject({ duckDb: 12, beds: [{ sound: "rain", gain: { from: 0, to: 1, ms: 1_000 } }] });
  expect(told?.beds[0]?.startAt).toBeGreaterThan(said);
  const elara = await listen("elara");
  await until(() => bedsOf(elara).length > 0);
  expect(bedsOf(elara)[0]?.beds).toEqual(told?.beds as never);
});

test("one bed comes as another goes, and no more than four play", async () => {
  const thorin = await listen("thorin");
  await ask("POST", "/sounds/play", { sound: "rain" });
  await ask("POST", "/sounds/play", { sound: "fire", instead: true, volume: 0.5, fadeMs: 500 });
  await until(() => bedsOf(thorin).at(-1)?.beds.length === 2);
  const [rain, fire] = bedsOf(thorin).at(-1)?.beds ?? [];
  expect(rain?.gain).toMatchObject({ to: 0, ms: 500, at: fire?.gain.at as number });
  expect(fire?.gain).toMatchObject({ from: 0, to: 0.25, ms: 500 });
  for (const sound of ["rain", "wind", "sea"])
    expect((await ask("POST", "/sounds/play", { sound })).status).toBe(200);
  expect((await ask("POST", "/sounds/play", { sound: "Door" })).status).toBe(503);
  expect((await ask("POST", "/sounds/play", { sound: "nothing" })).status).toBe(404);
  expect((await ask("POST", "/sounds/stop", { sound: "nothing" })).status).toBe(404);
});

test("what was measured is brought to −23 LUFS as a bed and −18 as a hit, and never clips", async () => {
  const thorin = await listen("thorin");
  const { id } = await kept("Door");
  await ask("PUT", `/sounds/${id}/measure`, { lufs: -33, peak: 0.1 });
  await ask("POST", "/sounds/play", { sound: "door" });
  await ask("POST", "/sounds/hit", { sound: "Door" });
  await until(() => hitsOf(thorin).length > 0 && bedsOf(thorin).at(-1)?.beds.length === 1);
  expect(bedsOf(thorin).at(-1)?.beds[0]?.gain.to).toBeCloseTo(10 ** (10 / 20), 6);
  expect(hitsOf(thorin)[0]?.gain).toBeCloseTo(10 ** (15 / 20), 6);
  await ask("PUT", `/sounds/${id}/measure`, { lufs: -33, peak: 0.8 });
  await until(() => (bedsOf(thorin).at(-1)?.beds[0]?.gain.to ?? 2) < 2);
  expect(bedsOf(thorin).at(-1)?.beds[0]?.gain.to).toBeCloseTo(10 ** (-1 / 20) / 0.8, 6);
  expect((await ask("PUT", "/sounds/none/measure", { lufs: -33, peak: 0.8 })).status).toBe(404);
});

test("a hit reaches those it is for alone, in step or at once", async () => {
  const [thorin, elara] = [await listen("thorin"), await listen("elara")];
  expect(
    await (await ask("POST", "/sounds/hit", { sound: "dice", to: ["elara"], inStep: false })).json(),
  ).toEqual({ sent: 1 });
  expect(await (await ask("POST", "/sounds/hit", { sound: "dice" })).json()).toEqual({ sent: 2 });
  await until(() => hitsOf(elara).length === 2 && hitsOf(thorin).length === 1);
  expect(hitsOf(elara)[0]).not.toHaveProperty("startAt");
  expect(hitsOf(elara)[1]?.startAt).toBe(hitsOf(thorin)[0]?.startAt as number);
  expect(hitsOf(elara)[1]?.seed).not.toBe(hitsOf(elara)[0]?.seed as number);
  expect((await ask("POST", "/sounds/hit", { sound: "dice", to: ["gandalf"] })).status).toBe(400);
});

test("at a table with a loudspeaker the place is heard there alone, and a private hit everywhere else; who wants no sound hears neither", async () => {
  const [thorin, elara] = [await listen("thorin"), await listen("elara")];
  await ask("POST", "/sounds/play", { sound: "sea" });
  await ask("PUT", "/settings", { loudspeakers: ["thorin"] });
  await until(() => bedsOf(elara).at(-1)?.beds.length === 0);
  expect(bedsOf(thorin).at(-1)?.beds.length).toBe(1);
  expect(await (await ask("POST", "/sounds/hit", { sound: "dice" })).json()).toEqual({ sent: 1 });
  expect(await (await ask("POST", "/sounds/hit", { sound: "dice", to: ["thorin"] })).json()).toEqual({
    sent: 0,
  });
  await ask("PUT", "/settings", { loudspeakers: [] });
  await until(() => bedsOf(elara).at(-1)?.beds.length === 1);
  elara.say({ type: "settings", sounds: "none" });
  await until(() => bedsOf(elara).at(-1)?.beds.length === 0);
  elara.say({ type: "settings", sounds: "all" });
  await until(() => bedsOf(elara).at(-1)?.beds.length === 1);
});

test("volumes are for all and for each player, glide, and go with the seat", async () => {
  const [thorin, elara] = [await listen("thorin"), await listen("elara")];
  await ask("POST", "/sounds/play", { sound: "wind" });
  await ask("PUT", "/sounds/volumes", { master: 0.5, players: { elara: 0.5 }, duckDb: 6 });
  await until(() => bedsOf(elara).at(-1)?.duckDb === 6 && bedsOf(thorin).at(-1)?.duckDb === 6);
  expect(bedsOf(thorin).at(-1)?.gain).toMatchObject({ from: 1, to: 0.25 });
  expect(bedsOf(elara).at(-1)?.gain).toMatchObject({ from: 1, to: 0.0625 });
  expect((await ask("PUT", "/sounds/volumes", { players: { gandalf: 1 } })).status).toBe(400);
  expect((await ask("PUT", "/sounds/volumes", { master: 2 })).status).toBe(400);
  server.party.sounds.forget("elara");
  expect((await status()).players).toEqual({});
});

test("a client on the dm20 wire hears nothing of it, byte for byte, and neither does v2 where nothing was played", async () => {
  const heard = async (
    work: (on: TestServer) => Promise<unknown>,
  ): Promise<{ dm20: string[]; v2: boolean }> => {
    const bare = await startServer({ engines: [new ToneEngine()], cache: false });
    const pip = await bare.join("thorin");
    const elara = await listen("elara", bare);
    await work(bare);
    const late = await bare.join("thorin");
    await bare.speak({ text: "The door opens." });
    await until(() => pip.clips.length > 0 && late.clips.length > 0);
    const told = [...pip.messages, ...late.messages].map(({ id: _, timestamp: __, ...message }) =>
      JSON.stringify(message),
    );
    const v2 = elara.messages.some(({ type }) => type.startsWith("sound."));
    return { dm20: told, v2 };
  };
  const without = await heard(async () => undefined);
  const withSounds = await heard(async (on) => {
    await ask("POST", "/sounds/play", { sound: "rain" }, on);
    await ask("POST", "/sounds/hit", { sound: "dice" }, on);
  });
  expect([without.v2, withSounds.v2]).toEqual([false, true]);
  expect(withSounds.dm20).toEqual(without.dm20);
});

test("how the place sounds outlasts a restart, and goes on where it is by then", async () => {
  const dir = mkdtempSync(join(tmpdir(), "bardcast-sounds-again-"));
  const open = async (): Promise<TestServer> => {
    const opened = await serve({
      port: 0,
      host: "127.0.0.1",
      campaignDir: dir,
      players: ["thorin"],
      engines: [new ToneEngine()],
      cache: false,
    });
    afterAll(() => opened.close());
    return new TestServer(opened, await opened.party.tokens.issueDm());
  };
  const first = await open();
  await ask("POST", "/sounds/play", { sound: "rain", volume: 0.5, fadeMs: 0 }, first);
  await ask("POST", "/sounds/play", { sound: "sea", fadeMs: 0 }, first);
  await ask("POST", "/sounds/stop", { sound: "sea", fadeMs: 60_000 }, first);
  await ask("PUT", "/sounds/volumes", { master: 0.5, players: { thorin: 0.5 } }, first);
  await Bun.sleep(700);
  const playedMs = (await status(first)).beds[0]?.playedMs ?? 0;
  await first.party.close();
  const second = await open();
  const { beds, master, players } = await status(second);
  expect(beds).toMatchObject([{ sound: "rain", volume: 0.5 }]);
  expect(beds[0]?.playedMs).toBeGreaterThanOrEqual(playedMs);
  expect({ master, players }).toEqual({ master: 0.5, players: { thorin: 0.5 } });
  const thorin = await listen("thorin", second);
  await until(() => bedsOf(thorin).length > 0);
  expect(bedsOf(thorin)[0]).toMatchObject({
    beds: [{ gain: { from: 0.25, to: 0.25 } }],
    gain: { to: 0.0625 },
  });
  expect(second.party.now() - (bedsOf(thorin)[0]?.beds[0]?.startAt ?? 0)).toBeGreaterThanOrEqual(playedMs);
  await second.party.close();
  rmSync(dir, { recursive: true, force: true });
});

test("a table without a folder plays what is built in, and says that it keeps no files", async () => {
  const bare = await startServer({ engines: [new ToneEngine()], cache: false });
  expect((await ask("POST", "/sounds/play", { sound: "wind" }, bare)).status).toBe(200);
  const answer = await bare.call("/sounds?name=x", { method: "POST", body: door });
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("--campaign");
});

test("a language model lists, plays and ends what sounds, and lets dice roll", async () => {
  await listen("thorin");
  const mcp = await connectMcp(server.url, server.dmToken, { age: "auto" });
  expect((await mcp.call("list_sounds", {})).text).toMatch(
    /rain: a bed, built in\.[\s\S]*Door: 1 s\.[\s\S]*No bed plays\./,
  );
  expect((await mcp.call("play_bed", { sound: "rain", fade_seconds: 0 })).text).toBe("Playing: rain.");
  expect((await mcp.call("play_sound", { sound: "dice" })).text).toBe("Sent to one device.");
  expect((await mcp.call("fade_out", { fade_seconds: 30 })).text).toBe("Playing: rain (fading out).");
  expect((await mcp.call("play_bed", { sound: "drums" })).text).toMatch(
    /^not-found: there is no sound "drums"/,
  );
  await ask("POST", "/sounds/stop", { fadeMs: 0 });
  await mcp.close();
});

import { expect, test } from "bun:test";
import { Dm20Client, startServer } from "../support/server.ts";
import { until } from "../support/table.ts";

const server = await startServer();

test("a dm20 client collects a complete, decodable WAV clip for every sentence", async () => {
  const thorin = await server.join("thorin");
  const text = "The dragon roars! Smoke fills the hall. Run.";
  const response = await server.speak({ text, to: ["thorin"] });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    utterance: expect.any(String),
    delivered: true,
    listeners: 1,
    sentences: 3,
    durationMs: expect.any(Number),
    engines: ["espeak"],
  });
  await until(() => thorin.clips.length === 3);
  for (const clip of thorin.clips) {
    const view = new DataView(clip.bytes.buffer);
    const [rate, dataBytes] = [view.getUint32(24, true), view.getUint32(40, true)];
    expect(new TextDecoder().decode(clip.bytes.subarray(0, 4))).toBe("RIFF");
    expect(dataBytes).toBe(clip.bytes.length - 44);
    expect(Math.round((dataBytes / 2 / rate) * 1000)).toBe(clip.durationMs);
    const samples = new Int16Array(clip.bytes.buffer, 44);
    expect(Math.max(...samples.map(Math.abs))).toBeGreaterThan(3000);
  }
  const types = thorin.messages.map((message) => message.type);
  expect(types.indexOf("private")).toBeLessThan(types.indexOf("audio"));
  thorin.socket.close();
});

test("a streamed body is spoken before it ends, its other fields come from the query", async () => {
  const elara = await server.join("elara");
  let write: ((text: string) => void) | undefined;
  let end: (() => void) | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      write = (text) => controller.enqueue(new TextEncoder().encode(text));
      end = () => controller.close();
    },
  });
  const answer = server.call("/speak?to=elara&speaker=combat", {
    method: "POST",
    headers: { "Content-Type": "text/plain; charset=utf-8" },
    body,
  });
  write?.("Roll for initi");
  write?.("ative. And th");
  await until(() => elara.clips.length === 1);
  expect(elara.of("private").map((message) => message.content)).toEqual(["Roll for initiative."]);
  write?.("en?");
  end?.();
  const response = await answer;
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ delivered: true, sentences: 2 });
  elara.socket.close();
});

test("a streamed body may interrupt: yes, no, or for good", async () => {
  const headers = { "Content-Type": "text/plain" };
  const say = (interrupt: string): Promise<Response> =>
    server.call(`/speak?interrupt=${interrupt}`, { method: "POST", headers, body: "Now." });
  for (const word of ["true", "false", "drop"]) expect((await say(word)).status).toBe(200);
  expect((await say("maybe")).status).toBe(400);
});

test("what is left out, and how stage directions are taken, is checked at the door", async () => {
  const thorin = await server.join("thorin");
  const body = { text: "<think>Hm.</think>*sighs* Go.", omit: ["think"], stageDirections: "said" };
  expect((await server.speak(body)).status).toBe(200);
  const headers = { "Content-Type": "text/plain" };
  const say = (query: string): Promise<Response> =>
    server.call(`/speak?${query}`, { method: "POST", headers, body: body.text });
  expect((await say("omit=think&stageDirections=shown")).status).toBe(200);
  expect(thorin.of("narrative").map((message) => message.content)).toEqual(["*sighs* Go.", "*sighs* Go."]);
  expect((await say("omit=dreams")).status).toBe(400);
  expect((await say("stageDirections=maybe")).status).toBe(400);
  expect((await server.speak({ text: "Go.", omit: "think" })).status).toBe(400);
  thorin.socket.close();
});

test("with `Prefer: respond-async` the answer comes at once, and DELETE cancels the line", async () => {
  const thorin = await server.join("thorin");
  const response = await server.speak(
    { text: "A very long story begins here. ".repeat(100) },
    { Prefer: "respond-async" },
  );
  expect(response.status).toBe(202);
  const { utterance } = await response.json();
  const cancelled = await server.call(`/speak/${utterance}`, { method: "DELETE" });
  expect(cancelled.status).toBe(200);
  await until(() => server.party.streams.utterances.length === 0);
  expect(thorin.clips.length).toBeLessThan(100);
  const again = await server.call(`/speak/${utterance}`, { method: "DELETE" });
  expect(again.status).toBe(404);
  expect(await again.json()).toMatchObject({ error: { code: "unknown-utterance" } });
  thorin.socket.close();
});

test("nobody connected is told as not delivered", async () => {
  const response = await server.speak({ text: "Hello?" });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ delivered: false, listeners: 0, sentences: 1 });
});

test("an NPC speaks with the voice of race and gender, a given voice comes before it", async () => {
  const thorin = await server.join("thorin");
  const text = "The same words for everyone.";
  const bodies = [
    { text, npc: { name: "mara", race: "dwarf", gender: "male" } },
    { text, npc: { name: "mara", race: "elf", gender: "female" } },
    { text, npc: { name: "mara", race: "elf", gender: "female" }, voice: { speed: 2 } },
  ];
  for (const body of bodies) expect((await server.speak(body)).status).toBe(200);
  await until(() => thorin.clips.length === 3);
  const [dwarf, elf, fast] = thorin.clips;
  expect(dwarf?.bytes).not.toEqual(elf?.bytes as never);
  expect((fast?.durationMs ?? 0) / (elf?.durationMs ?? 1)).toBeLessThan(0.75);
  thorin.socket.close();
});

const bad: [why: string, body: unknown, status: number, code: string][] = [
  ["an unknown player", { text: "Hi", to: ["nobody"] }, 400, "unknown-player"],
  ["an empty text", { text: "  " }, 400, "text-empty"],
  ["an over-long text", { text: "x".repeat(10_001) }, 400, "text-too-long"],
  ["no text", {}, 400, "bad-request"],
  ["a text that is a number", { text: 7 }, 400, "bad-request"],
  ["an audience of the wrong type", { text: "Hi", to: 7 }, 400, "bad-request"],
  ["an empty audience", { text: "Hi", to: [] }, 400, "bad-request"],
  ["an NPC without a name", { text: "Hi", npc: { race: "elf" } }, 400, "bad-request"],
  ["a priority of the wrong type", { text: "Hi", priority: "high" }, 400, "bad-request"],
  ["an effect that there is not", { text: "Hi", voice: { effects: ["cave", "echo"] } }, 400, "bad-request"],
  ["a voice of the wrong type", { text: "Hi", voice: { speed: "banana" } }, 400, "bad-request"],
  ["an unknown field", { text: "Hi", tezt: "Hi" }, 400, "bad-request"],
  ["a list", [], 400, "bad-request"],
  ["an oversized body", { text: "x".repeat(300_000) }, 413, "payload-too-large"],
];

test.each(bad)("%s is refused with a clear code", async (_why, body, status, code) => {
  const response = await server.speak(body);
  expect(response.status).toBe(status);
  const { error } = await response.json();
  expect(error).toMatchObject({ code, message: expect.stringMatching(/\w{2,} \w/) });
});

test("broken JSON is refused, naming what is wrong", async () => {
  const response = await server.call("/speak", { method: "POST", body: '{"text": ' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: "bad-request", message: "the body is not JSON" },
  });
});

test("a wrong field is named", async () => {
  const { error } = await (await server.speak({ text: 7, priority: "high" })).json();
  expect(error.issues.map((issue: { path: string }) => issue.path)).toEqual(["text", "priority"]);
});

test("an empty streamed body is refused", async () => {
  const thorin = await server.join("thorin");
  const response = await server.call("/speak", {
    method: "POST",
    headers: { "Content-Type": "text/plain" },
    body: "  \n ",
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: "text-empty" } });
  thorin.socket.close();
});

test.each([
  ["a pause", "[pause 300ms]", 300],
  ["pauses", " [pause 100ms]\n[whisper][pause 0.1s][/whisper] [pause 50ms]", 250],
  ["a pause longer than there is", "[pause 60s]", 10_000],
  ["a pause in SSML", '<speak><break time="200ms"/></speak>', 200],
  ["a pause and a stage direction", "[The wind howls] [pause 100ms]", 100],
  ["a stage direction", "*sighs*", 0],
  ["marks", "…", 0],
  ["no pause", "[pause 0ms]", 0],
  ["tags", "[voice mara][whisper][/whisper][/voice]", 0],
])("a text of nothing but %s does what it says, whole or as a stream", async (_what, text, ms) => {
  await server.silence();
  const [thorin, elara] = [await server.join("thorin"), await server.join("elara")];
  const headers = { "Content-Type": "text/plain" };
  const stream = server.call("/speak", { method: "POST", headers, body: text });
  for (const answer of [server.speak({ text }), stream]) {
    const response = await answer;
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      delivered: true,
      listeners: 2,
      durationMs: ms,
      problems: [],
    });
  }
  for (const player of [thorin, elara]) {
    await until(() => player.clips.length === (ms === 0 ? 0 : 2));
    for (const { bytes, durationMs } of player.clips) {
      // No two clips with as many chunks are said to be equally long.
      expect(durationMs - (ms ?? 0)).toBeWithin(0, 8);
      expect(new Int16Array(bytes.buffer, 44).every((sample) => sample === 0)).toBe(true);
    }
    player.socket.close();
  }
});

test("the API wants the DM's token: none or a wrong one is 401, a player's 403", async () => {
  const player = await server.party.tokens.issue("thorin");
  const call = (headers: Record<string, string>) => fetch(`${server.url}/api/status`, { headers });
  const statuses = [
    await call({}),
    await call({ Authorization: "Bearer nonsense" }),
    await call({ Authorization: `Bearer ${player}` }),
    await call({ Authorization: `Bearer ${server.dmToken}` }),
  ].map((response) => response.status);
  expect(statuses).toEqual([401, 401, 403, 200]);
});

test("a socket with no, a forged, or a revoked token is refused before the upgrade", async () => {
  const old = await server.party.tokens.issue("elara");
  await server.party.reinvite("elara");
  for (const query of ["", "?token=", "?token=forged", `?token=${old}`]) {
    const refused = await fetch(`${server.url}/ws${query}`, {
      headers: {
        Upgrade: "websocket",
        Connection: "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
      },
    });
    expect(refused.status).toBe(401);
    const client = new Dm20Client(`${server.url}/ws${query}`);
    await until(() => client.closed !== undefined);
    expect(client.messages).toEqual([]);
  }
});

test("a message that is not JSON gets an error, a few of them end the socket, and the server goes on", async () => {
  const thorin = await server.join("thorin");
  thorin.socket.send("not json");
  await thorin.until("error", 1);
  expect(thorin.of("error")[0]).toMatchObject({ code: "bad-request" });
  for (let i = 0; i < 4; i++) thorin.socket.send(JSON.stringify({ type: "nonsense" }));
  await until(() => thorin.closed !== undefined);
  expect(thorin.closed?.code).toBe(1008);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test("a replaced link closes the player's sockets; an unseated player is gone", async () => {
  server.party.seat("guest");
  const guest = await server.join("guest");
  const refreshed = await server.call("/players/guest/refresh", { method: "POST" });
  const { url } = await refreshed.json();
  await until(() => guest.closed !== undefined);
  expect(guest.closed?.code).toBe(1008);
  expect((await fetch(url)).status).toBe(200);
  expect((await server.call("/players/guest", { method: "DELETE" })).status).toBe(200);
  expect((await fetch(url)).status).toBe(401);
  expect((await server.speak({ text: "Hi", to: ["guest"] })).status).toBe(400);
});

test("a player is seated while the game goes on, an impossible name is refused", async () => {
  const seat = (id: string) => server.call("/players", { method: "POST", body: JSON.stringify({ id }) });
  const response = await seat("newcomer");
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({
    id: "newcomer",
    url: expect.stringContaining("/play?token="),
  });
  for (const id of ["", "all", "DM", "<script>", "../etc", "x".repeat(65)]) {
    expect((await seat(id)).status).toBe(400);
  }
  await server.call("/players/newcomer", { method: "DELETE" });
});

test("status tells who is here, what speaks, and what was said", async () => {
  const thorin = await server.join("thorin");
  await server.speak({ text: "Noted.", to: ["thorin"] });
  const status = await (await server.call("/status")).json();
  expect(status.players).toContainEqual({ id: "thorin", connections: 1, state: "connected" });
  expect(status.engines[0]).toMatchObject({ name: "espeak", available: true });
  expect(status.recent[0]).toMatchObject({ text: "Noted.", state: "done", to: ["thorin"] });
  thorin.socket.close();
});

test("the pages open with their own tokens only", async () => {
  const player = await server.party.tokens.issue("thorin");
  const status = async (path: string) => (await fetch(`${server.url}${path}`)).status;
  expect(await status(`/dm?token=${server.dmToken}`)).toBe(200);
  expect(await status(`/play?token=${player}`)).toBe(200);
  expect(await status(`/dm?token=${player}`)).toBe(403);
  expect(await status("/dm")).toBe(401);
  expect(await status("/play?token=x")).toBe(401);
  expect(await status("/assets/nothing.js")).toBe(404);
  expect(await status("/assets/__proto__")).toBe(404);
});

test("metrics count without naming anybody", async () => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toMatch(/^bardcast_workers [1-9]/m);
  expect(text).toMatch(/^bardcast_lines_total [1-9]/m);
  expect(text).not.toContain("thorin");
});

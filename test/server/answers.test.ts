import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnswerPage, PartyStatus } from "../../src/core/protocol/api.ts";
import { createParty } from "../../src/party/create-party.ts";
import { type Dm20Client, startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const campaignDir = mkdtempSync(join(tmpdir(), "bardcast-answers-"));
afterAll(() => rmSync(campaignDir, { recursive: true, force: true }));
const told: string[] = [];
const players = ["thorin", "elara", "pip", "grim"];
const engine = new ToneEngine({ samplesPerChar: 1_500 });
const server = await startServer({ campaignDir, players, engines: [engine], log: (line) => told.push(line) });

async function as(player: string, path: string, body?: unknown): Promise<Response> {
  const headers = { Authorization: `Bearer ${await server.party.tokens.issue(player)}` };
  const method = body === undefined ? "GET" : "POST";
  return fetch(`${server.url}${path}`, {
    headers,
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function sit(token: string): Promise<V2SocketClient> {
  const client = new V2SocketClient(`${server.url}/ws?token=${token}`);
  await client.greet({ codecs: ["opus"] });
  return client;
}

const status = async (): Promise<PartyStatus> => (await server.call("/status")).json();

test("what a player tells reaches the DM, and the others unless it is private, over HTTP and both sockets", async () => {
  const dm = await sit(server.dmToken);
  const [thorin, pip] = await Promise.all(
    ["thorin", "pip"].map(async (player) => sit(await server.party.tokens.issue(player))),
  );
  const elara = await server.join("elara");
  thorin?.say({ type: "answer", text: "I search the chest." });
  await until(() => dm.of("answer").length === 1);
  expect((await as("thorin", "/api/answers", { text: "I pocket the ring.", private: true })).status).toBe(
    201,
  );
  elara.socket.send(JSON.stringify({ type: "action", text: "I hide.", private: true }));
  await elara.until("action_status", 1);
  thorin?.say({ type: "answer", kind: "again" });
  await until(() => dm.of("answer").length === 4);
  expect(
    dm.of("answer").map(({ player, kind, text, private: isPrivate }) => [player, kind, text, isPrivate]),
  ).toEqual([
    ["thorin", "text", "I search the chest.", false],
    ["thorin", "text", "I pocket the ring.", true],
    ["elara", "text", "I hide.", true],
    ["thorin", "again", undefined, false],
  ]);
  await until(() => pip?.of("answer").length === 2 && thorin?.of("answer").length === 3);
  const { answers } = await status();
  expect(answers.map(({ kind, text }) => text ?? kind)).toEqual([
    "again",
    "I hide.",
    "I pocket the ring.",
    "I search the chest.",
  ]);
  expect(elara.of("action_status")).toMatchObject([{ action_id: answers[1]?.id, status: "pending" }]);
  // Nothing that was told in private is anywhere else.
  const { metrics } = { metrics: await (await fetch(`${server.url}/metrics`)).text() };
  const elsewhere = JSON.stringify([pip?.messages, elara.messages, told]) + metrics;
  expect(elsewhere).not.toMatch(/ring|hide/);
  expect(JSON.stringify(thorin?.messages)).not.toContain("hide");
  for (const client of [dm, thorin, pip]) client?.socket.close();
  elara.socket.close();
});

test("a hand stays raised until it is lowered, by the player or by the DM", async () => {
  const raised = async (): Promise<string[]> =>
    (await status()).players.filter(({ hand }) => hand).map(({ id }) => id);
  await as("pip", "/api/answers", { kind: "hand" });
  await as("grim", "/api/answers", { kind: "hand" });
  expect(await raised()).toEqual(["pip", "grim"]);
  await as("grim", "/api/answers", { kind: "hand", raised: false });
  await server.call("/players/pip/hand", { method: "DELETE" });
  expect(await raised()).toEqual([]);
});

test("a hand that was raised for the DM alone is lowered for the DM alone", async () => {
  const [pip, grim] = [
    await sit(await server.party.tokens.issue("pip")),
    await sit(await server.party.tokens.issue("grim")),
  ];
  await as("pip", "/api/answers", { kind: "hand", private: true });
  await server.call("/players/pip/hand", { method: "DELETE" });
  await as("pip", "/api/answers", { text: "Never mind." });
  await until(() => grim.of("answer").length > 0 && pip.of("answer").length === 3);
  expect(grim.of("answer")).toMatchObject([{ text: "Never mind." }]);
  expect(pip.of("answer").map(({ raised }) => raised)).toEqual([true, false, undefined]);
  for (const client of [pip, grim]) client.socket.close();
});

test("the shape that clients of dm20 know: an action is taken, and an error is a text", async () => {
  const answer = await (await as("thorin", "/action", { action: "I listen.", private: true })).json();
  expect(answer).toEqual({
    success: true,
    action_id: expect.any(String),
    player_id: "thorin",
    status: "pending",
  });
  const own = await as("thorin", `/action/${answer.action_id}/status`);
  expect(await own.json()).toEqual({ action_id: answer.action_id, status: "pending" });
  expect((await as("elara", `/action/${answer.action_id}/status`)).status).toBe(404);
  const token = await server.party.tokens.issue("elara");
  const byAddress = await fetch(`${server.url}/action?token=${token}`, {
    method: "POST",
    body: JSON.stringify({ action: "I wait." }),
  });
  expect(await byAddress.json()).toMatchObject({ success: true, player_id: "elara" });
  for (const [body, code] of [
    [{ action: " " }, 400],
    [{ action: "x".repeat(1_001) }, 400],
    [{}, 400],
  ] as const) {
    const response = await as("thorin", "/action", body);
    expect(response.status).toBe(code);
    expect(await response.json()).toEqual({ success: false, error: expect.any(String) });
  }
  const stranger = await fetch(`${server.url}/action`, { method: "POST", body: '{"action":"Hi."}' });
  expect([stranger.status, typeof (await stranger.json()).error]).toEqual([401, "string"]);
  const dm = { Authorization: `Bearer ${server.dmToken}` };
  expect((await fetch(`${server.url}/action`, { method: "POST", headers: dm, body: "{}" })).status).toBe(403);
});

test("nobody tells more than can be read, and who tries is not sent away", async () => {
  const grim = await sit(await server.party.tokens.issue("grim"));
  for (let n = 0; n < 40; n++) grim.say({ type: "answer", kind: "slower" });
  await until(() => grim.of("error").length >= 25);
  expect(grim.of("error").every(({ code, fatal }) => code === "too-many-messages" && !fatal)).toBe(true);
  expect(grim.of("answer").length).toBeLessThan(15);
  expect((await as("grim", "/api/answers", { text: "Hey!" })).status).toBe(429);
  expect((await as("pip", "/api/answers", { text: "Hey!" })).status).toBe(201);
  expect(grim.closed).toBeUndefined();
  grim.socket.close();
  for (const body of [
    {},
    { text: "" },
    { kind: "shout" },
    { text: "x".repeat(1_001) },
    { text: "x", to: "all" },
  ])
    expect((await as("pip", "/api/answers", body)).status).toBe(400);
  expect((await server.call("/answers", { method: "POST", body: '{"text":"Hm."}' })).status).toBe(403);
  expect((await as("pip", "/api/answers")).status).toBe(403);
});

/** Contents of the texts a client got, in order. */
function textsOf(client: Dm20Client): unknown[] {
  return client.messages.flatMap(({ type, content }) =>
    /^(?:narrative|private)$/.test(type) ? [content] : [],
  );
}

test("a dm20 client that comes back asks for what it missed, and is told no text twice", async () => {
  const thorin = await server.join("thorin");
  const before = await server.join("elara");
  await server.speak({ text: "Heard before." });
  const line = server.party.speak({ text: "A long tale of wolves begins. It goes on. And on." });
  await before.until("narrative", 2);
  const since = before.of("narrative").at(-1)?.timestamp;
  (before.socket as WebSocket & { terminate(): void }).terminate();
  await until(() => !server.party.connections.getConnectedPlayers().includes("elara"));
  await Bun.sleep(5);
  await server.speak({ text: "Missed by all but one.", to: ["elara"] }, { Prefer: "respond-async" });
  await server.speak({ text: "For thorin alone.", to: ["thorin"] }, { Prefer: "respond-async" });
  await Bun.sleep(5);
  const after = await server.join("elara");
  after.socket.send(JSON.stringify({ type: "history_request", since }));
  await after.until("private", 1);
  await server.speak({ text: "Told live.", to: ["elara"] }, { Prefer: "respond-async" });
  await until(() => textsOf(after).includes("Told live."));
  await Bun.sleep(600);
  expect(textsOf(after)).toEqual(["Missed by all but one.", "Told live."]);
  // Once more there is nothing that was not told.
  after.socket.send(JSON.stringify({ type: "history_request" }));
  after.socket.send(JSON.stringify({ type: "heartbeat" }));
  await Bun.sleep(20);
  expect(textsOf(after)).toHaveLength(2);
  for (const { socket } of [after, thorin]) socket.close();
  line.cancel();
  await server.silence();
});

test("who came in the middle of a line is not told its text again after it is over", async () => {
  const thorin = await server.join("thorin");
  const line = server.party.speak({ text: "A short tale of wolves begins here tonight." });
  await thorin.until("narrative", 1);
  const elara = await server.join("elara");
  await elara.until("narrative", 1);
  line.cancel();
  await server.silence();
  elara.socket.send(JSON.stringify({ type: "history_request" }));
  await server.speak({ text: "The end.", to: ["elara"] }, { Prefer: "respond-async" });
  await until(() => textsOf(elara).includes("The end."));
  expect(textsOf(elara).filter((text) => String(text).includes("A short tale"))).toHaveLength(1);
  for (const { socket } of [elara, thorin]) socket.close();
  await server.silence();
});

/** Has elara lose the connection in the middle of a line whose next sentence comes when it is asked for. */
async function breakOff(): Promise<{ next: (text: string) => void; end: () => void; after: Dm20Client }> {
  const thorin = await server.join("thorin");
  const before = await server.join("elara");
  let next: (text: string) => void = () => undefined;
  const text = new ReadableStream<string>({
    start: (controller) => {
      next = (sentence) => controller.enqueue(sentence);
    },
  });
  const line = server.party.speak({ text });
  next("The tale begins. Then ");
  await before.until("narrative", 1);
  (before.socket as WebSocket & { terminate(): void }).terminate();
  await until(() => !server.party.connections.getConnectedPlayers().includes("elara"));
  const after = await server.join("elara");
  const end = (): void => {
    line.cancel();
    for (const { socket } of [after, thorin]) socket.close();
  };
  return { next, end, after };
}

test.each([
  ["asks", true],
  ["does not ask", false],
])("who comes back and %s is told a sentence that comes meanwhile after those before it", async (_, asks) => {
  const { next, end, after } = await breakOff();
  next("it goes on. And ");
  await Bun.sleep(50);
  if (asks) after.socket.send(JSON.stringify({ type: "history_request" }));
  await until(() => textsOf(after).includes("Then it goes on."));
  const texts = textsOf(after).filter((text) => /The tale begins|Then it/.test(String(text)));
  end();
  await server.silence();
  expect(texts).toEqual(["The tale begins.", "Then it goes on."]);
});

test("who asks for what was told after a time that has not come yet loses nothing of the line being said", async () => {
  const { end, after } = await breakOff();
  const since = new Date(Date.now() + 600_000).toISOString();
  after.socket.send(JSON.stringify({ type: "history_request", since }));
  await until(() => textsOf(after).includes("The tale begins.")).finally(end);
  await server.silence();
});

test("who comes back without asking is told what is being said, before its sound", async () => {
  const thorin = await server.join("thorin");
  const before = await server.join("elara");
  const line = server.party.speak({ text: "A long tale of wolves begins here tonight. It goes on." });
  await before.until("narrative", 1);
  (before.socket as WebSocket & { terminate(): void }).terminate();
  await until(() => !server.party.connections.getConnectedPlayers().includes("elara"));
  const after = await server.join("elara");
  await after.until("narrative", 1);
  const types = after.messages.map(({ type }) => type);
  if (types.includes("audio")) expect(types.indexOf("narrative")).toBeLessThan(types.indexOf("audio"));
  line.cancel();
  for (const { socket } of [after, thorin]) socket.close();
  await server.silence();
});

test("two clips with as many chunks never say that they are equally long", async () => {
  const elara = await server.join("elara");
  for (let n = 0; n < 4; n++) await server.speak({ text: "Twice told." });
  await elara.untilClips(4);
  const [first] = elara.clips;
  const chunks = elara.clips.map((clip) => clip.chunks);
  expect(new Set(chunks).size).toBe(1);
  expect(new Set(elara.clips.map(({ durationMs }) => durationMs)).size).toBe(4);
  for (const { durationMs } of elara.clips)
    expect(Math.abs(durationMs - (first?.durationMs ?? 0))).toBeLessThan(5);
  elara.socket.close();
});

test("what was told outlasts the process, a page at a time, and so do the texts that are asked for", async () => {
  const all = (await (await server.call("/answers?limit=100")).json()) as AnswerPage;
  const [newest, next] = all.answers;
  expect(await (await server.call(`/answers?limit=1&before=${newest?.id}`)).json()).toEqual({
    answers: [next],
    more: true,
  });
  await server.party.close();
  const party = await createParty({ campaignDir, engines: [] });
  expect(party.answers.page({ limit: 100 })).toEqual(all);
  await party.close();
});

import { afterAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PartyInvites } from "../../../src/core/protocol/parties.ts";
import { type BardcastServer, type ManyPartiesOptions, serve } from "../../../src/server/bun.ts";
import { Dm20Client } from "../../support/server.ts";
import { until } from "../../support/table.ts";

const OPERATOR = "a-key-for-operators-4711";
const DM = "the-game-master-of-the-table-4711";
const API_KEY = "a-key-for-programs-of-the-table-4711";
const folder = await mkdtemp(join(tmpdir(), "bardcast-parties-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(
  parties: Partial<ManyPartiesOptions> = {},
  campaignDir = folder,
): Promise<BardcastServer> {
  const server = await serve({
    port: 0,
    host: "127.0.0.1",
    players: ["thorin"],
    campaignDir,
    dmToken: DM,
    apiKey: API_KEY,
    parties: { operatorKey: OPERATOR, ...parties },
  });
  afterAll(() => server.close());
  return server;
}

const server = await start();

/** A call to the operator's API. */
async function operate<T>(
  path: string,
  { at = server, body, ...init }: Omit<RequestInit, "body"> & { at?: BardcastServer; body?: object } = {},
): Promise<{ status: number; answer: T }> {
  const response = await fetch(`${at.url}/api/parties${path}`, {
    ...init,
    headers: { Authorization: `Bearer ${OPERATOR}`, ...init.headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, answer: (await response.json()) as T };
}

async function create(id: string, players: string[], at = server): Promise<PartyInvites> {
  const { status, answer } = await operate<PartyInvites>("", { method: "POST", body: { id, players }, at });
  expect(status).toBe(201);
  return answer;
}

async function join20({ url }: PartyInvites, token: string): Promise<Dm20Client> {
  const client = new Dm20Client(`${url.replace("http", "ws")}/ws?token=${token}`);
  await client.until("connected", 1);
  return client;
}

function speak({ url, dm }: PartyInvites, text: string, token = dm.token): Promise<Response> {
  return fetch(`${url}/api/speak`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  });
}

test("each party hears its own lines, and none of another", async () => {
  const friday = await create("friday", ["thorin", "elara"]);
  const sunday = await create("sunday", ["thorin"]);
  const [atFriday, atSunday] = await Promise.all([
    join20(friday, friday.players[0]?.token ?? ""),
    join20(sunday, sunday.players[0]?.token ?? ""),
  ]);
  const answers = await Promise.all([speak(friday, "Friday night."), speak(sunday, "Sunday morning.")]);
  expect(await Promise.all(answers.map((answer) => answer.json()))).toMatchObject([
    { delivered: true, listeners: 1 },
    { delivered: true, listeners: 1 },
  ]);
  await until(() => atFriday.clips.length === 1 && atSunday.clips.length === 1);
  expect(JSON.stringify(atFriday.messages)).not.toContain("Sunday");
  expect(JSON.stringify(atSunday.messages)).not.toContain("Friday");
  atFriday.socket.close();
  atSunday.socket.close();
});

test("links of one party are no good at another, nor at the server's own table", async () => {
  const [one, other] = [await create("one", ["thorin"]), await create("other", ["thorin"])];
  expect((await speak(other, "Hello.", one.dm.token)).status).toBe(401);
  for (const token of [DM, API_KEY, OPERATOR, await server.party.tokens.issue("dm", "dm")])
    expect((await speak(one, "Hello.", token)).status).toBe(401);
  expect((await speak({ ...one, url: server.url }, "Hello.", DM)).status).toBe(200);
  expect((await speak({ ...one, url: server.url }, "Hello.")).status).toBe(401);
  const page = await fetch(`${other.url}/play?token=${one.players[0]?.token}`);
  expect(page.status).toBe(401);
  expect((await fetch(one.players[0]?.url ?? "")).status).toBe(200);
});

test("only who has the operator's key makes, lists and ends parties", async () => {
  const dm = await server.party.tokens.issueDm();
  for (const Authorization of [`Bearer ${dm}`, "Bearer ", `Bearer ${OPERATOR}x`, OPERATOR])
    for (const [path, method] of [
      ["", "POST"],
      ["", "GET"],
      ["/friday", "GET"],
      ["/friday", "DELETE"],
      ["/friday/invites", "GET"],
    ] as const)
      expect((await operate(path, { method, headers: { Authorization } })).status).toBe(401);
  expect((await operate("/friday")).status).toBe(200);
});

test("a party has an id of its own, and is refused by a name that is taken or none", async () => {
  const body = { id: "friday" };
  expect(await operate("", { method: "POST", body })).toMatchObject({
    status: 409,
    answer: { error: { code: "exists" } },
  });
  for (const id of ["../x", "Friday", "", "a/b", "-a", "ä", "x".repeat(65), "%2e%2e", ".."])
    expect(await operate("", { method: "POST", body: { id } })).toMatchObject({ status: 400 });
  expect((await operate("", { method: "POST", body: { id: "table" } })).status).toBe(409);
  const { answer } = await operate<PartyInvites>("", { method: "POST", body: {} });
  expect(answer.id).toMatch(/^[0-9a-f]{32}$/);
  expect((await operate("/nobody")).status).toBe(404);
  expect((await fetch(`${server.url}/p/nobody/play`)).status).toBe(404);
  expect((await fetch(`${server.url}/p/..%2f..%2fx/play`)).status).toBe(404);
  expect(await fetch(`${server.url}/p`).then(({ status }) => status)).toBe(404);
});

test("two who make the same party at once do not both get it", async () => {
  const both = await Promise.all([1, 2].map(() => operate("", { method: "POST", body: { id: "twins" } })));
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test("parties are listed page by page", async () => {
  const first = await operate<{ parties: { id: string }[]; next?: string; total: number }>("?limit=2");
  expect(first.answer).toMatchObject({ total: 6, next: first.answer.parties[1]?.id });
  const rest = await operate<{ parties: { id: string }[]; next?: string }>(`?after=${first.answer.next}`);
  expect(rest.answer.parties).toHaveLength(4);
  expect(rest.answer.next).toBeUndefined();
  expect((await operate("?limit=0")).status).toBe(400);
});

test("a party that is ended is gone with all that was kept of it", async () => {
  const gone = await create("gone", ["thorin"]);
  const listener = await join20(gone, gone.players[0]?.token ?? "");
  const closed = new Promise<void>((resolve) => listener.socket.addEventListener("close", () => resolve()));
  expect(existsSync(join(folder, "parties", "gone", "state.json"))).toBe(true);
  expect((await operate("/gone", { method: "DELETE" })).status).toBe(200);
  await closed;
  expect(existsSync(join(folder, "parties", "gone"))).toBe(false);
  expect((await speak(gone, "Hello?")).status).toBe(404);
  expect((await operate("/gone", { method: "DELETE" })).status).toBe(404);
  // A new one of its name is another one.
  const again = await create("gone", ["thorin"]);
  expect((await speak(again, "Hello.", gone.dm.token)).status).toBe(401);
});

test("a party that nobody uses sleeps, keeps nothing in memory, and is woken by whoever comes", async () => {
  const dir = join(folder, "sleepers");
  const own = await start({ sleepAfterMs: 50 }, dir);
  const party = await create("dozy", ["thorin"], own);
  const token = party.players[0]?.token ?? "";
  const isAwake = async (): Promise<boolean> =>
    (await operate<{ isAwake: boolean }>("/dozy", { at: own })).answer.isAwake;
  const listener = await join20(party, token);
  await speak(party, "Before the nap.");
  await Bun.sleep(200);
  // Somebody listens.
  expect(await isAwake()).toBe(true);
  listener.socket.close();
  while (await isAwake()) await Bun.sleep(10);
  const back = await join20(party, token);
  expect(await isAwake()).toBe(true);
  expect((await speak(party, "And after it.")).status).toBe(200);
  await until(() => back.clips.length === 1);
  const log = await fetch(`${party.url}/api/log`, { headers: { Authorization: `Bearer ${party.dm.token}` } });
  expect(JSON.stringify(await log.json())).toContain("Before the nap.");
  back.socket.close();
  await own.close();
  const later = await start({}, dir);
  const found = await operate("/dozy", { at: later });
  expect(found).toMatchObject({ status: 200, answer: { id: "dozy", isAwake: false } });
  const url = party.url.replace(own.url, later.url);
  expect((await speak({ ...party, url }, "Once more.")).status).toBe(200);
  expect((await stat(join(dir, "parties", "dozy"))).mode & 0o077).toBe(0);
});

test("where all that may be awake are in use, one more is busy; an idle one makes room", async () => {
  const own = await start({ maxAwake: 1, maxParties: 3 }, join(folder, "few"));
  const first = await create("first", ["thorin"], own);
  const second = await create("second", ["thorin"], own);
  const listener = await join20(second, second.players[0]?.token ?? "");
  const refused = await speak(first, "Is there room?");
  expect([refused.status, refused.headers.get("Retry-After")]).toEqual([503, "1"]);
  listener.socket.close();
  while ((await speak(first, "Is there room now?")).status !== 200) await Bun.sleep(10);
  await create("third", [], own);
  expect((await operate("", { method: "POST", body: {}, at: own })).status).toBe(503);
});

test("one address has as many sockets as one may have, at all parties together", async () => {
  const own = await serve({
    port: 0,
    host: "127.0.0.1",
    campaignDir: join(folder, "narrow"),
    connectionsPerAddress: 3,
    trustProxy: false,
    parties: { operatorKey: OPERATOR },
  });
  afterAll(() => own.close());
  const parties = [await create("a", ["thorin"], own), await create("b", ["thorin"], own)];
  const listeners = [];
  for (const party of [parties[0], parties[1], parties[0]] as PartyInvites[])
    listeners.push(await join20(party, party.players[0]?.token ?? ""));
  expect((await fetch(`${parties[1]?.url}/play`)).status).toBe(503);
  for (const { socket } of listeners) socket.close();
});

test("the server's metrics have its parties, and the lines of all of them", async () => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toMatch(/^bardcast_parties [67]$/m);
  expect(text).toMatch(/^bardcast_parties_awake [1-7]$/m);
  expect(text).toMatch(/^bardcast_first_audio_seconds_count [2-9]/m);
  const own = await (await fetch(`${server.url}/p/friday/metrics`)).text();
  expect(own).toMatch(/^bardcast_first_audio_seconds_count 1$/m);
  expect(own).not.toContain("bardcast_parties");
});

test("a key that can be guessed is refused at the start", async () => {
  const opening = serve({ port: 0, parties: { operatorKey: "operator" } });
  expect(opening).rejects.toMatchObject({ code: "bad-request" });
});

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BardcastServer, type ServeOptions, serve } from "../../src/server/bun.ts";
import { TestServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-kept-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Served extends AsyncDisposable {
  server: TestServer;
  engine: ToneEngine;
  told: string[];
}

async function start(campaignDir: string | undefined, options: ServeOptions = {}): Promise<Served> {
  const told: string[] = [];
  const engine = new ToneEngine();
  const server: BardcastServer = await serve({
    port: 0,
    host: "127.0.0.1",
    engines: [engine],
    log: (message) => told.push(message),
    ...(campaignDir === undefined ? {} : { campaignDir }),
    ...options,
  });
  return {
    server: new TestServer(server, await server.party.tokens.issueDm()),
    engine,
    told,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

function state(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, "state.json"), "utf8"));
}

test("the secret is made once and kept for nobody else's eyes: the DM's link and the players' are good after a restart", async () => {
  const folder = join(home, "secret");
  let links: string[];
  {
    await using first = await start(folder, { players: ["thorin"] });
    links = [await first.server.party.tokens.issue("thorin"), first.server.dmToken];
  }
  const { secret } = state(folder);
  expect(secret).toMatch(/^[0-9a-f]{32}$/);
  expect(statSync(join(folder, "state.json")).mode & 0o777).toBe(0o600);
  await using second = await start(folder);
  const { tokens } = second.server.party;
  for (const link of links) expect(await tokens.verify(link)).toHaveProperty("player");
  expect(state(folder).secret).toBe(secret);
});

test("a secret that is given wins, and leaves the kept one as it is", async () => {
  const folder = join(home, "given");
  let own: string;
  {
    await using first = await start(folder, { players: ["thorin"] });
    own = await first.server.party.tokens.issue("thorin");
  }
  const { secret } = state(folder);
  {
    await using given = await start(folder, { secret: "0123456789abcdef0123456789abcdef" });
    await expect(given.server.party.tokens.verify(own)).rejects.toMatchObject({ code: "unauthorized" });
  }
  expect(state(folder).secret).toBe(secret);
  await using back = await start(folder);
  expect(await back.server.party.tokens.verify(own)).toMatchObject({ player: "thorin" });
});

test("who had a seat has it again; one that was taken is given back by an invitation only", async () => {
  const folder = join(home, "seats");
  {
    await using first = await start(folder, { players: ["thorin", "pip"] });
    await first.server.call("/players", { method: "POST", body: JSON.stringify({ id: "gimli" }) });
    await first.server.call("/players/pip", { method: "DELETE" });
  }
  {
    await using second = await start(folder, { players: ["pip", "elara"] });
    expect(second.server.party.players).toEqual(["thorin", "gimli", "elara"]);
    expect(second.told).toEqual([expect.stringContaining("pip has no seat: it was taken away")]);
    await second.server.call("/players", { method: "POST", body: JSON.stringify({ id: "pip" }) });
  }
  await using third = await start(folder);
  expect(third.server.party.players).toEqual(["thorin", "gimli", "elara", "pip"]);
});

test("whoever was cast speaks in the same voice after a restart, also where only a text names them", async () => {
  const folder = join(home, "cast");
  const npc = { name: "old_mara", race: "dwarf", gender: "female" };
  const spoken: unknown[] = [];
  {
    await using first = await start(folder, { players: ["thorin"], cache: false });
    const thorin = await first.server.join("thorin");
    await first.server.speak({ text: "Psst.", npc });
    spoken.push(first.engine.voices.at(-1));
    thorin.socket.close();
  }
  await using second = await start(folder, { cache: false });
  const thorin = await second.server.join("thorin");
  await second.server.speak({ text: "[voice old_mara]Psst.[/voice]" });
  expect(second.engine.voices.at(-1)).toEqual(spoken[0] as never);
  thorin.socket.close();
});

const DRAFT = {
  text: "And now",
  to: ["thorin"],
  speaker: "dm",
  npc: { name: "", race: "", gender: "" },
  context: "",
};

test("what the console was about to say is there after a restart, for the DM only and of a size that is bounded", async () => {
  const folder = join(home, "draft");
  const put = (served: Served, draft: unknown, token?: string): Promise<Response> => {
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    return served.server.call("/draft", { method: "PUT", body: JSON.stringify(draft), headers });
  };
  {
    await using first = await start(folder, { players: ["thorin"] });
    expect(await (await first.server.call("/draft")).json()).toEqual({ draft: null });
    expect(await (await put(first, DRAFT)).json()).toEqual({ kept: true });
    const player = await first.server.party.tokens.issue("thorin");
    expect((await put(first, {}, player)).status).toBe(403);
    const headers = { Authorization: `Bearer ${player}` };
    expect((await first.server.call("/draft", { headers })).status).toBe(403);
    expect((await put(first, "text")).status).toBe(400);
    expect((await put(first, { text: "x".repeat(300_000) })).status).toBe(413);
  }
  await using second = await start(folder);
  expect(await (await second.server.call("/draft")).json()).toEqual({ draft: DRAFT });
});

test("without a folder a draft lasts as long as the table, which says that it is not kept; status has no store", async () => {
  await using served = await start(undefined, { players: ["thorin"] });
  const put = await served.server.call("/draft", { method: "PUT", body: JSON.stringify(DRAFT) });
  expect(await put.json()).toEqual({ kept: false });
  expect(await (await served.server.call("/draft")).json()).toEqual({ draft: DRAFT });
  expect(await (await served.server.call("/status")).json()).not.toHaveProperty("store");
});

test("with no journal nothing of what is said is in the folder", async () => {
  const folder = join(home, "none");
  await using served = await start(folder, { players: ["thorin"], journal: false });
  await served.server.speak({ text: "The dragon roars!" });
  expect(() => statSync(join(folder, "journal.jsonl"))).toThrow("ENOENT");
});

test("a journal that another version has written, or that cannot be read, is left as it is, and that is told once", async () => {
  const folder = join(home, "newer");
  {
    await using first = await start(folder, { players: ["thorin"] });
    await first.server.speak({ text: "The dragon roars!" });
  }
  const path = join(folder, "journal.jsonl");
  rmSync(path);
  await Bun.write(join(path, "inside"), "somebody's");
  await using second = await start(folder);
  const thorin = await second.server.join("thorin");
  const report = await (await second.server.speak({ text: "The dragon roars!" })).json();
  expect(report).toMatchObject({ delivered: true });
  expect(second.told).toEqual([
    expect.stringMatching(
      /no longer kept in .*journal\.jsonl is no file.*move it away, and start Bardcast again/,
    ),
  ]);
  expect((await (await second.server.call("/status")).json()).store.writable).toBe(false);
  thorin.socket.close();
});

test("the DM reads what was said page by page, of evenings before as well; nobody else does", async () => {
  const folder = join(home, "log");
  const texts = ["One.", "Two.", "Three.", "Four."];
  {
    await using first = await start(folder, { players: ["thorin"] });
    for (const text of texts.slice(0, 3)) await first.server.speak({ text });
    await first.server.speak({ text: "Psst.", to: ["thorin"] });
  }
  await using second = await start(folder);
  await second.server.speak({ text: "Four." });
  const { server } = second;
  await until(() => server.party.streams.log.recent.length === 5);
  const read: string[] = [];
  for (let query = "?limit=2", more = true; more; ) {
    const page = await (await server.call(`/log${query}`)).json();
    expect(page.utterances.length).toBeLessThanOrEqual(2);
    read.push(...page.utterances.map(({ text }: { text: string }) => text));
    query = `?limit=2&before=${page.utterances.at(-1).utterance}`;
    ({ more } = page);
  }
  expect(read).toEqual(["Four.", "Psst.", "Three.", "Two.", "One."]);
  expect(await (await server.call("/log?before=nobody")).json()).toEqual({ utterances: [], more: false });
  for (const query of ["?limit=0", "?limit=101", "?limit=x", "?after=1"])
    expect((await server.call(`/log${query}`)).status).toBe(400);
  const { party } = server;
  const tokens = [await party.tokens.issue("thorin")];
  for (const role of ["observer", "service"] as const)
    tokens.push((await party.guests.invite(role, "eve")).token);
  for (const token of tokens)
    expect(
      (await fetch(`${server.url}/api/log`, { headers: { Authorization: `Bearer ${token}` } })).status,
    ).toBe(403);
});

test("a raised hand is up after a restart, until it is lowered or somebody else has the seat", async () => {
  const folder = join(home, "hands");
  const raised = ({ server }: Served): string[] =>
    server.party.players.filter((player) => server.party.answers.isRaised(player));
  {
    await using first = await start(folder, { players: ["thorin", "pip", "elara", "grim"] });
    const { answers } = first.server.party;
    for (const player of ["thorin", "pip", "elara", "grim"])
      answers.take(player, { kind: "hand", private: player === "thorin" });
    answers.lower("pip");
    await first.server.party.unseat("grim");
    first.server.party.seat("grim");
  }
  {
    await using second = await start(folder);
    expect(raised(second)).toEqual(["thorin", "elara"]);
  }
  {
    await using unkept = await start(folder, { journal: false });
    await unkept.server.party.unseat("elara");
    unkept.server.party.seat("elara");
  }
  await using last = await start(folder);
  expect(raised(last)).toEqual(["thorin"]);
  const { answers } = last.server.party;
  answers.lower("thorin");
  // It was raised for the game master alone, and is lowered so.
  expect(answers.recent[0]).toMatchObject({ player: "thorin", raised: false, private: true });
});

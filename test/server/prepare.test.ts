import { expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createParty } from "../../src/party/create-party.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const LINE = { text: "Who goes there? Speak, friend.", npc: { name: "Grak", race: "orc" } };

function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

test("a line that was prepared over HTTP is spoken without the engine", async () => {
  const engine = new ToneEngine();
  const server = await startServer({ engines: [engine] });
  const thorin = await server.join("thorin");
  const answer = await server.call("/prepare", post(LINE));
  expect([answer.status, await answer.json()]).toEqual([200, { sentences: 2, cached: 2 }]);
  expect(engine.asked).toHaveLength(2);
  expect((await server.speak(LINE)).status).toBe(200);
  await thorin.untilClips(2);
  expect(engine.asked).toHaveLength(2);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain("bardcast_cache_hits_total 2\n");
});

test("who does not want to wait is answered at once", async () => {
  const engine = new ToneEngine();
  const server = await startServer({ engines: [engine] });
  const release = engine.hold("Who goes there?");
  const answer = await server.call("/prepare", post(LINE, { Prefer: "respond-async" }));
  expect([answer.status, answer.headers.get("Preference-Applied")]).toEqual([202, "respond-async"]);
  expect(await answer.json()).toEqual({ preparing: true });
  release();
  await until(() => engine.asked.length === 2);
});

test("only the DM prepares, and is told what is wrong", async () => {
  const server = await startServer({ engines: [new ToneEngine()] });
  const status = async (body: unknown, headers?: Record<string, string>): Promise<number> =>
    (await server.call("/prepare", post(body, headers))).status;
  const token = await server.party.tokens.issue("thorin");
  expect(await status(LINE, { Authorization: `Bearer ${token}` })).toBe(403);
  expect(await status({ ...LINE, to: ["nobody"] })).toBe(400);
  expect(await status({ text: " " }, { Prefer: "respond-async" })).toBe(400);
  expect(await status({ text: "x".repeat(10_001) })).toBe(400);
});

test("what is for some players only is never written to the campaign's folder", async () => {
  const campaignDir = await mkdtemp(join(tmpdir(), "bardcast-campaign-"));
  const server = await startServer({ engines: [new ToneEngine()], campaignDir });
  const thorin = await server.join("thorin");
  const kept = () => readdir(join(campaignDir, "cache")).catch(() => []);
  const secret = { text: "The key is under the mat.", to: ["thorin"] };
  const prepared = { text: "[whisper]It opens the crypt.", to: ["thorin"] };
  expect(await (await server.call("/prepare", post(prepared))).json()).toEqual({ sentences: 1, cached: 1 });
  for (const line of [secret, prepared, { ...secret, to: "all", text: "The bell tolls." }])
    expect((await server.speak(line)).status).toBe(200);
  await thorin.untilClips(3);
  await server.party.close();
  expect(await kept()).toHaveLength(1);
  await rm(campaignDir, { recursive: true });
});

test("a table keeps what was said in its campaign's folder, unless it is told not to", async () => {
  const campaignDir = await mkdtemp(join(tmpdir(), "bardcast-campaign-"));
  const asked = async (cache?: false): Promise<number> => {
    const engine = new ToneEngine();
    const party = await createParty({
      engines: [engine],
      campaignDir,
      ...(cache === false ? { cache } : {}),
    });
    await party.prepare({ text: "Once upon a time." });
    await party.close();
    return engine.asked.length;
  };
  expect(await asked(false)).toBe(0);
  expect(await readdir(campaignDir)).not.toContain("cache");
  expect(await asked()).toBe(1);
  expect(await readdir(join(campaignDir, "cache"))).toHaveLength(1);
  expect(await asked()).toBe(0);
  await rm(campaignDir, { recursive: true });
});

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Observation } from "../../src/core/observation.ts";
import type { LogPage, PartyStatus, RecentUtterance } from "../../src/core/protocol/api.ts";
import { serve } from "../../src/server/bun.ts";
import { startServer, TestServer } from "../support/server.ts";

const campaignDir = mkdtempSync(join(tmpdir(), "bardcast-again-"));
const table = await startServer();
afterAll(() => rmSync(campaignDir, { recursive: true, force: true }));

async function open(): Promise<{ table: TestServer; seen: Observation[]; close: () => Promise<void> }> {
  const server = await serve({ port: 0, host: "127.0.0.1", players: ["thorin", "elara"], campaignDir });
  const table = new TestServer(server, await server.party.tokens.issueDm());
  const seen: Observation[] = [];
  table.party.observers.add((each) => seen.push(each));
  return { table, seen, close: () => server.close({ graceMs: 1_000 }) };
}

function spokenIn(seen: readonly Observation[]): { engine: string; isKept: boolean }[] {
  return seen.flatMap((each) => {
    if (each.type !== "sentence.spoken") return [];
    const { sentence, engine, audioMs, isKept } = each;
    return [{ sentence, engine, audioMs, isKept }];
  });
}

async function lastOf(table: TestServer): Promise<RecentUtterance> {
  const { recent } = (await (await table.call("/status")).json()) as PartyStatus;
  if (!recent[0]) throw new Error("nothing was said");
  return recent[0];
}

test("what the log tells of a line says it again: same speaker, engine, voice, scene and audience, from the cache, after a restart too", async () => {
  const before = await open();
  await before.table.join("thorin");
  const asked = {
    text: "Out. [voice zed]Is it?[/voice]",
    to: ["thorin"],
    npc: { name: "old_mara", race: "dwarf", gender: "female" },
    voice: { speed: 3, effects: ["cave"] },
  };
  const first = (await (await before.table.speak(asked)).json()) as { engines: string[] };
  const line = await lastOf(before.table);
  expect(line).toMatchObject({ speaker: "old_mara", to: ["thorin"] });
  expect(line.again).toEqual({ npc: asked.npc, voice: asked.voice });

  const again = { text: line.text, to: line.to, ...line.again };
  const second = (await (await before.table.speak(again)).json()) as { engines: string[] };
  expect(second.engines).toEqual(first.engines);
  const spoken = spokenIn(before.seen);
  expect(spoken).toHaveLength(4);
  expect(spoken.slice(0, 2)).toEqual(spoken.slice(2).map((each) => ({ ...each, isKept: false })));
  expect(spoken.slice(2)).toMatchObject([{ isKept: true }, { isKept: true }]);
  await Promise.all(before.table.party.streams.utterances.map(({ done }) => done));
  await before.close();

  const after = await open();
  const kept = await lastOf(after.table);
  expect(kept.again).toEqual(line.again as never);
  const { utterances } = (await (await after.table.call("/log?limit=1")).json()) as LogPage;
  expect(utterances[0]?.again).toEqual(line.again as never);
  await after.table.join("thorin");
  await after.table.speak({ text: kept.text, to: kept.to, ...kept.again });
  // A whisper is not kept on the disk: it is made anew, as it was.
  expect(spokenIn(after.seen).map((each) => ({ ...each, isKept: false }))).toEqual(spoken.slice(0, 2));
  await after.close();
}, 30_000);

test("a line that only names its speaker, and asks for another scene, is in the log as it was asked for", async () => {
  await table.speak({ text: "Steel!", speaker: "combat", context: "combat", priority: 7, interrupt: true });
  // Whom it interrupted is over by then.
  expect((await lastOf(table)).again).toEqual({ speaker: "combat", context: "combat", priority: 7 });
});

test("a text that was given bit by bit is said again with its tags, without a model's thoughts", async () => {
  await table.join("thorin");
  const body = "<think>Hm.</think>He said [effect cave]hello[/effect]. Twice.";
  const headers = { "Content-Type": "text/plain" };
  await table.call("/speak?omit=think", { method: "POST", headers, body });
  const line = await lastOf(table);
  expect(line.text).toBe("He said hello. Twice.");
  expect(line.again).toEqual({
    speaker: "dm",
    omit: ["think"],
    text: "He said [effect cave]hello[/effect]. Twice.",
  });
});

test("a voice that is no JSON, or more than is kept, is not said to be sayable again", async () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const voice of [{ note: circle }, { note: "x".repeat(5_000) }]) {
    await table.party.speak({ text: "Hm.", voice }).handedOver;
    expect(await lastOf(table)).not.toHaveProperty("again");
  }
});

import { expect, test } from "bun:test";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

function put(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "PUT",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

test("the DM's words are kept in the campaign's file, and come back as they were given", async () => {
  const campaignDir = await mkdtemp(join(tmpdir(), "bardcast-campaign-"));
  const server = await startServer({ engines: [new ToneEngine()], campaignDir });
  expect(await (await server.call("/lexicon", {})).json()).toEqual({ lexicon: {} });
  const lexicon = {
    Drizzt: "Drist",
    Cthulhu: { say: "kuh-thoo-loo", ipa: "kəˈθuːluː" },
    Gen: [
      { say: "Jen", language: "en" },
      { say: "Ghen", speaker: "old_mara" },
    ],
  };
  const answer = await server.call("/lexicon", put({ lexicon }));
  expect([answer.status, await answer.json()]).toEqual([200, { lexicon }]);
  expect(await (await server.call("/lexicon", {})).json()).toEqual({ lexicon });
  const file = await readFile(join(campaignDir, "voice_registry.yaml"), "utf8");
  expect(file).toContain("# Who sounds like what.");
  expect(file).toContain("  Drizzt: Drist\n");
});

test("a lexicon that is wrong is refused with each place, and the old one stays", async () => {
  const server = await startServer({ engines: [new ToneEngine()] });
  await server.call("/lexicon", put({ lexicon: { Drizzt: "Drist" } }));
  const answer = await server.call("/lexicon", put({ lexicon: { Drizzt: { ipa: "12" }, Orc: {} } }));
  const { error } = (await answer.json()) as { error: { code: string; issues: { path: string }[] } };
  expect([answer.status, error.code, error.issues.map(({ path }) => path)]).toEqual([
    400,
    "bad-request",
    ["lexicon.Drizzt.ipa", "lexicon.Orc"],
  ]);
  for (const body of [{}, { lexicon: [] }, { lexicon: {}, more: 1 }])
    expect((await server.call("/lexicon", put(body))).status).toBe(400);
  expect(await (await server.call("/lexicon", {})).json()).toEqual({ lexicon: { Drizzt: "Drist" } });
});

test("only the DM has a say in it", async () => {
  const server = await startServer({ engines: [new ToneEngine()] });
  const Authorization = `Bearer ${await server.party.tokens.issue("thorin")}`;
  expect((await server.call("/lexicon", put({ lexicon: {} }, { Authorization }))).status).toBe(403);
  expect((await server.call("/lexicon", { headers: { Authorization } })).status).toBe(403);
});

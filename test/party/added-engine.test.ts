import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createParty } from "../../src/party/create-party.ts";
import type { Party } from "../../src/party/party.ts";
import { FakeSocket } from "../support/fake-socket.ts";
import { writeVitsVoice } from "../support/stand-in-voices.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-added-"));
const parties: Party[] = [];
afterEach(async () => {
  await Promise.all(parties.splice(0).map((party) => party.close()));
  rmSync(home, { recursive: true, force: true });
});

async function setTable(): Promise<Party> {
  const party = await createParty({ engines: [new ToneEngine()], players: ["thorin"] });
  parties.push(party);
  party.connections.connect(new FakeSocket(), "thorin", "player");
  return party;
}

/** Which engines spoke a line. */
async function enginesOf(party: Party, text: string, context?: "combat"): Promise<string[]> {
  const line = party.speak({ text, to: "all", ...(context === undefined ? {} : { context }) });
  return (await line.handedOver).engines;
}

test("voices that were installed while a table is open speak from the next line on, all but combat", async () => {
  const party = await setTable();
  const sherpa = { engine: "sherpa", options: { voicesDir: join(home, "voices") } } as const;
  await expect(party.addEngine(sherpa)).rejects.toThrow("no voice is installed");
  expect(await enginesOf(party, "hello")).toEqual(["tone"]);
  expect(party.speech.workers).toBe(0);
  await writeVitsVoice(join(home, "voices/tiny"));
  await party.addEngine(sherpa);
  const { engines } = await party.status();
  expect(engines.map(({ name, available }) => [name, available])).toEqual([
    ["sherpa", true],
    ["tone", true],
  ]);
  // What the other engine said under the same text is not taken for it.
  expect(await enginesOf(party, "hello")).toEqual(["sherpa"]);
  expect(await enginesOf(party, "run", "combat")).toEqual(["tone"]);
}, 20_000);

test("the same engine again has what was installed meanwhile, and the process before it ends", async () => {
  const party = await setTable();
  const sherpa = { engine: "sherpa", options: { voicesDir: join(home, "voices") } } as const;
  await writeVitsVoice(join(home, "voices/tiny"));
  await party.addEngine(sherpa);
  const line = party.speak({ text: "hello again and again and again", to: "all" });
  await writeVitsVoice(join(home, "voices/zwerg"), { voice: "de" });
  await party.addEngine(sherpa);
  expect((await line.handedOver).problems).toEqual([]);
  const [engine] = (await party.status()).engines;
  expect(engine).toMatchObject({ name: "sherpa", languages: ["en-us", "de"] });
  await until(() => party.speech.workers === 1);
  expect(await enginesOf(party, "hello")).toEqual(["sherpa"]);
}, 20_000);

import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred } from "../../src/core/async/deferred.ts";
import { createParty } from "../../src/party/create-party.ts";

test("a table that cannot be set leaves no worker behind", async () => {
  const ended = deferred();
  const createWorker = (): Worker => {
    const worker = new Worker(new URL("../../workers/speech.ts", import.meta.url), { type: "module" });
    worker.addEventListener("close", () => ended.resolve());
    return worker;
  };
  const options = { tiers: { speed: ["nobody"] }, pool: { createWorker, size: 1 } };
  await expect(createParty(options)).rejects.toThrow('a tier names "nobody"');
  await ended.promise;
});

test("a voice of an engine that is not at the table is told once", async () => {
  const campaignDir = await mkdtemp(join(tmpdir(), "bardcast-party-"));
  try {
    const voices =
      "{ engine: piper }\ncombat_voice: { engine: piper }\nnpc_overrides: { mara: { engine: flite } }\n";
    await Bun.write(join(campaignDir, "voice_registry.yaml"), `version: 1\ndm_voice: ${voices}`);
    const told: string[] = [];
    const party = await createParty({ campaignDir, pool: { size: 1 }, log: (message) => told.push(message) });
    await party.close();
    expect(told).toEqual([expect.stringContaining('the engine "piper", which is not at this table')]);
  } finally {
    await rm(campaignDir, { recursive: true });
  }
});

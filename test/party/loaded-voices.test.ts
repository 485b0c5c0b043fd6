import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createParty } from "../../src/party/create-party.ts";
import { FakeSocket } from "../support/fake-socket.ts";
import { until } from "../support/table.ts";

const dir = mkdtempSync(join(tmpdir(), "bardcast-loaded-"));
const file = join(dir, "told.txt");
const told = (): string[] => readFileSync(file, "utf8").trim().split("\n");
afterAll(() => rm(dir, { recursive: true }));

test("the voices that lines will ask for are loaded when a table opens, and nothing waits for that", async () => {
  writeFileSync(file, "");
  writeFileSync(
    join(dir, "voice_registry.yaml"),
    "dm_voice: { voice_id: old }\nnpc_overrides:\n  mara: { voice_id: deep }\n  vane: { voice_id: high, engine: espeak }\n",
  );
  const module = new URL("../fixtures/engines/loading.ts", import.meta.url);
  const party = await createParty({
    campaignDir: dir,
    engines: [{ name: "loading", module, options: { file, stuckAt: "deep" } }, "espeak"],
    players: ["thorin"],
    cache: false,
    pool: { size: 1 },
  });
  party.connections.connect(new FakeSocket(), "thorin", "player");
  await until(() => told().includes("load deep"));
  // The one worker is at a load that does not end.
  const { engines } = await party.speak({ text: "Hello.", to: "all", speaker: "dm" }).handedOver;
  expect(told()).toEqual(["load old", "load deep", "say old"]);
  expect(engines).toEqual(["loading"]);
  await party.close();
}, 60_000);

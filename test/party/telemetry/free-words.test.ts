import { afterEach, expect, test } from "bun:test";
import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import { TTSRouter } from "../../../src/engines/routing/router.ts";
import { createParty } from "../../../src/party/create-party.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

afterEach(() => resetSync());

test("a context in somebody's own words is in no log and told to nobody who observes", async () => {
  const records: LogRecord[] = [];
  configureSync({
    sinks: { keep: (record) => records.push(record) },
    loggers: [{ category: "bardcast", lowestLevel: "debug", sinks: ["keep"] }],
  });
  // A router of one's own may know other contexts than ours.
  const router = new TTSRouter({ engines: [new ToneEngine()] });
  const party = await createParty({ router, players: ["thorin"] });
  const seen: unknown[] = [];
  party.observers.add((observation) => seen.push(observation));
  await party.speak({ text: "Psst.", to: ["thorin"], context: "thorin is the traitor" as never }).done;
  await party.speak({ text: "Psst.", to: ["thorin"], context: "combat" }).done;
  await party.close();
  expect(records.length).toBeGreaterThan(0);
  expect(JSON.stringify([records, seen])).not.toContain("traitor");
  expect(seen).toContainEqual(expect.objectContaining({ type: "utterance.begun", context: "combat" }));
});

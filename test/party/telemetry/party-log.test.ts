import { afterEach, expect, spyOn, test } from "bun:test";
import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import { createParty } from "../../../src/party/create-party.ts";
import { partyLog } from "../../../src/party/telemetry/party-log.ts";
import { FakeSocket } from "../../support/fake-socket.ts";
import { until } from "../../support/table.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

/** What LogTape is told from now on, as a program sets it up, until the test ends. */
function logged(): LogRecord[] {
  const records: LogRecord[] = [];
  configureSync({
    reset: true,
    sinks: { memory: (record) => records.push(record) },
    loggers: [
      { category: ["bardcast"], lowestLevel: "debug", sinks: ["memory"] },
      { category: ["logtape"], lowestLevel: "error", sinks: ["memory"] },
    ],
  });
  return records;
}

afterEach(() => resetSync());

const textOf = ({ message }: LogRecord): string => message.map(String).join("");

test("an utterance is logged by its id, and neither its text nor who hears it", async () => {
  const records = logged();
  const failsOn = (text: string): boolean => text.includes("Mellon");
  const party = await createParty({ engines: [new ToneEngine({ failsOn })] });
  party.connections.connect(new FakeSocket(), "thorin");
  const line = party.speak({ text: "Say friend. Mellon.", to: ["thorin"], speaker: "old_mara" });
  await line.handedOver;
  const own = records.filter(({ category }) => category.join(".") === "bardcast.utterance");
  expect(own.map(({ level }) => level)).toEqual(["info", "debug", "debug", "warning", "info"]);
  for (const { properties } of own) expect(properties.utterance).toBe(line.id);
  expect(own.map(textOf).at(-1)).toStartWith(
    `utterance ${line.id} is delivered to nobody whole: 2 sentences`,
  );
  expect(JSON.stringify(records)).not.toMatch(/Mellon|friend|thorin|old_mara/);
  await party.close();
});

test("a warning is a line of its own for LogTape and for whoever was given as log, whatever is in it", async () => {
  const records = logged();
  const told: string[] = [];
  const log = partyLog((message) => told.push(message));
  log("a {brace}, \x1b[2J and\nanother line");
  expect(told).toEqual(["a {brace}, \\x1b[2J and\\nanother line"]);
  await until(() => records.length > 0);
  expect(records.map(textOf)).toEqual(told);
  expect(records.map(({ level, category }) => [level, category])).toEqual([["warning", ["bardcast"]]]);
});

test("a program that sets up no log is told nothing", async () => {
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) => spyOn(console, name));
  const party = await createParty({ engines: [new ToneEngine({ failsOn: () => true })] });
  party.connections.connect(new FakeSocket(), "thorin");
  await party.streamToAll("Hush.");
  await party.close();
  for (const spy of spies) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});

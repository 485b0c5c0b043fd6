import { expect, test } from "bun:test";
import { Lender } from "../../../src/core/async/lender.ts";
import { createParty } from "../../../src/party/create-party.ts";
import { observedWait } from "../../../src/pool/observed-order.ts";
import { FakeSocket } from "../../support/fake-socket.ts";
import { Observed } from "../../support/observed.ts";
import { setTable, until } from "../../support/table.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

test("an utterance is observed from its beginning to its end, with every sentence and the engine that spoke it", async () => {
  const observed = new Observed();
  const table = await setTable({ streams: { observe: observed.observe } });
  table.join("thorin");
  const line = table.streams.speak({ text: "Hello there. Who goes?", to: ["thorin"], context: "combat" });
  await line.done;
  await until(() => observed.of("utterance.done").length === 1);
  expect(observed.all.map(({ type }) => type)).toEqual([
    "utterance.begun",
    "sentence.begun",
    "utterance.first-audio",
    "sentence.spoken",
    "sentence.begun",
    "sentence.spoken",
    "utterance.handed-over",
    "utterance.done",
  ]);
  expect(observed.of("utterance.begun")[0]).toEqual({
    type: "utterance.begun",
    utterance: line.id,
    context: "combat",
    isPrivate: true,
    listeners: 1,
  });
  expect(observed.of("sentence.spoken").map(({ sentence, engine }) => [sentence, engine])).toEqual([
    [0, "tone"],
    [1, "tone"],
  ]);
  const { audioMs, ...outcome } = observed.of("utterance.done")[0]?.outcome ?? { audioMs: 0 };
  expect(outcome).toEqual({
    isDelivered: true,
    isCancelled: false,
    listeners: 1,
    sentences: 2,
    underruns: 0,
    problems: [],
  });
  expect(audioMs).toBe(observed.of("sentence.spoken").reduce((sum, spoken) => sum + spoken.audioMs, 0));
});

test("nothing that is observed quotes a text, or names a player or a speaker", async () => {
  const party = await createParty({
    engines: [new ToneEngine({ failsOn: (text) => text.includes("secret") })],
  });
  const observed = new Observed();
  party.observers.add(observed.observe);
  party.seat("thorin");
  party.connections.connect(new FakeSocket(), "thorin");
  const line = party.speak({ text: "This is secret. And this is not.", to: ["thorin"], speaker: "old_mara" });
  await line.done;
  await until(() => observed.of("utterance.done").length === 1);
  expect(observed.of("sentence.failed").map(({ code }) => code)).toEqual(["all-engines-failed"]);
  expect(observed.of("engine.failed").map(({ engine, code }) => [engine, code])).toEqual([
    ["tone", "engine-failed"],
  ]);
  const told = JSON.stringify(observed.all);
  for (const word of ["secret", "not.", "thorin", "old_mara"]) expect(told).not.toContain(word);
  await party.close();
});

test("what an engine takes and what its sentence waited for a worker are observed apart", async () => {
  const party = await createParty({ engines: ["espeak"], pool: { size: 1 } });
  const observed = new Observed();
  party.observers.add(observed.observe);
  party.connections.connect(new FakeSocket(), "thorin");
  const lines = ["One ring.", "Two towers.", "Three wizards."].map((text) => party.speak({ text }));
  await Promise.all(lines.map(({ handedOver }) => handedOver));
  const spoke = observed.of("engine.spoke");
  expect(spoke.map(({ engine }) => engine)).toEqual(["espeak", "espeak", "espeak"]);
  expect(spoke.every(({ audioMs, tookMs }) => audioMs > 0 && tookMs > 0 && tookMs < audioMs)).toBe(true);
  expect(observed.of("worker.waited").length).toBeGreaterThanOrEqual(3);
  await party.close();
});

test("an observer that throws keeps nobody from hearing, and the others still see", async () => {
  const party = await createParty({ engines: [new ToneEngine()] });
  const observed = new Observed();
  party.observers.add(() => {
    throw new Error("not now");
  });
  party.observers.add(observed.observe);
  party.connections.connect(new FakeSocket(), "thorin");
  expect(await party.streamToAll("Still here.")).toBe(true);
  expect(observed.of("utterance.begun")).toHaveLength(1);
  await party.close();
  expect(observed.of("party.closed")).toHaveLength(1);
});

test("a connection that is closed because it does not drain, and one that makes room before its hello, are observed", async () => {
  const party = await createParty({
    engines: [new ToneEngine()],
    players: ["thorin"],
    door: { waitingPerPlayer: 1 },
  });
  const observed = new Observed();
  party.observers.add(observed.observe);
  const slow = party.connections.connect(new FakeSocket({ reads: false }), "thorin");
  while (slow.post("x".repeat(100_000)));
  party.lobby.enter(new FakeSocket(), "thorin");
  party.lobby.enter(new FakeSocket(), "thorin");
  expect(observed.of("limit.reached").map(({ limit }) => limit)).toEqual([
    "connection_queue",
    "waiting_sockets",
  ]);
  await party.close();
});

test("a sentence that finds too many waiting for a worker is observed as a limit, and its wait is none", async () => {
  const observed = new Observed();
  const turns = Lender.turns(1, 0);
  const first = await observedWait(() => turns.borrow(), observed.observe);
  await expect(observedWait(() => turns.borrow(), observed.observe)).rejects.toMatchObject({ code: "busy" });
  expect(first).toBe(1);
  expect(observed.all.map(({ type }) => type)).toEqual(["worker.waited", "limit.reached"]);
});

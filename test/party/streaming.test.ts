import { expect, test } from "bun:test";
import { nextTurn } from "../../src/core/async/time-slicer.ts";
import { setTable, until } from "../support/table.ts";

test("everybody gets the text before the audio", async () => {
  const { streams, join } = await setTable();
  const thorin = join("thorin");
  const elara = join("elara");
  expect(await streams.streamToAll("Welcome, adventurers. Sit down.")).toBe(true);
  for (const socket of [thorin, elara]) {
    const types = socket.messages.map((message) => message.type).filter((type) => type !== "system");
    expect(types.slice(0, 3)).toEqual(["connected", "narrative", "audio"]);
    expect(socket.of("narrative")).toHaveLength(1);
    expect(socket.of("narrative")[0]?.content).toBe("Welcome, adventurers. Sit down.");
    expect(socket.clips).toHaveLength(2);
  }
});

test("a whisper reaches one player, says who speaks, and nobody else gets a byte of it", async () => {
  const { streams, join } = await setTable();
  const thorin = join("thorin");
  const elara = join("elara");
  const before = elara.texts.length;
  expect(await streams.streamNpcToPlayer("thorin", "Psst.", "old_mara", { race: "human" })).toBe(true);
  expect(thorin.of("private")[0]).toMatchObject({ content: "Psst.", from: "old_mara" });
  expect(thorin.clips).toHaveLength(1);
  expect(elara.texts.slice(before)).toEqual([]);
});

test("nobody connected is false, and nothing is synthesised", async () => {
  const { streams, engine } = await setTable();
  expect(await streams.streamToAll("Is anybody there?")).toBe(false);
  expect(await streams.streamToPlayer("thorin", "Thorin?")).toBe(false);
  expect(engine.asked).toEqual([]);
});

test("a player's every device hears the line", async () => {
  const { streams, join } = await setTable();
  const phone = join("thorin");
  const laptop = join("thorin");
  const report = await streams.speak({ text: "Two places at once.", to: ["thorin"] }).done;
  expect(report).toMatchObject({ delivered: true, listeners: 1, sentences: 1, engines: ["tone"] });
  expect(phone.clips).toEqual(laptop.clips);
});

test("text of only punctuation is delivered as text with no audio", async () => {
  const { streams, join, engine } = await setTable();
  const thorin = join("thorin");
  expect(await streams.streamToAll("...!")).toBe(true);
  expect(thorin.of("narrative")[0]?.content).toBe("...!");
  expect(thorin.of("audio")).toEqual([]);
  expect(engine.asked).toEqual([]);
});

test("empty and over-long texts are errors with a code", async () => {
  const { streams } = await setTable({ streams: { maxChars: 10 } });
  expect(() => streams.speak({ text: " \n " })).toThrow(expect.objectContaining({ code: "text-empty" }));
  expect(() => streams.speak({ text: "x".repeat(11) })).toThrow(
    expect.objectContaining({ code: "text-too-long" }),
  );
  await expect(streams.streamToAll("")).rejects.toMatchObject({ code: "text-empty" });
});

test("where speech fails the text still arrives, the other sentences are spoken, and the report says why", async () => {
  const { streams, join } = await setTable({ engine: { failsOn: (text) => text.startsWith("Broken") } });
  const thorin = join("thorin");
  const report = await streams.speak({ text: "One. Broken. Three." }).done;
  expect(thorin.of("narrative")[0]?.content).toBe("One. Broken. Three.");
  expect(thorin.clips).toHaveLength(2);
  expect(report.delivered).toBe(false);
  expect(report.players[0]).toMatchObject({ complete: false, textOnly: false });
  expect(report.problems).toHaveLength(1);
  expect(report.problems[0]).toMatchObject({ code: "all-engines-failed" });
  expect(report.problems[0]?.message).toContain("tone: cannot say");
});

test("an engine that says nothing at all leaves every listener with the text", async () => {
  const { streams, join, engine } = await setTable({ engine: { failsOn: () => true } });
  const thorin = join("thorin");
  const report = await streams.speak({ text: "One. Two. Three. Four. Five." }).done;
  expect(thorin.of("narrative")).toHaveLength(1);
  expect(report.players).toEqual([
    { player: "thorin", complete: false, textOnly: true, muted: false, heardMs: 0, underruns: 0 },
  ]);
  expect(engine.asked).toEqual(["One.", "Two."]);
});

test("each sentence is synthesised while the one before it is being sent", async () => {
  const { streams, join, engine } = await setTable({
    engine: { samplesPerChar: 800 },
    connections: { queueBytes: 4000, stallMs: 60_000 },
  });
  const thorin = join("thorin", { reads: false });
  const line = streams.speak({ text: "First. Second. Third." });
  await until(() => engine.asked.length >= 2);
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  expect(thorin.of("audio")).toHaveLength(1);
  expect(engine.asked).toEqual(["First.", "Second."]);
  thorin.read(true);
  expect((await line.done).delivered).toBe(true);
  expect(engine.asked).toEqual(["First.", "Second.", "Third."]);
  expect(thorin.clips).toHaveLength(3);
});

test("lines to one listener are spoken by priority, then in order of arrival, never interleaved", async () => {
  const { streams, join, engine } = await setTable();
  const thorin = join("thorin");
  const release = engine.hold("Running one.");
  const running = streams.speak({ text: "Running one. Running two.", context: "ambient" });
  await until(() => engine.asked.length === 1);
  const lines = [
    streams.speak({ text: "Narration.", context: "narration" }),
    streams.speak({ text: "Combat.", context: "combat" }),
    streams.speak({ text: "Dialogue a. Dialogue b.", context: "dialogue" }),
    streams.speak({ text: "Combat again.", context: "combat" }),
    streams.speak({ text: "Urgent.", priority: 99 }),
  ];
  release();
  await Promise.all([running, ...lines].map((line) => line.done));
  expect(engine.asked).toEqual([
    "Running one.",
    "Running two.",
    "Urgent.",
    "Combat.",
    "Combat again.",
    "Dialogue a.",
    "Dialogue b.",
    "Narration.",
  ]);
  expect(thorin.clips).toHaveLength(8);
});

test("a public line and another player's whisper run at the same time", async () => {
  const { streams, join, engine } = await setTable();
  const thorin = join("thorin");
  const elara = join("elara");
  const release = engine.hold("A long secret.");
  const whisper = streams.speak({ text: "A long secret.", to: ["elara"] });
  await until(() => engine.asked.length === 1);
  const line = streams.speak({ text: "Everybody listen." });
  await until(() => thorin.of("audio").length > 0);
  expect(thorin.clips).toHaveLength(1);
  expect(elara.of("audio")).toEqual([]);
  release();
  await Promise.all([whisper.done, line.done]);
  expect(elara.clips).toHaveLength(2);
  expect(thorin.clips).toHaveLength(1);
  expect(elara.clips[1]).toEqual(thorin.clips[0] as never);
});

test("a whisper to one never waits for a listener who stopped reading", async () => {
  const { streams, join } = await setTable({ connections: { queueBytes: 4000, stallMs: 60_000 } });
  join("thorin", { reads: false });
  const elara = join("elara");
  void streams.speak({ text: "A line for everybody. ".repeat(5) });
  expect(await streams.streamToPlayer("elara", "Quick.")).toBe(true);
  expect(elara.clips).toHaveLength(6);
});

test("somebody who comes in the middle of a line gets its text and its audio from the next sentence", async () => {
  const { streams, join, engine } = await setTable();
  const thorin = join("thorin");
  const release = engine.hold("Two.");
  const line = streams.speak({ text: "One. Two. Three." });
  await until(() => streams.utterances.some(({ subscriptions: [first] }) => (first?.placeMs ?? 0) > 0));
  const late = join("elara");
  expect(late.messages.map((message) => message.type)).toContain("narrative");
  release();
  const report = await line.done;
  expect(thorin.clips).toHaveLength(3);
  expect(late.clips).toEqual(thorin.clips.slice(1));
  expect(report.players.map(({ player, complete }) => [player, complete])).toEqual([
    ["thorin", true],
    ["elara", false],
  ]);
});

test("somebody who comes in the middle of a whisper to another gets nothing of it", async () => {
  const { streams, join, engine } = await setTable();
  join("thorin");
  const release = engine.hold("Secret one.");
  const line = streams.speak({ text: "Secret one. Secret two.", to: ["thorin"] });
  await until(() => engine.asked.length === 1);
  const late = join("elara");
  release();
  await line.done;
  expect(late.texts.filter((text) => text.includes("Secret"))).toEqual([]);
  expect(late.of("audio")).toEqual([]);
});

test("two hundred listeners cost one synthesis and one serialisation a chunk", async () => {
  const { streams, join, engine } = await setTable();
  const sockets = Array.from({ length: 200 }, (_, i) => join(`p${i}`));
  const stringify = JSON.stringify;
  let serialised = 0;
  JSON.stringify = ((...args: Parameters<typeof stringify>) => {
    serialised += 1;
    return stringify(...args);
  }) as typeof stringify;
  try {
    expect(await streams.streamToAll("One sentence. And another.")).toBe(true);
  } finally {
    JSON.stringify = stringify;
  }
  expect(engine.asked).toHaveLength(2);
  expect(serialised).toBe(1);
  const [first] = sockets;
  for (const socket of sockets) expect(socket.clips).toEqual(first?.clips ?? []);
});

import { expect, test } from "bun:test";
import { setTable, until } from "../support/table.ts";

test("a cancelled line stops the engine, completes the clip it began, and begins no other", async () => {
  const { streams, join, engine } = await setTable({
    engine: { samplesPerChar: 800 },
    connections: { queueBytes: 4000, stallMs: 60_000 },
  });
  const thorin = join("thorin", { reads: false });
  const line = streams.speak({ text: "First sentence. Second sentence. Third sentence." });
  await until(() => engine.asked.length === 2 && thorin.of("audio").length > 0);
  line.cancel();
  thorin.read(true);
  const report = await line.done;
  expect(report).toMatchObject({ cancelled: true, delivered: false });
  expect(thorin.clips).toHaveLength(1);
  expect(engine.asked).toHaveLength(2);
});

test("an aborted signal cancels the sentence that is being synthesised", async () => {
  const { streams, join, engine } = await setTable();
  join("thorin");
  const release = engine.hold("Never heard.");
  const controller = new AbortController();
  const line = streams.speak({ text: "Never heard.", signal: controller.signal });
  await until(() => engine.asked.length === 1);
  controller.abort();
  release();
  expect(await line.done).toMatchObject({ cancelled: true, delivered: false, problems: [] });
  expect(engine.aborted).toEqual(["Never heard."]);
});

test("a line that waits its turn can be cancelled, and the next one is spoken", async () => {
  const { streams, join, engine } = await setTable();
  const thorin = join("thorin");
  const release = engine.hold("Now.");
  const now = streams.speak({ text: "Now." });
  await until(() => engine.asked.length === 1);
  const later = streams.speak({ text: "Later." });
  const last = streams.speak({ text: "Last." });
  expect(streams.cancel(later.id)).toBe(true);
  release();
  await Promise.all([now.done, later.done, last.done]);
  expect(engine.asked).toEqual(["Now.", "Last."]);
  expect(thorin.clips).toHaveLength(2);
  expect(streams.cancel(later.id)).toBe(false);
});

test("a line that nobody is left to hear ends by itself", async () => {
  const { streams, join, engine } = await setTable();
  const thorin = join("thorin");
  const release = engine.hold("Two.");
  const line = streams.speak({ text: "One. Two. Three. Four." });
  await until(() => engine.asked.length === 2);
  thorin.connection.ended();
  release();
  const report = await line.done;
  expect(report.delivered).toBe(false);
  expect(engine.asked).not.toContain("Four.");
  expect(streams.utterances).toHaveLength(0);
});

test("more lines than the table takes are refused with a code", async () => {
  const { streams, join, engine } = await setTable({ streams: { maxLines: 2 } });
  join("thorin");
  const release = engine.hold("One.");
  const lines = [streams.speak({ text: "One." }), streams.speak({ text: "Two." })];
  expect(() => streams.speak({ text: "Three." })).toThrow(
    expect.objectContaining({ code: "busy", retryable: true }),
  );
  release();
  await Promise.all(lines.map((line) => line.done));
  expect((await streams.speak({ text: "Three." }).done).delivered).toBe(true);
});

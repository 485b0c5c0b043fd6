import { expect, test } from "bun:test";
import { MAX_WORDS } from "../../src/core/protocol/v2.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import { setTable, until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2Client } from "../support/v2-client.ts";

const QUEUE_BYTES = 1024 * 1024;

/** An engine that has far more word times than words. */
class Chatty extends ToneEngine {
  override async *synthesize(...args: Parameters<ToneEngine["synthesize"]>) {
    for await (const piece of super.synthesize(...args)) {
      const words = Array.from({ length: 100_000 }, (_, i): [number, number, number, number] => [
        0,
        1,
        i,
        i + 1,
      ]);
      yield { ...piece, words };
    }
  }
}

test("of an engine's word times no more are sent than fit into a message, and the report says so", async () => {
  const engine = new Chatty();
  Object.assign(engine, { capabilities: { ...engine.capabilities, wordTimes: true } });
  const table = await setTable({ streams: { router: new TTSRouter({ engines: [engine] }) } });
  const thorin = new V2Client(table, "thorin");
  const report = await table.streams.speak({ text: "Two hundred thousand words." }).handedOver;
  expect(thorin.socket.closed).toBeUndefined();
  expect(Math.max(...thorin.socket.texts.map(({ length }) => length))).toBeLessThan(QUEUE_BYTES / 8);
  const [timed] = thorin.of("speech.text").filter(({ words }) => words);
  expect(timed?.words?.length).toBeLessThanOrEqual(MAX_WORDS);
  expect(report).toMatchObject({ delivered: true, players: [{ complete: true }] });
  expect(report.problems).toMatchObject([
    { code: "engine-failed", message: expect.stringContaining("word times") },
  ]);
});

test.each([true, false])(
  "a text of a million letters without a space arrives, who reads at once: %p",
  async (reads) => {
    const table = await setTable({ streams: { maxChars: 2_000_000 }, engine: { samplesPerChar: 1 } });
    const thorin = new V2Client(table, "thorin", {}, reads);
    const elara = table.join("elara", { reads });
    const text = "a".repeat(1_000_000);
    const line = table.streams.speak({ text });
    const reading = setInterval(() => {
      thorin.socket.read();
      elara.read();
    }, 2);
    const told = (): string =>
      thorin
        .of("speech.text")
        .flatMap(({ text, words }) => (words ? [] : [text]))
        .join("");
    await until(
      () =>
        elara
          .of("narrative")
          .map(({ content }) => content)
          .join("") === text,
    );
    while (told().length < text.length) await Bun.sleep(20);
    clearInterval(reading);
    expect(told()).toBe(text);
    expect([thorin.socket.closed, elara.closed]).toEqual([undefined, undefined]);
    for (const { length } of [...thorin.socket.texts, ...elara.texts])
      expect(length).toBeLessThan(QUEUE_BYTES / 8);
    const ids = elara.of("narrative").map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    line.cancel();
  },
  60_000,
);

test("a text in one piece keeps the line's id on dm20", async () => {
  const table = await setTable();
  const elara = table.join("elara");
  const line = table.streams.speak({ text: "One piece. Of one text." });
  await line.handedOver;
  expect(elara.of("narrative").map(({ id }) => id)).toEqual([line.id]);
});

test("who comes back and is told more than the queue holds is told all of it, and stays", async () => {
  const table = await setTable({ connections: { queueBytes: 8_000 } });
  const before = new V2Client(table, "thorin", { codecs: ["opus"] });
  const { epoch, offset } = before.welcome;
  before.connection.ended(1006);
  const lines = Array.from({ length: 10 }, (_, line) => `${line} is one of many lines. `.repeat(20).trim());
  for (const text of lines) await table.streams.speak({ text, to: ["thorin"] }).handedOver;
  const back = new V2Client(
    table,
    "thorin",
    { codecs: ["opus"], resume: { epoch, offset, utterances: [] } },
    false,
  );
  const reading = setInterval(() => back.socket.read(), 2);
  await until(() => back.of("speech.end").length === lines.length);
  clearInterval(reading);
  const texts = back.of("speech.text").flatMap(({ text, words }) => (words ? [] : [text]));
  expect(texts.join(" ")).toBe(lines.join(" "));
  expect(back.socket.closed).toBeUndefined();
  const offsets = back.speech.map((message) => message.offset);
  expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
});

test("who was closed because of too much is sent less each time, and no word times", async () => {
  const table = await setTable({ connections: { queueBytes: 4_000 } });
  let client = new V2Client(table, "thorin", { codecs: ["opus"] });
  const line = table.streams.speak({ text: "A sentence that is told to all. ".repeat(12).trim() });
  const rungs: number[] = [];
  for (let time = 0; time < 3; time++) {
    const { epoch } = client.welcome;
    rungs.push(client.connection.v2.ladder.rung);
    client.connection.close(1013, "too slow");
    const resume = { epoch, offset: client.welcome.offset, utterances: [] };
    client = new V2Client(table, "thorin", { codecs: ["opus"], resume });
  }
  expect(rungs).toEqual([0, 1, 2]);
  await line.handedOver;
  expect(client.of("speech.text").filter(({ words }) => words)).toEqual([]);
  expect(client.of("speech.text").length).toBe(12);
  line.cancel();
});

test("a message that is larger than the queue is not sent, and closes nobody's connection", async () => {
  const { connections, join } = await setTable({ connections: { queueBytes: 4_000 } });
  const thorin = join("thorin");
  expect(connections.broadcast({ type: "system", content: "x".repeat(5_000) })).toBe(0);
  expect(connections.broadcast({ type: "system", content: "short" })).toBe(1);
  expect(thorin.closed).toBeUndefined();
});

test("a speaker whose name is longer than any is refused", async () => {
  const { streams, join } = await setTable();
  join("thorin");
  expect(() => streams.speak({ text: "Hello.", speaker: "x".repeat(100_000) })).toThrow(
    expect.objectContaining({ code: "bad-request" }),
  );
});

test("a line of which every sentence fails has a report that is not larger for it", async () => {
  const { streams, join } = await setTable({
    engine: { failsOn: () => true },
    streams: { maxChars: 100_000 },
  });
  join("thorin");
  const report = await streams.speak({ text: "It fails. And it speaks. ".repeat(1_000) }).handedOver;
  expect(JSON.stringify(report.problems).length).toBeLessThan(64 * 1024);
  expect(report.delivered).toBe(false);
});

import { expect, test } from "bun:test";
import { setTable, type Table, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

const STORY = "A long tale that goes on and on. ".repeat(10).trim();

function stateOf({ streams }: Table, id: string): string {
  const line = streams.utterances.find((active) => active.id === id);
  return line ? streams.stateOf(line) : "done";
}

/** In the order in which a client was sent the first frame of each line. */
function heardFirst(client: V2Client): (string | undefined)[] {
  const handles = [...new Set(client.frames.map(({ handle }) => handle))];
  return handles.map(
    (handle) => client.of("speech.begin").find((begin) => begin.handle === handle)?.utterance,
  );
}

test.each([true, false])(
  "a line that interrupts goes before one of the same priority, in step: %p",
  async (sync) => {
    const table = await setTable();
    const thorin = new V2Client(table, "thorin", { codecs: ["opus"], sync });
    const story = table.streams.speak({ text: STORY });
    await story.handedOver;
    await Bun.sleep(600);
    expect(stateOf(table, story.id)).toBe("draining");
    const cry = table.streams.speak({ text: "Run for your lives, all of you!", interrupt: true });
    await until(() => thorin.of("speech.end").some(({ utterance }) => utterance === cry.id));
    expect(stateOf(table, story.id)).toBe("interrupted");
    expect(thorin.of("speech.begin").find(({ utterance }) => utterance === cry.id)?.interrupt).toBe(true);
    if (sync) {
      const moves = thorin.of("speech.move");
      const ofCry = moves.findLast(({ utterance }) => utterance === cry.id)?.startAt ?? 0;
      expect(ofCry).toBeLessThan(table.streams.now() + 500);
      expect(moves.findLast(({ utterance }) => utterance === story.id)?.startAt).toBeGreaterThan(ofCry);
    }
    await until(() => stateOf(table, story.id) === "draining");
    story.cancel();
    cry.cancel();
  },
);

test("a line that goes back to its beginning, as its first sentence was interrupted, is told as interrupted", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin", { codecs: ["opus"], sync: true });
  const tale = table.streams.speak({ text: `${"A tale that goes on and on, ".repeat(12)}and ends.` });
  await tale.handedOver;
  await Bun.sleep(600);
  expect(stateOf(table, tale.id)).toBe("draining");
  const cry = table.streams.speak({ text: "Run for your lives, all of you!", interrupt: true });
  await until(() => thorin.of("speech.end").some(({ utterance }) => utterance === cry.id));
  expect(thorin.of("speech.move").at(-1)).toMatchObject({ utterance: tale.id, fromMs: 0 });
  expect(stateOf(table, tale.id)).toBe("interrupted");
  tale.cancel();
  cry.cancel();
});

test("a line that is heard is not told as waiting where more of it was made than was handed over", async () => {
  const table = await setTable({ engine: { samplesPerChar: 4_000 } });
  new V2Client(table, "thorin", { codecs: ["pcm16"], sync: true }, false);
  const story = table.streams.speak({ text: STORY });
  await until(() => (table.streams.utterances[0]?.subscriptions[0]?.placeMs ?? 0) > 300);
  const [thorin] = table.streams.utterances[0]?.subscriptions ?? [];
  expect((thorin?.leftMs ?? 0) - (thorin?.handedMs ?? 0)).toBeGreaterThan(500);
  expect(stateOf(table, story.id)).toBe("speaking");
  story.cancel();
});

test("a line that interrupts goes before those of the same priority that wait", async () => {
  const table = await setTable({ engine: { samplesPerChar: 800 } });
  const thorin = new V2Client(table, "thorin");
  const lines = [STORY, "This one waits.", "And this."].map((text) => table.streams.speak({ text }));
  await until(() => thorin.frames.length > 0);
  const cry = table.streams.speak({ text: "Run!", interrupt: true });
  await cry.handedOver;
  expect(heardFirst(thorin)).toEqual([lines[0]?.id, cry.id]);
  for (const line of [...lines, cry]) line.cancel();
});

test.each([true, false])(
  "a line that interrupts waits for one of higher priority, and is told as waiting, in step: %p",
  async (sync) => {
    const table = await setTable();
    const thorin = new V2Client(table, "thorin", { codecs: ["opus"], sync });
    const battle = table.streams.speak({ text: STORY, context: "combat" });
    await battle.handedOver;
    await Bun.sleep(600);
    const cry = table.streams.speak({ text: "Run!", interrupt: true });
    expect(table.streams.isHeldUp(cry.id)).toBe(true);
    await cry.handedOver;
    expect(stateOf(table, battle.id)).toBe("draining");
    expect(stateOf(table, cry.id)).toBe("waiting");
    if (sync) {
      const startAt = (id: string): number =>
        thorin.of("speech.move").findLast(({ utterance }) => utterance === id)?.startAt ?? 0;
      const { durationMs } = await battle.handedOver;
      expect(startAt(cry.id)).toBeGreaterThanOrEqual(startAt(battle.id) + durationMs);
    }
    battle.cancel();
    cry.cancel();
  },
);

test("one that waited for a higher one to end goes before the one that both interrupt", async () => {
  const table = await setTable({ engine: { samplesPerChar: 800 } });
  const thorin = new V2Client(table, "thorin");
  const story = table.streams.speak({ text: STORY });
  await until(() => thorin.frames.length > 0);
  const battle = table.streams.speak({ text: "To arms, they are upon us!", priority: 90, interrupt: true });
  const cry = table.streams.speak({ text: "Run!", interrupt: true });
  await cry.handedOver;
  expect(heardFirst(thorin)).toEqual([story.id, battle.id, cry.id]);
  expect(thorin.of("speech.end").map(({ utterance }) => utterance)).toEqual([battle.id, cry.id]);
  for (const line of [story, battle, cry]) line.cancel();
});

test("a line that drops others drops those of the same priority, and none of a higher one", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin", { codecs: ["opus"] });
  const battle = table.streams.speak({ text: STORY, context: "combat" });
  const story = table.streams.speak({ text: STORY });
  await Promise.all([battle.handedOver, story.handedOver]);
  const cry = table.streams.speak({ text: "Run!", interrupt: "drop" });
  await cry.handedOver;
  expect(thorin.of("speech.cancel").map(({ utterance }) => utterance)).toEqual([story.id]);
  for (const line of [battle, story, cry]) line.cancel();
});

test("on dm20 a line that interrupts goes before the next clip of one of the same priority", async () => {
  const table = await setTable({ engine: { samplesPerChar: 4000 } });
  const pip = table.join("pip", { reads: false });
  const long =
    "that is long enough to make a clip of more than one batch of a quarter of a MiB, and then some";
  const story = table.streams.speak({ text: `One ${long}. Two ${long}.` });
  await until(() => pip.of("audio").length > 0);
  const cry = table.streams.speak({ text: "Run!", interrupt: true });
  const reading = setInterval(() => pip.read(), 5);
  await cry.handedOver;
  const sizes = (): number[] => pip.clips.map(({ bytes }) => bytes.length);
  await story.handedOver;
  clearInterval(reading);
  const [first = 0, second = 0, third = 0] = sizes();
  expect(second).toBeLessThan(Math.min(first, third));
  story.cancel();
  cry.cancel();
}, 20_000);

test("a line that is cancelled before its turn leaves the queue at once", async () => {
  const table = await setTable();
  new V2Client(table, "thorin");
  table.join("elara");
  const release = table.engine.hold("One.");
  const first = table.streams.speak({ text: "One." });
  const second = table.streams.speak({ text: "Two." });
  let turns = 0;
  for (const part of table.streams.utterances[1]?.subscriptions ?? []) {
    part.send = async () => {
      turns += 1;
    };
  }
  second.cancel();
  release();
  await Promise.all([first.handedOver, second.handedOver]);
  await table.streams.speak({ text: "Three." }).handedOver;
  expect(turns).toBe(0);
});

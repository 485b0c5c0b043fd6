import { expect, test } from "bun:test";
import { SpeechCache } from "../../src/engines/cache/speech-cache.ts";
import { setTable, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

const LINE = "The door creaks open. Something is breathing in there.";
const SENTENCES = ["The door creaks open.", "Something is breathing in there."];
/** Texts long enough for several frames. */
const engine = { samplesPerChar: 400 };

const newCache = () => new SpeechCache({ memoryBytes: 16 * 1024 * 1024 });

/** What a listener on each wire gets of a line. */
async function heard(table: Awaited<ReturnType<typeof setTable>>) {
  const old = table.join("thorin");
  const clients = [new V2Client(table, "elara"), new V2Client(table, "pip", { codecs: ["opus"] })] as const;
  await table.streams.speak({ text: LINE }).handedOver;
  const [pcm, opus] = clients;
  const bytes = (client: V2Client) =>
    Buffer.concat(client.frames.map(({ payload }) => payload)).toString("hex");
  const timed = (client: V2Client) =>
    client.speech.filter(({ type }) => type === "speech.text").map((text) => ({ ...text, utterance: "" }));
  return {
    clips: old.of("audio"),
    sound: [pcm, opus].map(bytes),
    texts: timed(pcm),
    begins: pcm.frames.map(({ discontinuity }) => discontinuity).filter(Boolean).length,
    order: pcm.pcm(pcm.frames[0]?.handle ?? 0).length,
    last: pcm.frames.at(-1)?.last,
  };
}

test("a prepared line is what it would have been without, to the byte, on both wires, and no engine is asked", async () => {
  const plain = await heard(await setTable({ engine }));
  const table = await setTable({ engine, cache: newCache() });
  const encodings = ["dm20", "pcm16"] as const;
  expect(await table.streams.prepare({ text: LINE, encodings })).toEqual({ sentences: 2, cached: 2 });
  expect(table.engine.asked).toEqual(SENTENCES);
  expect(await heard(table)).toEqual(plain);
  expect(plain.begins).toBe(2);
  expect(table.engine.asked).toEqual(SENTENCES);
});

test("a line is prepared for the wires of who is there, in the voice of whoever will say it", async () => {
  const table = await setTable({ engine, cache: newCache() });
  table.join("thorin");
  const npc = { race: "orc", gender: "male" };
  await table.streams.prepare({ text: LINE, speaker: "grak", npc });
  expect(await table.streams.streamNpcToAll(LINE, "grak", npc)).toBe(true);
  expect(table.engine.asked).toEqual(SENTENCES);
  await table.streams.streamToAll(LINE);
  expect(table.engine.asked).toHaveLength(4);
});

test("every sentence of a prepared line with markup is there, also when the line comes letter by letter", async () => {
  const cache = newCache();
  const table = await setTable({ engine, cache });
  table.join("thorin");
  const text =
    "<speak>Hush. [pause 300ms] [whisper]They sleep. All of them[/whisper]. [voice grak]Who goes there?[/voice] " +
    '[effect cave]Nobody![/effect] <prosody rate="slow" pitch="-2st">So <say-as interpret-as="characters">AB</say-as> ' +
    'says.</prosody> (He left. “and so” did she.) <break time="1s"/>';
  const npc = { race: "orc", gender: "male" };
  await table.streams.streamNpcToAll("Grak.", "grak", npc);
  const { sentences, cached } = await table.streams.prepare({ text, speaker: "mara", npc: {} });
  expect([sentences, cached]).toEqual([8, 8]);
  const { misses } = cache.status();
  const asked = table.engine.asked.length;
  async function* letters(): AsyncGenerator<string> {
    yield* text;
  }
  for (const source of [text, letters()]) {
    const report = await table.streams.speak({ text: source, speaker: "mara", npc: {} }).handedOver;
    expect(report).toMatchObject({ delivered: true, problems: [] });
  }
  expect(cache.status()).toMatchObject({ misses, hits: 2 * sentences });
  expect(table.engine.asked).toHaveLength(asked);
});

test("nobody reads or hears what is prepared", async () => {
  const table = await setTable({ engine, cache: newCache() });
  const thorin = table.join("thorin");
  const elara = new V2Client(table, "elara");
  const before = [thorin.sent.length, elara.socket.sent.length];
  await table.streams.prepare({ text: LINE });
  expect([thorin.sent.length, elara.socket.sent.length]).toEqual(before);
  expect(table.streams.utterances).toEqual([]);
});

test("what is prepared makes way for what is said, and is prepared afterwards", async () => {
  const table = await setTable({ engine, cache: newCache() });
  table.join("thorin");
  const release = table.engine.hold(SENTENCES[0] as string);
  const preparing = table.streams.prepare({ text: LINE });
  await until(() => table.engine.asked.length === 1);
  const releaseLive = table.engine.hold("Roll for initiative!");
  const said = table.streams.streamToAll("Roll for initiative!");
  await until(() => table.engine.asked.length === 2);
  release();
  await until(() => table.engine.aborted.length === 1);
  expect(table.engine.asked).toEqual([SENTENCES[0] as string, "Roll for initiative!"]);
  releaseLive();
  expect(await said).toBe(true);
  expect(await preparing).toEqual({ sentences: 2, cached: 2 });
  expect(table.engine.asked.slice(2)).toEqual(SENTENCES);
});

test("a line that is said while it is being prepared joins in", async () => {
  const table = await setTable({ engine, cache: newCache() });
  new V2Client(table, "thorin", { codecs: ["opus"] });
  const release = table.engine.hold(SENTENCES[0] as string);
  const preparing = table.streams.prepare({ text: LINE });
  await until(() => table.engine.asked.length === 1);
  const said = table.streams.streamToAll(LINE);
  release();
  expect(await said).toBe(true);
  expect(await preparing).toEqual({ sentences: 2, cached: 2 });
  expect(table.engine.asked.toSorted()).toEqual(SENTENCES.toSorted());
});

test("a preparation can be cancelled, ends with the party, and is refused afterwards", async () => {
  const table = await setTable({ engine, cache: newCache() });
  table.engine.hold(SENTENCES[0] as string);
  const cancel = new AbortController();
  const one = table.streams.prepare({ text: LINE, signal: cancel.signal });
  const two = table.streams.prepare({ text: "Another line, then." });
  await until(() => table.engine.asked.length === 1);
  cancel.abort();
  await expect(one).rejects.toMatchObject({ code: "cancelled" });
  expect(await two).toEqual({ sentences: 1, cached: 1 });
  const three = table.streams.prepare({ text: LINE });
  await until(() => table.engine.asked.length === 3);
  await table.streams.close();
  await expect(three).rejects.toMatchObject({ code: "closed" });
  await expect(table.streams.prepare({ text: LINE })).rejects.toMatchObject({ code: "closed" });
});

test("a sentence that no engine can speak is passed over", async () => {
  const failsOn = (text: string) => text === SENTENCES[0];
  const table = await setTable({ engine: { ...engine, failsOn }, cache: newCache() });
  expect(await table.streams.prepare({ text: LINE })).toEqual({ sentences: 2, cached: 1 });
});

test("at most 64 texts are prepared at once", async () => {
  const table = await setTable({ engine, cache: newCache() });
  const release = table.engine.hold("Number zero.");
  const many = Array.from({ length: 64 }, (_, index) => table.streams.prepare({ text: `Number ${index}.` }));
  await expect(table.streams.prepare({ text: LINE })).rejects.toMatchObject({ code: "busy" });
  release();
  expect((await Promise.all(many)).every(({ cached }) => cached === 1)).toBe(true);
  expect(await table.streams.prepare({ text: LINE })).toMatchObject({ cached: 2 });
});

test("without a cache nothing is synthesised ahead, and what is empty is still refused", async () => {
  const table = await setTable({ engine });
  expect(await table.streams.prepare({ text: LINE })).toEqual({ sentences: 2, cached: 0 });
  expect(table.engine.asked).toEqual([]);
  await expect(table.streams.prepare({ text: " " })).rejects.toMatchObject({ code: "text-empty" });
});

import { expect, test } from "bun:test";
import { setTable } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

const LINE =
  "The door creaks open. [effect cave]Something is breathing in there.[/effect] [pause 300ms] Run!";
/** Texts long enough for several frames. */
const engine = { samplesPerChar: 400 };

/** A line's sound, put together. */
async function rendered(table: Awaited<ReturnType<typeof setTable>>, text: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const { samples } of table.streams.render({ text })) {
    parts.push(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  }
  return Buffer.concat(parts);
}

test("what is rendered is what a listener hears, to the sample: effects, pauses and level", async () => {
  const heardTable = await setTable({ engine });
  const listener = new V2Client(heardTable, "elara");
  await heardTable.streams.speak({ text: LINE }).handedOver;
  const heard = Buffer.concat(listener.frames.map(({ payload }) => payload));
  const sound = await rendered(await setTable({ engine }), LINE);
  expect(heard.length).toBeGreaterThan(24_000);
  expect(Buffer.compare(sound, heard)).toBe(0);
});

test("nobody is told of it", async () => {
  const table = await setTable({ engine });
  const thorin = table.join("thorin");
  const before = thorin.messages.length;
  await rendered(table, LINE);
  expect(thorin.messages.length).toBe(before);
  expect(table.streams.log.recent).toEqual([]);
});

test("where a sentence cannot be spoken it ends there, instead of leaving it out", async () => {
  const table = await setTable({ engine: { ...engine, failsOn: (text) => text.includes("breathing") } });
  const sentences = new Set<number>();
  const reading = (async () => {
    for await (const { sentence } of table.streams.render({ text: LINE })) sentences.add(sentence);
  })();
  await expect(reading).rejects.toMatchObject({ code: "all-engines-failed" });
  expect([...sentences]).toEqual([0]);
});

test("it ends when it is told to, whatever the engine is at", async () => {
  const table = await setTable({ engine });
  const abort = new AbortController();
  const sound = table.streams.render({ text: LINE, signal: abort.signal })[Symbol.asyncIterator]();
  expect((await sound.next()).done).toBe(false);
  abort.abort(new Error("enough"));
  await expect(sound.next()).rejects.toThrow();
});

import { expect, test } from "bun:test";
import type { SpeechMoveMessage } from "../../src/core/protocol/v2.ts";
import { setTable, type Table, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

const SYNC = { sync: true } as const;
/** A sentence of the tone engine lasts a hundredth of a second a character. */
const LINE = "A sentence long enough to be heard for a while.";

function moves(client: V2Client): SpeechMoveMessage[] {
  return client.of("speech.move");
}

async function say(table: Table, text: string = LINE): Promise<string> {
  const line = table.streams.speak({ text });
  await line.handedOver;
  return line.id;
}

test("everyone in step is told the same time, before the first frame and not before the text", async () => {
  const table = await setTable();
  const [thorin, elara] = [new V2Client(table, "thorin", SYNC), new V2Client(table, "elara", SYNC)];
  const before = table.streams.now();
  await say(table);
  const [move] = moves(thorin);
  expect(move).toMatchObject({ fromMs: 0 });
  expect(move?.startAt).toBeGreaterThan(before);
  expect(moves(elara)).toEqual(moves(thorin));
  const kinds = thorin.socket.sent.map((message) =>
    typeof message === "string" ? JSON.parse(message).type : "frame",
  );
  expect(kinds.indexOf("speech.begin")).toBeLessThan(kinds.indexOf("speech.text"));
  expect(kinds.indexOf("speech.text")).toBeLessThan(kinds.indexOf("speech.move"));
  expect(kinds.indexOf("speech.move")).toBeLessThan(kinds.indexOf("frame"));
});

test("a line for nobody who keeps step has no time", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin");
  await say(table);
  expect(moves(thorin)).toEqual([]);
});

test("the next line begins when the one before has been heard, to the sample", async () => {
  const table = await setTable();
  const [thorin, elara] = [new V2Client(table, "thorin", SYNC), new V2Client(table, "elara", SYNC)];
  await Promise.all([say(table), say(table, "And another one.")]);
  const [first, second] = moves(thorin);
  const samples = thorin.frames.filter(({ handle }) => handle === thorin.frames[0]?.handle);
  const last = samples.at(-1);
  const lengthMs = ((last?.ptsSamples ?? 0) + (last?.payload.length ?? 0) / 2) / 24;
  expect((second?.startAt ?? 0) - (first?.startAt ?? 0)).toBeCloseTo(lengthMs, 6);
  expect(moves(elara)).toEqual(moves(thorin));
});

test("a text that is written slowly pauses everyone between its sentences", async () => {
  const table = await setTable();
  const [thorin, elara] = [new V2Client(table, "thorin", SYNC), new V2Client(table, "elara", SYNC)];
  const { readable, writable } = new TransformStream<string, string>();
  const writer = writable.getWriter();
  const line = table.streams.speak({ text: readable });
  await writer.write("Short. La");
  await until(() => moves(thorin).length > 0 && thorin.frames.length > 0);
  const heardAt = (moves(thorin)[0]?.startAt ?? 0) + 1000;
  await until(() => table.streams.now() > heardAt);
  await writer.write("te. ");
  await writer.close();
  await line.handedOver;
  const [, pause] = moves(thorin);
  const second = thorin.frames.filter(({ discontinuity }) => discontinuity)[1];
  expect(pause?.fromMs).toBeCloseTo((second?.ptsSamples ?? 0) / 24, 6);
  expect(pause?.startAt).toBeGreaterThan(heardAt);
  expect(moves(elara)).toEqual(moves(thorin));
});

test("an interrupted line goes on from its sentence when the interrupter is over", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin", SYNC);
  const id = await say(table, `${LINE} ${LINE}`);
  const cry = table.streams.speak({ text: "Run!", priority: 90, interrupt: true });
  await cry.handedOver;
  const ofLine = moves(thorin).filter(({ utterance }) => utterance === id);
  const [ofCry] = moves(thorin).filter(({ utterance }) => utterance === cry.id);
  expect(ofCry?.startAt).toBeLessThan((ofLine[0]?.startAt ?? 0) + 900);
  expect(ofLine.map(({ fromMs }) => fromMs)).toEqual([0, 0]);
  expect(ofLine[1]?.startAt).toBeGreaterThan(ofCry?.startAt ?? Infinity);
  const order = thorin.speech.map(({ type, utterance }) => `${type} ${utterance === id ? "line" : "cry"}`);
  expect(order.lastIndexOf("speech.move line")).toBeLessThan(order.indexOf("speech.end cry"));
});

test("an interruption that not everyone hears moves nobody's line", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin", SYNC);
  const elara = new V2Client(table, "elara", SYNC);
  const id = await say(table, `${LINE} ${LINE}`);
  const whisper = table.streams.speak({ text: "Psst!", to: ["thorin"], priority: 90, interrupt: true });
  await whisper.handedOver;
  expect(moves(thorin).filter(({ utterance }) => utterance === id)).toHaveLength(1);
  expect(moves(elara).map(({ utterance }) => utterance)).toEqual([id]);
});

test("a cancelled line lets those behind it begin earlier, for everyone alike", async () => {
  const table = await setTable({ engine: { samplesPerChar: 800 } });
  const [thorin, elara] = [new V2Client(table, "thorin", SYNC), new V2Client(table, "elara", SYNC)];
  const first = table.streams.speak({ text: LINE });
  const second = table.streams.speak({ text: "Another." });
  await second.handedOver;
  const planned = moves(thorin).findLast(({ utterance }) => utterance === second.id)?.startAt ?? 0;
  first.cancel();
  await until(() => moves(thorin).filter(({ utterance }) => utterance === second.id).length === 2);
  const moved = moves(thorin).findLast(({ utterance }) => utterance === second.id);
  expect(moved?.startAt).toBeLessThan(planned - 1000);
  expect(moves(elara)).toEqual(moves(thorin));
});

test("who joins in the middle is told with the beginning when that was", async () => {
  const table = await setTable({ engine: { samplesPerChar: 800 } });
  const thorin = new V2Client(table, "thorin", SYNC);
  await say(table);
  const elara = new V2Client(table, "elara", SYNC);
  expect(elara.of("speech.begin")[0]?.startAt).toBe(moves(thorin)[0]?.startAt as number);
});

test("the one who needs most sets the lead, up to a limit; who listens out of step does not", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin", SYNC);
  const slow = new V2Client(table, "elara", SYNC);
  const other = new V2Client(table, "pip");
  const leadWith = async (needs: number | undefined): Promise<number> => {
    thorin.connection.v2.reportLatency(50);
    slow.connection.v2.reportLatency(needs);
    other.connection.v2.reportLatency(5_000);
    const before = table.streams.now();
    const line = table.streams.speak({ text: "x" });
    await until(() => moves(thorin).some(({ utterance }) => utterance === line.id));
    const lead = (moves(thorin).at(-1)?.startAt ?? 0) - before;
    line.cancel();
    await line.handedOver;
    return lead;
  };
  const small = await leadWith(40);
  expect(small).toBeGreaterThanOrEqual(65);
  expect(small).toBeLessThan(300);
  expect(await leadWith(300)).toBeGreaterThanOrEqual(315);
  expect(await leadWith(10_000)).toBeWithin(400, 5_000);
});

test("a whisper's time reaches its listener only", async () => {
  const table = await setTable();
  const [thorin, elara] = [new V2Client(table, "thorin", SYNC), new V2Client(table, "elara", SYNC)];
  await table.streams.speak({ text: "Psst.", to: ["thorin"] }).handedOver;
  expect([moves(thorin).length, moves(elara).length]).toEqual([1, 0]);
});

test("of two that were interrupted the one goes on first that had interrupted the other", async () => {
  const table = await setTable({ engine: { samplesPerChar: 400 } });
  const thorin = new V2Client(table, "thorin", SYNC);
  const first = table.streams.speak({ text: "One. And on it goes with a second sentence.", priority: 0 });
  await until(() => thorin.frames.length > 0);
  await until(() => table.streams.now() > (moves(thorin)[0]?.startAt ?? Infinity) + 600);
  const second = table.streams.speak({ text: `${LINE} ${LINE}`, priority: 1, interrupt: true });
  await until(() => moves(thorin).filter(({ utterance }) => utterance === first.id).length === 2);
  await until(
    () =>
      table.streams.now() >
      (moves(thorin).find(({ utterance }) => utterance === second.id)?.startAt ?? Infinity) + 100,
  );
  table.streams.speak({ text: "Run!", priority: 2, interrupt: true });
  await until(() => moves(thorin).filter(({ utterance }) => utterance === first.id).length === 3);
  const last = (id: string): number =>
    moves(thorin).findLast(({ utterance }) => utterance === id)?.startAt ?? 0;
  await until(() => moves(thorin).filter(({ utterance }) => utterance === second.id).length === 2);
  expect(last(first.id)).toBeGreaterThan(last(second.id));
});

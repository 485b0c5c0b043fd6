import { beforeAll, expect, test } from "bun:test";
import type { Frame } from "../../src/core/protocol/frame.ts";
import { setTable, type Table, until } from "../support/table.ts";
import { type Hello, V2Client } from "../support/v2-client.ts";

/** Sentences of some 0.3 s each: what the wire takes ahead is all of them. */
const NUMBERS =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen";
const SENTENCES = NUMBERS.split(" ").map((number) => `This is the sentence number ${number}.`);
const STORY = SENTENCES.join(" ");

const HELLOS: [string, Hello][] = [
  ["out of step", { codecs: ["opus"] }],
  ["in step", { codecs: ["opus"], sync: true }],
];

/** What is made for the first time is made slowly. */
beforeAll(async () => {
  const table = await setTable();
  const clients = [new V2Client(table, "thorin", { codecs: ["opus"] }), table.join("elara")];
  await table.streams.speak({ text: STORY }).handedOver;
  for (const { connection } of clients) connection.ended(1001);
});

function texts(client: V2Client): string[] {
  return client.of("speech.text").flatMap(({ text, words }) => (words ? [] : [text]));
}

/** ms of the line at which what a client was sent of it begins. */
function entranceOf({ frames }: { frames: readonly Frame[] }): number {
  return (frames[0]?.ptsSamples ?? Infinity) / 24;
}

/** When a client was sent its first frame. */
function firstFrameAt({ socket }: V2Client): () => number {
  const send = socket.send.bind(socket);
  let at: number | undefined;
  socket.send = (messages) => {
    if (messages.some((message) => typeof message !== "string")) at ??= performance.now();
    send(messages);
  };
  return () => at ?? Number.NaN;
}

/** Whether two were sent the same from some sentence on, to the end. */
function isRestOf(late: V2Client, whole: V2Client): boolean {
  const at = whole.frames.findIndex(({ sequence }) => sequence === late.frames[0]?.sequence);
  return at >= 0 && Bun.deepEquals(late.frames, whole.frames.slice(at));
}

/** Says a story, and waits until so many ms of it were heard. */
async function tell(table: Table, ms: number, to: "all" | string[] = "all") {
  const line = table.streams.speak({ text: STORY, to });
  await line.handedOver;
  await Bun.sleep(ms);
  return line;
}

test.each(HELLOS)(
  "who joins %s while a line that was sent whole is heard begins where the others' ears are",
  async (_, hello) => {
    const table = await setTable();
    const thorin = new V2Client(table, "thorin", hello);
    const begunAt = firstFrameAt(thorin);
    const line = await tell(table, 1_500);
    const late = new V2Client(table, "elara", hello);
    const since = performance.now() - begunAt();
    await until(() => late.of("speech.end").length === 1);
    expect(texts(late)).toEqual(SENTENCES);
    // A sentence is shorter than 400 ms; and in step everything is heard up to 400 ms later.
    expect(entranceOf(late)).toBeWithin(1_500 - 400 - 400, since + 400);
    expect(isRestOf(late, thorin)).toBe(true);
    line.cancel();
  },
);

test.each(HELLOS)(
  "a page that is loaded anew %s in the middle of a line hears the rest of it and reads all of it",
  async (_, hello) => {
    const table = await setTable();
    const before = new V2Client(table, "thorin", hello);
    await tell(table, 700);
    before.connection.ended(1001);
    const after = new V2Client(table, "thorin", hello);
    await until(() => after.of("speech.end").length === 1);
    expect(texts(after)).toEqual(SENTENCES);
    expect(isRestOf(after, before)).toBe(true);
    expect(entranceOf(after)).toBeGreaterThan(0);
  },
);

test("who is alone and loads the page anew loses nothing of a line that is still being made", async () => {
  const table = await setTable();
  const release = table.engine.hold(SENTENCES[3] as string);
  const before = new V2Client(table, "thorin");
  const line = table.streams.speak({ text: STORY });
  await until(() => table.engine.asked.length === 4);
  before.connection.ended(1001);
  release();
  await Bun.sleep(200);
  const after = new V2Client(table, "thorin");
  await line.handedOver;
  expect(texts(after)).toEqual(SENTENCES);
  expect(after.of("speech.end")).toHaveLength(1);
  expect(table.engine.asked).toEqual(SENTENCES);
  // What was made before and not heard yet is heard, too.
  expect(entranceOf(after)).toBeLessThan(500);
});

test("who loads the page anew in a line's only sentence hears that", async () => {
  const table = await setTable({ engine: { samplesPerChar: 400 } });
  const before = new V2Client(table, "thorin");
  const line = table.streams.speak({ text: "One sentence that is long enough to be in the middle of it." });
  await line.handedOver;
  await Bun.sleep(200);
  before.connection.ended(1001);
  const after = new V2Client(table, "thorin");
  await until(() => after.of("speech.end").length === 1);
  expect(after.frames).toEqual(before.frames);
  line.cancel();
});

test("a whisper that is being heard comes to the same player's new page, and to nobody else's", async () => {
  const table = await setTable();
  const before = new V2Client(table, "thorin");
  const line = await tell(table, 500, ["thorin"]);
  before.connection.ended(1001);
  const [stranger, after] = [new V2Client(table, "elara"), new V2Client(table, "thorin")];
  const other = table.join("pip");
  await until(() => after.of("speech.end").length === 1);
  expect(texts(after)).toEqual(SENTENCES);
  expect(isRestOf(after, before)).toBe(true);
  expect([stranger.speech, stranger.frames]).toEqual([[], []]);
  expect(other.messages.map(({ type }) => type)).not.toContain("private");
  line.cancel();
});

test("on dm20, too, a page that is loaded anew hears the rest of a line that was sent whole", async () => {
  const table = await setTable();
  const before = table.join("thorin");
  const line = await tell(table, 900);
  before.connection.ended(1001);
  const after = table.join("thorin");
  await until(() => after.of("narrative").length === 1);
  await until(() => after.clips.length >= 4);
  expect(after.of("narrative")).toMatchObject([{ content: STORY }]);
  const rest = before.clips.slice(-after.clips.length);
  expect(after.clips.map(({ bytes }) => Bun.hash(bytes))).toEqual(rest.map(({ bytes }) => Bun.hash(bytes)));
  expect(after.clips.length).toBeLessThan(SENTENCES.length);
  line.cancel();
});

test("who is alone on dm20 and loads the page anew loses nothing of a line that is still being made", async () => {
  const table = await setTable();
  const release = table.engine.hold(SENTENCES[3] as string);
  const before = table.join("thorin");
  const line = table.streams.speak({ text: STORY });
  await until(() => table.engine.asked.length === 4);
  before.connection.ended(1001);
  release();
  await Bun.sleep(200);
  const after = table.join("thorin");
  await line.handedOver;
  expect(after.of("narrative")).toHaveLength(1);
  expect(after.clips.length).toBeGreaterThanOrEqual(SENTENCES.length - 3);
  expect(table.engine.asked).toEqual(SENTENCES);
});

test("who joins behind a line that nobody hears yet hears all of it", async () => {
  const table = await setTable();
  new V2Client(table, "thorin", { codecs: ["opus"] });
  const first = table.streams.speak({ text: STORY });
  const second = table.streams.speak({ text: "And this comes after it." });
  await Promise.all([first.handedOver, second.handedOver]);
  await Bun.sleep(300);
  const late = new V2Client(table, "elara", { codecs: ["opus"] });
  await until(() => late.of("speech.end").length === 2);
  const begin = late.of("speech.begin").find(({ utterance }) => utterance === second.id);
  const own = late.frames.filter(({ handle }) => handle === begin?.handle);
  expect(own[0]).toMatchObject({ first: true, sequence: 0 });
  first.cancel();
  second.cancel();
});

test("what is heard before and after a page is loaded anew counts together", async () => {
  const table = await setTable();
  const before = new V2Client(table, "thorin");
  const line = await tell(table, 800);
  const report = { type: "heard", utterance: line.id, state: "playing", underruns: 0 } as const;
  table.streams.heard(before.connection, { ...report, heardMs: 750 });
  before.connection.ended(1001);
  const after = new V2Client(table, "thorin");
  await until(() => after.of("speech.end").length === 1);
  const { durationMs } = await line.handedOver;
  const rest = durationMs - entranceOf(after);
  table.streams.heard(after.connection, { ...report, heardMs: rest, ended: true });
  const { players } = await line.done;
  expect(players).toMatchObject([{ player: "thorin", complete: false }]);
  expect(players[0]?.heardMs).toBeWithin(Math.floor(rest) + 300, durationMs + 1);
});

test("who is late and hears a line to its end is waited for, and told as late", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin");
  const line = await tell(table, 500);
  const late = new V2Client(table, "elara");
  await until(() => late.of("speech.end").length === 1);
  const report = { type: "heard", utterance: line.id, state: "playing", underruns: 0, ended: true } as const;
  const { durationMs } = await line.handedOver;
  table.streams.heard(thorin.connection, { ...report, heardMs: durationMs });
  await Bun.sleep(20);
  const rest = Math.round(durationMs - entranceOf(late));
  table.streams.heard(late.connection, { ...report, heardMs: rest });
  expect((await line.done).players).toMatchObject([
    { player: "thorin", complete: true },
    { player: "elara", complete: false, heardMs: rest, reason: "late" },
  ]);
});

test("of clips that are being heard no more is kept than there is room for", async () => {
  const table = await setTable({ streams: { history: { bytes: 100_000 } } });
  const pip = table.join("pip");
  const lines = Array.from({ length: 20 }, () => table.streams.speak({ text: STORY }));
  await Promise.all(lines.map((line) => line.handedOver));
  const all = pip.clips.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const kept = table.streams.utterances.reduce((sum, { clipBytes }) => sum + clipBytes, 0);
  expect(kept).toBeLessThan(all / 10);
  for (const line of lines) line.cancel();
});

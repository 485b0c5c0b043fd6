import { expect, test } from "bun:test";
import { unpackOpus } from "../../src/core/protocol/frame.ts";
import { setTable, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

test("a line begins with its text, sounds in order and ends, with rising offsets", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin");
  const line = table.streams.speak({ text: "Welcome, adventurers. Sit down.", speaker: "dm" });
  const report = await line.handedOver;
  expect(report).toMatchObject({ delivered: true, listeners: 1, sentences: 2 });
  expect(thorin.speech.map(({ type }) => type)).toEqual([
    "speech.begin",
    "speech.text",
    "speech.text",
    "speech.text",
    "speech.text",
    "speech.end",
  ]);
  const offsets = thorin.speech.map(({ offset }) => offset);
  expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  expect(thorin.welcome.offset).toBeLessThan(offsets[0] ?? 0);
  const [begin] = thorin.of("speech.begin");
  expect(begin).toMatchObject({
    utterance: line.id,
    speaker: "dm",
    private: false,
    codec: "pcm16",
    preSkip: 0,
  });
  const texts = thorin.of("speech.text").filter(({ words }) => !words);
  expect(texts.map(({ text }) => text).join(" ")).toBe("Welcome, adventurers. Sit down.");
  const frames = thorin.frames;
  const [end] = thorin.of("speech.end");
  expect(frames.map(({ sequence }) => sequence)).toEqual(frames.map((_, index) => index));
  expect(end?.chunks).toBe(frames.length);
  expect(end?.durationMs).toBeWithin(report.durationMs, report.durationMs + 60);
  expect(frames.map(({ first }) => first)).toEqual(frames.map((_, index) => index === 0));
  expect(frames.map(({ last }) => last)).toEqual(frames.map((_, index) => index === frames.length - 1));
  expect(frames.filter(({ discontinuity }) => discontinuity)).toHaveLength(2);
  expect(thorin.pcm(begin?.handle ?? -1).length / 2).toBe(((end?.durationMs ?? 0) * 24_000) / 1000);
});

test("words have times in the line, where its sentences are heard", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin");
  await table.streams.speak({ text: "One two! (softly) Three *four*." }).handedOver;
  const timed = thorin.of("speech.text").filter(({ words }) => words);
  expect(timed.map(({ estimated }) => estimated)).toEqual([true, true]);
  const [, second] = timed;
  expect(second?.words?.map(([start, length]) => second.text.slice(start, start + length))).toEqual([
    "Three",
    "four",
  ]);
  const begins = thorin.frames
    .filter(({ discontinuity }) => discontinuity)
    .map(({ ptsSamples }) => ptsSamples / 24);
  expect(timed.map(({ atMs }) => atMs)).toEqual(begins.map(Math.round));
  expect(second?.words?.[0]?.[2]).toBe(second?.atMs as number);
});

test("each codec is made once, and none that nobody listens to", async () => {
  const table = await setTable();
  const [a, b] = [new V2Client(table, "thorin"), new V2Client(table, "elara")];
  const opus = new V2Client(table, "pip", { codecs: ["opus", "pcm16"] });
  const old = table.join("bruni");
  await table.streams.speak({ text: "Four at one table." }).handedOver;
  expect(table.engine.asked).toHaveLength(1);
  expect(a.socket.binaries).toEqual(b.socket.binaries);
  expect(old.clips).toHaveLength(1);
  expect(opus.frames.map(({ sequence, ptsSamples, packets }) => [sequence, ptsSamples, packets])).toEqual(
    a.frames.map(({ sequence, ptsSamples, packets }) => [sequence, ptsSamples, packets]),
  );
  for (const frame of opus.frames) expect(unpackOpus(frame)).toHaveLength(frame.packets);
  expect(opus.of("speech.begin")[0]).toMatchObject({ codec: "opus", preSkip: 156 });
});

test("a whisper's messages and frames reach one player only", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin");
  const elara = new V2Client(table, "elara");
  const [texts, frames] = [elara.socket.texts.length, elara.socket.binaries.length];
  await table.streams.speak({ text: "Psst.", to: ["thorin"] }).handedOver;
  expect(thorin.of("speech.begin")[0]?.private).toBe(true);
  expect(thorin.frames.length).toBeGreaterThan(0);
  expect(elara.speech).toEqual([]);
  expect([elara.socket.texts.length, elara.socket.binaries.length]).toEqual([texts, frames]);
});

test("who joins in the middle gets the text so far, and the sound from the next sentence", async () => {
  const table = await setTable({ engine: { samplesPerChar: 400 } });
  const release = table.engine.hold("Second sentence.");
  const thorin = new V2Client(table, "thorin");
  const line = table.streams.speak({ text: "First sentence. Second sentence. Third sentence." });
  await until(() => thorin.frames.length > 0 && table.engine.asked.length === 2);
  const late = new V2Client(table, "elara");
  release();
  await line.handedOver;
  const texts = new Set(late.of("speech.text").map(({ text }) => text));
  expect([...texts]).toEqual(["First sentence.", "Second sentence.", "Third sentence."]);
  expect(late.frames[0]).toMatchObject({ discontinuity: true });
  expect(late.frames[0]?.sequence).toBeGreaterThan(0);
  const own = thorin.frames.filter(({ sequence }) => sequence >= (late.frames[0]?.sequence ?? 0));
  expect(late.frames).toEqual(own);
  expect(late.speech.at(-1)?.type).toBe("speech.end");
  const offsets = late.speech.map(({ offset }) => offset);
  expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  expect(late.welcome.offset).toBeLessThan(offsets[0] ?? 0);
});

test("sound is sent ahead as far as the lead goes, and no further", async () => {
  const table = await setTable({ engine: { samplesPerChar: 8000 } });
  const thorin = new V2Client(table, "thorin");
  const line = table.streams.speak({ text: "Ten char. ".repeat(6) });
  await until(() => thorin.frames.length > 8);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { ptsSamples = 0 } = thorin.frames.at(-1) ?? {};
  expect(ptsSamples / 24_000).toBeWithin(3, 6);
  // Speech is made one sentence ahead of the listener, each of which is longer than the lead.
  expect(table.engine.asked.length).toBeLessThan(4);
  line.cancel();
  await line.done;
});

test("a cancelled line says so to its listeners, and nothing of it follows", async () => {
  const table = await setTable();
  const release = table.engine.hold("Second.");
  const thorin = new V2Client(table, "thorin");
  const line = table.streams.speak({ text: "First. Second. Third." });
  await until(() => thorin.frames.length > 0 && table.engine.asked.length === 2);
  line.cancel();
  const frames = thorin.frames.length;
  release();
  const report = await line.handedOver;
  expect(report).toMatchObject({ cancelled: true, delivered: false });
  expect(table.engine.aborted).toEqual(["Second."]);
  expect(thorin.speech.at(-1)).toMatchObject({ type: "speech.cancel", utterance: line.id, atMs: 0 });
  expect(thorin.frames).toHaveLength(frames);
});

test("a sentence that nobody can speak is left to the browser, and the rest sounds", async () => {
  const table = await setTable({ engine: { failsOn: (text) => text.startsWith("Bad") } });
  const thorin = new V2Client(table, "thorin");
  const report = await table.streams.speak({ text: "Good one. Bad one. Good two." }).handedOver;
  expect(thorin.of("speech.fallback")).toMatchObject([
    { sentence: 1, mode: "browser-voice", reason: "all-engines-failed" },
  ]);
  expect(thorin.frames.filter(({ discontinuity }) => discontinuity)).toHaveLength(2);
  expect(thorin.of("speech.text").filter(({ words }) => !words)).toHaveLength(3);
  expect(report.delivered).toBe(false);
});

test("what listeners report is in the report", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin");
  const elara = new V2Client(table, "elara");
  const line = table.streams.speak({ text: "Do you hear me?" });
  const { durationMs } = await line.handedOver;
  const report = { type: "heard", utterance: line.id, underruns: 1, ended: true } as const;
  table.streams.heard(thorin.connection, { ...report, heardMs: 50, state: "muted" });
  table.streams.heard(elara.connection, { ...report, heardMs: 1e9, state: "playing" });
  const { players } = await line.done;
  expect(players).toMatchObject([
    { player: "thorin", heardMs: 50, muted: true, complete: true, underruns: 1 },
    { player: "elara", muted: false, complete: true },
  ]);
  expect(players[1]?.heardMs).toBeWithin(durationMs, durationMs + 30);
});

test("who loses the connection when everything was handed over is heard on the next one", async () => {
  const table = await setTable({ engine: { samplesPerChar: 2000 } });
  const before = new V2Client(table, "thorin");
  const other = new V2Client(table, "thorin");
  const elara = new V2Client(table, "elara");
  const line = table.streams.speak({ text: "Do you hear me?" });
  const { durationMs } = await line.handedOver;
  const report = { type: "heard", utterance: line.id, underruns: 0, state: "playing" } as const;
  table.streams.heard(before.connection, { ...report, heardMs: 1 });
  before.connection.ended(1006);
  const resume = { epoch: before.welcome.epoch, offset: before.speech.at(-1)?.offset ?? 0, utterances: [] };
  const after = new V2Client(table, "thorin", { resume });
  expect(after.connection.v2.playout.aheadMs).toBe(0);
  table.streams.heard(after.connection, { ...report, heardMs: 20 });
  expect(after.connection.v2.playout.aheadMs).toBeGreaterThan(0);
  // Nobody else has lost it.
  const stranger = new V2Client(table, "thorin", { resume });
  table.streams.heard(stranger.connection, { ...report, heardMs: 5, ended: true, state: "muted" });
  table.streams.heard(after.connection, { ...report, heardMs: durationMs, ended: true });
  table.streams.heard(other.connection, { ...report, heardMs: 3, ended: true });
  table.streams.heard(elara.connection, { ...report, heardMs: 4, ended: true });
  const { players } = await line.done;
  expect(players).toMatchObject([
    { player: "thorin", heardMs: durationMs, muted: false },
    { player: "elara", heardMs: 4 },
  ]);
});

test("a report about somebody else's line changes nothing", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin");
  const elara = new V2Client(table, "elara");
  const line = table.streams.speak({ text: "For one.", to: ["thorin"] });
  await line.handedOver;
  const lie = {
    type: "heard",
    utterance: line.id,
    heardMs: 5,
    state: "muted",
    underruns: 9,
    ended: true,
  } as const;
  table.streams.heard(elara.connection, lie);
  table.streams.heard(thorin.connection, { ...lie, heardMs: 60, state: "playing", underruns: 0 });
  expect((await line.done).players).toMatchObject([{ player: "thorin", heardMs: 60, underruns: 0 }]);
});

test("an urgent line goes before the one being sent, which goes on after it", async () => {
  const table = await setTable({ engine: { samplesPerChar: 8000 } });
  const thorin = new V2Client(table, "thorin");
  const old = table.join("elara");
  const slow = table.streams.speak({ text: "A long tale. It goes on. And on.", context: "ambient" });
  await until(() => thorin.frames.length > 5 && old.clips.length > 0);
  const urgent = table.streams.speak({ text: "Run!", context: "combat", interrupt: true });
  await urgent.handedOver;
  const handles = thorin.frames.map(({ handle }) => handle);
  const [first, second] = thorin.of("speech.begin");
  expect(second).toMatchObject({ utterance: urgent.id, interrupt: true });
  expect(handles.at(-1)).toBe(second?.handle as number);
  expect(slow.id).toBe(first?.utterance as string);
  slow.cancel();
  await slow.done;
  // On dm20 a clip is never broken: both lines' clips are whole.
  expect(old.clips.length).toBeGreaterThan(1);
});

test("an urgent line may end the one being sent", async () => {
  const table = await setTable({ engine: { samplesPerChar: 8000 } });
  const thorin = new V2Client(table, "thorin");
  const slow = table.streams.speak({ text: "A long tale. It goes on. And on.", context: "ambient" });
  await until(() => thorin.frames.length > 5);
  const urgent = table.streams.speak({ text: "Run!", context: "combat", interrupt: "drop" });
  await urgent.handedOver;
  expect((await slow.handedOver).delivered).toBe(false);
  expect(thorin.of("speech.cancel")).toMatchObject([{ utterance: slow.id, reason: "interrupted" }]);
  expect(thorin.of("speech.end")).toMatchObject([{ utterance: urgent.id }]);
});

test("no frame follows a cancel, not even one that was waiting for the listener", async () => {
  const table = await setTable({ engine: { samplesPerChar: 8000 }, connections: { queueBytes: 200_000 } });
  const paced = new V2Client(table, "thorin");
  const slow = new V2Client(table, "elara", {}, false);
  const line = table.streams.speak({ text: "Ten char. ".repeat(6) });
  await until(() => paced.frames.length > 8 && slow.frames.length > 0);
  await Bun.sleep(50);
  line.cancel();
  const frames = [paced, slow].map((client) => client.frames.length);
  slow.socket.read(true);
  await line.done;
  await Bun.sleep(50);
  expect([paced, slow].map((client) => client.frames.length)).toEqual(frames);
}, 20_000);

test("no frame follows a cancel of a line that makes way for another", async () => {
  const table = await setTable({ engine: { samplesPerChar: 8000 } });
  const thorin = new V2Client(table, "thorin");
  const slow = table.streams.speak({ text: "A long tale. It goes on. And on.", context: "ambient" });
  await until(() => thorin.frames.length > 5);
  const urgent = table.streams.speak({ text: "Run! Run on. And on.", context: "combat", interrupt: true });
  const [first] = thorin.of("speech.begin");
  await until(() => thorin.frames.some(({ handle }) => handle !== first?.handle));
  slow.cancel();
  const count = (): number => thorin.frames.filter(({ handle }) => handle === first?.handle).length;
  const before = count();
  urgent.cancel();
  await Promise.all([slow.done, urgent.done]);
  await Bun.sleep(50);
  expect(count()).toBe(before);
}, 20_000);

test("another codec is sent from the next line on, not in the middle of one", async () => {
  const table = await setTable();
  const release = table.engine.hold("Second.");
  const thorin = new V2Client(table, "thorin", { codecs: ["opus", "pcm16"] });
  const line = table.streams.speak({ text: "First. Second. Third." });
  await until(() => thorin.frames.length > 0 && table.engine.asked.length === 2);
  thorin.connection.v2.change({ type: "settings", codec: "pcm16" });
  const next = table.streams.speak({ text: "Another line." });
  release();
  expect((await line.handedOver).delivered).toBe(true);
  await next.handedOver;
  const [first, second] = thorin.of("speech.begin");
  expect([first?.codec, second?.codec]).toEqual(["opus", "pcm16"]);
  for (const frame of thorin.frames) {
    if (frame.handle === first?.handle) expect(unpackOpus(frame)).toHaveLength(frame.packets);
    else expect(frame.payload.length / 2).toBe(frame.packets * 480 - (frame.discontinuity ? 156 : 0));
  }
});

import { afterEach, beforeEach, expect, test } from "bun:test";
import { LineRig } from "../line-rig.ts";
import { scriptLine } from "../scripted-line.ts";

let rig: LineRig;

beforeEach(() => {
  rig = new LineRig();
});
afterEach(() => rig.player.close());

test("the word being said is told as it is heard, sentence by sentence, and the silence after it", async () => {
  const line = await scriptLine({ sentences: [0.5, 0.75] });
  await rig.unlock();
  await rig.tell(line);
  await rig.pass(2);
  const at = (sentence: number, word: number): object => ({
    line: line.begin.utterance,
    sentence,
    charStart: word * 6,
    charLength: 5,
  });
  expect(rig.spoken).toEqual([at(0, 0), at(0, 1), at(1, 0), at(1, 1), at(1, 2), undefined]);
});

test("what is told is what leaves the loudspeaker, not what is on its way to it", async () => {
  Object.assign(rig.context, { outputLatency: 0.3 });
  const line = await scriptLine({ sentences: [0.5] });
  await rig.unlock();
  await rig.tell(line);
  await rig.pass(0.35);
  expect(rig.spoken).toEqual([]);
  await rig.pass(0.1);
  expect(rig.spoken).toHaveLength(1);
  await rig.pass(0.45);
  expect(rig.report(line)?.ended).toBe(true);
  expect(rig.report(line)?.heardMs).toBe(line.durationMs);
});

test("word times that come while the sentence sounds are used from then on", async () => {
  const line = await scriptLine({ sentences: [1] });
  const [text] = line.texts;
  if (!text) throw new Error("there is a sentence");
  const { words, atMs, ...untimed } = text;
  await rig.unlock();
  await rig.tell({ ...line, texts: [untimed] });
  await rig.pass(0.4);
  expect(rig.spoken).toEqual([{ line: line.begin.utterance }]);
  rig.client.tell("sentence", text);
  await rig.pass(0.3);
  expect(rig.spoken.at(-1)).toMatchObject({ sentence: 0, charStart: 12 });
});

test("before the first tap a line goes by in real time, and nothing is heard or reported as heard", async () => {
  const line = await scriptLine({ sentences: [0.5, 0.75] });
  await rig.tell(line);
  await rig.pass(0.75);
  expect(rig.spoken.at(-1)).toMatchObject({ sentence: 1, charStart: 0 });
  await rig.pass(1);
  expect(rig.spoken.at(-1)).toBeUndefined();
  expect(rig.context.heard).toEqual([]);
  expect(rig.report(line)).toMatchObject({ heardMs: 0, state: "text-only", ended: true });
});

test("who taps in the middle of a line hears it from the sentence that the others are hearing", async () => {
  const line = await scriptLine({ codec: "opus", sentences: [1, 1] });
  await rig.tell(line);
  await rig.pass(1.5);
  await rig.unlock();
  await rig.pass(1.5);
  const from = line.frames.find(({ discontinuity, sequence }) => discontinuity && sequence > 0)?.ptsSamples;
  expect(rig.differsFrom(line.samples.subarray(from))).toBeUndefined();
  expect(rig.report(line)).toMatchObject({ ended: true, state: "playing" });
});

test("a call takes the sound away and gives it back where the table is", async () => {
  const line = await scriptLine({ sentences: [1, 1, 1] });
  await rig.unlock();
  await rig.tell(line);
  await rig.pass(0.5);
  await rig.context.become("suspended");
  expect(rig.player.state).toBe("interrupted");
  await rig.pass(1.6);
  const before = rig.context.frame;
  await rig.unlock();
  await rig.pass(2.5);
  const from = line.frames.filter(({ discontinuity }) => discontinuity)[1]?.ptsSamples ?? 0;
  const heard = rig.context.render();
  const resumed = heard.findIndex((sample, frame) => frame > before + 300 && sample !== 0);
  expect(heard.slice(resumed, resumed + 9_000)).toEqual(line.samples.slice(from, from + 9_000));
});

test("muted, the speech goes on, is shown, and does not count as heard", async () => {
  const line = await scriptLine({ sentences: [3] });
  await rig.unlock();
  rig.player.muted = true;
  await rig.tell(line);
  await rig.pass(1.5);
  expect(rig.report(line)).toMatchObject({ state: "muted", heardMs: 0 });
  expect(rig.spoken.length).toBeGreaterThan(4);
  rig.player.muted = false;
  await rig.pass(2.5);
  const { heardMs = 0, ...report } = rig.report(line) ?? {};
  expect(report).toMatchObject({ state: "playing", ended: true });
  expect(Math.abs(heardMs - 1_560)).toBeLessThan(100);
});

test("reports come once a second at most, and once at the end", async () => {
  const line = await scriptLine({ sentences: [3.4] });
  await rig.unlock();
  await rig.tell(line);
  await rig.pass(4);
  const { reports } = rig.client;
  expect(reports.map(({ ended }) => ended)).toEqual([undefined, undefined, undefined, undefined, true]);
  expect(
    reports.slice(1, 4).map(({ heardMs }, index) => heardMs - (reports[index]?.heardMs ?? 0) >= 1000),
  ).toEqual([true, true, true]);
  expect(reports.at(-1)).toMatchObject({ heardMs: line.durationMs, utterance: line.begin.utterance });
});

test("a line that is only text is reported as over in its turn", async () => {
  const [spoken, silent] = [await scriptLine({ sentences: [0.5] }), await scriptLine({ sentences: [] })];
  await rig.unlock();
  await rig.tell(spoken);
  await rig.tell(silent);
  await rig.pass(0.3);
  expect(rig.report(silent)).toBeUndefined();
  await rig.pass(0.5);
  expect(rig.report(silent)).toMatchObject({ heardMs: 0, state: "text-only", ended: true });
});

import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Manner, ReadAloud, VoiceEvents } from "../../../src/client/index.ts";
import { LineRig, STEP } from "../line-rig.ts";
import { type ScriptedLine, scriptLine } from "../scripted-line.ts";

/** A browser's voice that speaks when it is told to. */
class FakeVoice {
  readonly said: { text: string; manner: Manner }[] = [];
  events: VoiceEvents | undefined;
  stopped = 0;
  readonly readAloud: ReadAloud = (text, manner, events) => {
    this.said.push({ text, manner });
    this.events = events;
    return () => {
      this.stopped += 1;
    };
  };
}

let rig: LineRig;
let voice: FakeVoice;

beforeEach(() => {
  voice = new FakeVoice();
  rig = new LineRig({ readAloud: voice.readAloud });
});
afterEach(() => rig.player.close());

function fall(
  line: ScriptedLine,
  sentence: number,
  mode: "browser-voice" | "caption",
  atMs = 0,
  text?: string,
): void {
  const { utterance } = line.begin;
  if (text) rig.client.tell("sentence", { type: "speech.text", offset: 0, utterance, sentence, text });
  rig.client.tell("fallback", {
    type: "speech.fallback",
    offset: 0,
    utterance,
    sentence,
    mode,
    atMs,
    reason: "test",
  });
}

const WORDS = "Run, you fools, run away!";

test("a sentence without sound is read by the browser in its turn, in the line's manner", async () => {
  const line = await scriptLine({ sentences: [0.5, 0.5], language: "it", speed: 1.2, pitch: -3 });
  const begins = line.frames.findLastIndex(({ discontinuity }) => discontinuity);
  const [first, second] = [line.frames.slice(0, begins), line.frames.slice(begins)];
  const atMs = (second[0]?.ptsSamples ?? 0) / 24;
  await rig.unlock();
  // The fallback runs ahead of the frames, as messages may.
  rig.announce(line);
  fall(line, 5, "browser-voice", Math.round(atMs), WORDS);
  await rig.send([...first, ...second]);
  await rig.end(line);
  await rig.pass(0.5);
  expect(voice.said).toEqual([]);
  await rig.pass(0.2);
  expect(voice.said).toEqual([{ text: WORDS, manner: { language: "it", speed: 1.2, pitch: -3, volume: 1 } }]);
  expect(rig.context.heard.length).toBe(first.length);
  voice.events?.word(5);
  await rig.pass(STEP);
  expect(rig.spoken.at(-1)).toEqual({ line: line.begin.utterance, sentence: 5, charStart: 5, charLength: 3 });
  voice.events?.word(16);
  await rig.pass(3);
  expect(rig.spoken.at(-1)).toMatchObject({ charStart: 16 });
  expect(rig.context.heard.length).toBe(first.length);
  voice.events?.end();
  await rig.pass(1);
  expect(rig.context.heard.length).toBe(line.frames.length);
  expect(rig.report(line)).toMatchObject({ ended: true, state: "playing", heardMs: line.durationMs });
});

test.each([
  ["is missing", (): void => voice.events?.failed(), "browser-voice"],
  ["is not wanted", (): void => undefined, "caption"],
] as const)("where a voice %s the caption is shown for as long as reading takes", async (_, fail, mode) => {
  const line = await scriptLine({ sentences: [] });
  await rig.unlock();
  rig.announce(line);
  fall(line, 0, mode, 0, WORDS);
  await rig.end(line);
  await rig.pass(STEP);
  fail();
  await rig.pass(0.9);
  expect(rig.spoken.map((spoken) => spoken?.charStart)).toEqual([0, 5, 9]);
  await rig.pass(0.5);
  expect(rig.report(line)?.ended).toBeUndefined();
  await rig.pass(0.4);
  expect(rig.spoken.at(-1)).toBeUndefined();
  expect(rig.report(line)).toMatchObject({ ended: true, heardMs: 0, state: "text-only" });
});

test("before the first tap, and muted, no voice is asked", async () => {
  for (const prepare of [async () => undefined, () => rig.unlock()]) {
    await prepare();
    rig.player.muted = true;
    const line = await scriptLine({ sentences: [] });
    rig.announce(line);
    fall(line, 0, "browser-voice", 0, WORDS);
    await rig.end(line);
    await rig.pass(2.5);
    expect(voice.said).toEqual([]);
    expect(rig.report(line)?.ended).toBe(true);
  }
});

test("muting, skipping and cancelling silence the voice", async () => {
  const silence = [
    () => {
      rig.player.muted = true;
    },
    () => rig.player.skip(),
    () => rig.player.stop(),
  ];
  for (const act of silence) {
    voice = new FakeVoice();
    rig = new LineRig({ readAloud: voice.readAloud });
    const line = await scriptLine({ sentences: [] });
    await rig.unlock();
    rig.announce(line);
    fall(line, 0, "browser-voice", 0, WORDS);
    await rig.end(line);
    await rig.pass(0.3);
    expect([voice.said.length, voice.stopped]).toEqual([1, 0]);
    act();
    expect(voice.stopped).toBeGreaterThan(0);
    await rig.pass(2);
    expect(rig.report(line)?.ended).toBe(true);
    rig.player.close();
  }
});

test("an interrupted reading begins again", async () => {
  const line = await scriptLine({ sentences: [] });
  const short = await scriptLine({ priority: 9, interrupt: true, sentences: [0.3] });
  await rig.unlock();
  rig.announce(line);
  fall(line, 0, "browser-voice", 0, WORDS);
  await rig.end(line);
  await rig.pass(0.3);
  await rig.tell(short);
  await rig.pass(0.2);
  expect(voice.stopped).toBeGreaterThan(0);
  expect(rig.spoken.at(-1)).toMatchObject({ line: short.begin.utterance });
  await rig.pass(0.5);
  expect(voice.said.map(({ text }) => text)).toEqual([WORDS, WORDS]);
});

test("a voice that never ends is not waited for for ever", async () => {
  const line = await scriptLine({ sentences: [] });
  await rig.unlock();
  rig.announce(line);
  fall(line, 0, "browser-voice", 0, WORDS);
  await rig.end(line);
  await rig.pass(8);
  expect(rig.report(line)?.ended).toBe(true);
});

test("a line that is all fallback waits for the lines announced before it", async () => {
  const [spoken, silent] = [await scriptLine({ sentences: [0.5] }), await scriptLine({ sentences: [] })];
  await rig.unlock();
  rig.announce(spoken);
  rig.announce(silent);
  fall(silent, 0, "browser-voice", 0, WORDS);
  await rig.end(silent);
  await rig.pass(0.5);
  expect(voice.said).toEqual([]);
  await rig.send(spoken.frames);
  await rig.end(spoken);
  await rig.pass(0.5);
  expect(voice.said).toEqual([]);
  await rig.pass(0.3);
  expect(voice.said.length).toBe(1);
});

test("who comes late is not read what the others have been read", async () => {
  const line = await scriptLine({ sentences: [1, 0.5] });
  const second = line.frames.findIndex(({ discontinuity, sequence }) => discontinuity && sequence > 0);
  await rig.unlock();
  rig.announce(line);
  fall(line, 7, "browser-voice", 400, WORDS);
  await rig.send(line.frames.slice(second));
  await rig.end(line);
  await rig.pass(1.2);
  expect(voice.said).toEqual([]);
  expect(rig.report(line)?.ended).toBe(true);
});

test("of lines that are all fallback, the one of higher priority is read first", async () => {
  const [low, high] = [await scriptLine({ sentences: [] }), await scriptLine({ sentences: [], priority: 5 })];
  const spoken = await scriptLine({ sentences: [0.5] });
  await rig.unlock();
  await rig.tell(spoken);
  for (const [line, words] of [
    [low, "later"],
    [high, "first"],
  ] as const) {
    rig.announce(line);
    fall(line, 0, "browser-voice", 0, words);
    await rig.end(line);
  }
  await rig.pass(0.8);
  expect(voice.said.map(({ text }) => text)).toEqual(["first"]);
});

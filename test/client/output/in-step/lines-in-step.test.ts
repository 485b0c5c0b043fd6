import { expect, test } from "bun:test";
import type { HeardReport } from "../../../../src/client/index.ts";
import { SilentSink } from "../../../../src/client/output/audio-sink.ts";
import { createOpusDecoder } from "../../../../src/client/playout/opus.ts";
import { UtterancePlayer } from "../../../../src/client/playout/utterance-player.ts";
import { V2_SAMPLE_RATE } from "../../../../src/core/protocol/v2.ts";
import { settle } from "../../line-rig.ts";
import { type LineScript, type ScriptedLine, scriptLine } from "../../scripted-line.ts";
import { TableSink } from "./table-sink.ts";

/** Utterances on a sink that keeps the table's time. */
class StepRig {
  readonly sink: TableSink = new TableSink();
  readonly reports: HeardReport[] = [];
  readonly lines: UtterancePlayer;
  #offset = 0;

  constructor() {
    const now = (): number => this.sink.nowMs;
    this.lines = new UtterancePlayer({
      silence: new SilentSink(now),
      maxQueuedMs: 60_000,
      createOpus: createOpusDecoder,
      readAloud: () => () => undefined,
      now,
      volume: () => 1,
      onHeard: (report) => this.reports.push(report),
      onDropped: () => undefined,
    });
    this.lines.moveTo({ sink: this.sink, inStep: this.sink });
  }

  async begin(script: LineScript, from = 0): Promise<ScriptedLine> {
    const line = await scriptLine(script);
    this.lines.begin(line.begin);
    for (const text of line.texts) this.lines.sentence(text);
    await this.send(line, from);
    return line;
  }

  async send({ frames }: ScriptedLine, from = 0, to: number = frames.length): Promise<void> {
    for (const frame of frames.slice(from, to)) this.lines.frame(frame);
    await settle();
  }

  async end({ begin: { utterance } }: ScriptedLine): Promise<void> {
    this.lines.end({ utterance });
    await settle();
  }

  async move({ begin: { utterance } }: ScriptedLine, fromMs: number, startAt: number): Promise<void> {
    this.lines.move({ type: "speech.move", offset: ++this.#offset, utterance, fromMs, startAt });
    await settle();
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 20) {
      this.sink.nowMs += 20;
      this.lines.tick();
      await settle();
    }
  }

  report({ begin: { utterance } }: ScriptedLine): HeardReport | undefined {
    return this.reports.findLast((report) => report.utterance === utterance);
  }
}

/** Samples of a line, from one place in it to another. */
function partOf(line: ScriptedLine, fromMs: number, toMs = line.durationMs): Float32Array {
  return line.samples.slice((fromMs * V2_SAMPLE_RATE) / 1000, (toMs * V2_SAMPLE_RATE) / 1000);
}

function silence(ms: number): Float32Array {
  return new Float32Array((ms * V2_SAMPLE_RATE) / 1000);
}

test("a line is heard when the table says, to the sample, however early it came", async () => {
  const rig = new StepRig();
  const line = await rig.begin({ startAt: 300.25, sentences: [1, 0.5] });
  await rig.end(line);
  await rig.pass(2500);
  const length = (line.samples.length * 1000) / V2_SAMPLE_RATE;
  expect(rig.sink.heard(0, 300.25).every((sample) => sample === 0)).toBe(true);
  expect(rig.sink.heard(300.25, 300.25 + length)).toEqual(line.samples);
  expect(rig.report(line)).toMatchObject({ heardMs: line.durationMs, underruns: 0, ended: true });
});

test("the time of a line may come after it was announced", async () => {
  const rig = new StepRig();
  const line = await scriptLine({ sentences: [0.5] });
  rig.lines.begin(line.begin);
  await rig.move(line, 0, 400);
  await rig.send(line);
  expect(rig.sink.heard(400, 900)).toEqual(partOf(line, 0, 500));
});

test("who comes too late hears the line from where the table is, and only that counts", async () => {
  const rig = new StepRig();
  rig.sink.nowMs = 1000;
  const line = await rig.begin({ startAt: 500, sentences: [2] });
  await rig.end(line);
  expect(rig.sink.heard(500, 1020).every((sample) => sample === 0)).toBe(true);
  expect(rig.sink.heard(1020, 2500)).toEqual(partOf(line, 520, 2000));
  await rig.pass(3000);
  expect(rig.report(line)).toMatchObject({ heardMs: line.durationMs - 520, underruns: 0, state: "playing" });
});

test("of a line whose sound all came too late it is not said that its sound was off", async () => {
  const rig = new StepRig();
  rig.sink.nowMs = 5000;
  const line = await rig.begin({ startAt: 500, sentences: [0.5] });
  await rig.end(line);
  await rig.pass(200);
  expect(rig.report(line)).toMatchObject({ heardMs: 0, leftMs: 0, state: "playing", ended: true });
});

test("everyone pauses at the same sample when the line is moved, also when its sound is there already", async () => {
  const rig = new StepRig();
  const line = await rig.begin({ startAt: 100, sentences: [1] });
  await rig.pass(200);
  await rig.move(line, 400, 900);
  await rig.end(line);
  await rig.pass(2000);
  expect(rig.sink.heard(100, 500)).toEqual(partOf(line, 0, 400));
  expect(rig.sink.heard(500, 900)).toEqual(silence(400));
  expect(rig.sink.heard(900, 1500)).toEqual(partOf(line, 400, 1000));
  expect(rig.report(line)).toMatchObject({ heardMs: line.durationMs, underruns: 0 });
});

test("a line may be moved again and again, forward and back", async () => {
  const rig = new StepRig();
  const line = await rig.begin({ startAt: 500, sentences: [1] });
  await rig.move(line, 300, 1500);
  await rig.move(line, 600, 2500);
  await rig.move(line, 600, 2200);
  await rig.move(line, 200, 800);
  await rig.pass(100);
  expect(rig.sink.heard(500, 700)).toEqual(partOf(line, 0, 200));
  expect(rig.sink.heard(700, 800)).toEqual(silence(100));
  expect(rig.sink.heard(800, 1600)).toEqual(partOf(line, 200, 1000));
  expect(rig.sink.heard(1700, 3000).every((sample) => sample === 0)).toBe(true);
});

test("a place between two samples is the nearest of them", async () => {
  const rig = new StepRig();
  const line = await rig.begin({ startAt: 100, sentences: [1] });
  for (const fromMs of [400.01, 500.02, 600.0001]) await rig.move(line, fromMs, fromMs + 300);
  await rig.pass(100);
  expect(rig.sink.heard(100, 500)).toEqual(partOf(line, 0, 400));
  expect(rig.sink.heard(700, 800)).toEqual(partOf(line, 400, 500));
});

test("lines that are moved one after the other, as their messages come, lose nothing to each other", async () => {
  const rig = new StepRig();
  const first = await rig.begin({ startAt: 100, sentences: [1] });
  await rig.end(first);
  const second = await rig.begin({ startAt: 1100, sentences: [0.8] });
  await rig.end(second);
  await rig.pass(100);
  await rig.move(first, 500, 1000);
  await rig.pass(20);
  await rig.move(second, 0, 1500);
  await rig.pass(4000);
  expect(rig.sink.heard(100, 600)).toEqual(partOf(first, 0, 500));
  expect(rig.sink.heard(1000, 1490)).toEqual(partOf(first, 500, 990));
  expect(rig.sink.heard(1500, 2290)).toEqual(partOf(second, 0, 790));
  for (const line of [first, second]) {
    expect(rig.report(line)).toMatchObject({ heardMs: line.durationMs, underruns: 0 });
  }
});

test("lines follow each other without a gap when the table says so", async () => {
  const rig = new StepRig();
  const first = await rig.begin({ startAt: 200, sentences: [1] });
  await rig.end(first);
  const length = (first.samples.length * 1000) / V2_SAMPLE_RATE;
  const second = await rig.begin({ startAt: 200 + length, sentences: [0.5] });
  await rig.end(second);
  await rig.pass(3000);
  const both = Float32Array.from([...first.samples, ...second.samples]);
  expect(rig.sink.heard(200, 200 + (both.length * 1000) / V2_SAMPLE_RATE)).toEqual(both);
  expect(rig.report(second)).toMatchObject({ heardMs: second.durationMs, underruns: 0 });
});

test("whoever is still hearing a whisper hears the next line whole, after it", async () => {
  const rig = new StepRig();
  const whisper = await rig.begin({ startAt: 100, sentences: [2], private: true });
  await rig.end(whisper);
  const line = await rig.begin({ startAt: 500, sentences: [0.5] });
  await rig.end(line);
  await rig.pass(3500);
  const end = 100 + (whisper.samples.length * 1000) / V2_SAMPLE_RATE;
  expect(rig.sink.heard(100, end)).toEqual(whisper.samples);
  expect(rig.sink.heard(end, end + 500)).toEqual(partOf(line, 0, 500));
  expect(rig.report(line)).toMatchObject({ heardMs: line.durationMs });
});

test("an interrupted line falls silent when the other begins, and goes on when the table says", async () => {
  const rig = new StepRig();
  const line = await rig.begin({ startAt: 100, sentences: [1, 1] });
  await rig.pass(400);
  const cry = await rig.begin({ startAt: 600, sentences: [0.5], priority: 40, interrupt: true });
  await rig.end(cry);
  const resumeAt = 600 + (cry.samples.length * 1000) / V2_SAMPLE_RATE;
  await rig.move(line, 0, resumeAt);
  await rig.end(line);
  await rig.pass(5000);
  expect(rig.sink.heard(100, 600)).toEqual(partOf(line, 0, 500));
  expect(rig.sink.heard(600, 1100)).toEqual(partOf(cry, 0, 500));
  expect(rig.sink.heard(resumeAt, resumeAt + 2000)).toEqual(partOf(line, 0, 2000));
});

test("a line whose interrupter is cancelled before it began does not begin at two places", async () => {
  const rig = new StepRig();
  const line = await rig.begin({ startAt: 500, sentences: [1] });
  await rig.pass(480);
  const cry = await rig.begin({ startAt: 700, sentences: [0.5], priority: 40, interrupt: true });
  await rig.pass(20);
  const now = rig.sink.nowMs + rig.sink.aheadMs;
  rig.lines.cancel({
    type: "speech.cancel",
    offset: 0,
    utterance: cry.begin.utterance,
    atMs: 0,
    reason: "cancelled",
  });
  await rig.pass(3000);
  const all = rig.sink.heard(500, 3000);
  const start = partOf(line, 0, now - 500);
  const begins = [...all.keys()].filter((at) => start.every((sample, i) => all[at + i] === sample));
  // What had left already, and then the sentence from its beginning.
  expect(begins).toHaveLength(2);
  expect((begins[1] ?? 0) / 24).toBeGreaterThan(now - 500);
  expect(rig.sink.heard(now, 500 + (begins[1] ?? 0) / 24).every((sample) => sample === 0)).toBe(true);
});

test("a sentence that ends before the other speaks into the line is not heard again, and step is kept", async () => {
  const rig = new StepRig();
  const line = await rig.begin({ startAt: 100, sentences: [1, 1] });
  await rig.end(line);
  await rig.pass(980);
  // The second sentence begins at 1100, and is spoken into at 1200.
  const cry = await rig.begin({ startAt: 1200, sentences: [0.5], priority: 40, interrupt: true });
  await rig.end(cry);
  await rig.pass(20);
  const second = line.frames.filter(({ discontinuity }) => discontinuity)[1]?.ptsSamples ?? 0;
  await rig.move(line, second / 24, 2000);
  await rig.pass(4000);
  const length = line.durationMs - second / 24;
  expect(rig.sink.heard(100, 1200)).toEqual(partOf(line, 0, 1100));
  expect(rig.sink.heard(1700, 2000).every((sample) => sample === 0)).toBe(true);
  expect(rig.sink.heard(2000, 2000 + length - 1)).toEqual(partOf(line, second / 24, line.durationMs - 1));
  expect(rig.report(line)).toMatchObject({ underruns: 0, ended: true });
});

test("who did not hear an interrupter's beginning is silent while the others hear it", async () => {
  const rig = new StepRig();
  const line = await rig.begin({ startAt: 100, sentences: [3] });
  await rig.end(line);
  await rig.pass(200);
  const cry = await scriptLine({ startAt: 500, sentences: [0.5, 0.5], priority: 40, interrupt: true });
  rig.lines.begin(cry.begin);
  await rig.send(
    cry,
    cry.frames.findLastIndex(({ discontinuity }) => discontinuity),
  );
  await rig.end(cry);
  await rig.pass(3000);
  expect(rig.sink.heard(100, 500)).toEqual(partOf(line, 0, 400));
  expect(rig.sink.heard(500, 990).every((sample) => sample === 0)).toBe(true);
});

test("who alone heard an interruption goes on from their sentence, behind the others", async () => {
  const rig = new StepRig();
  const line = await rig.begin({ startAt: 100, sentences: [1, 1] });
  await rig.end(line);
  await rig.pass(400);
  const whisper = await rig.begin({ startAt: 600, sentences: [1], priority: 40, interrupt: true });
  await rig.end(whisper);
  await rig.pass(5000);
  const end = 600 + (whisper.samples.length * 1000) / V2_SAMPLE_RATE;
  expect(rig.sink.heard(600, end)).toEqual(whisper.samples);
  expect(rig.sink.heard(end, end + 2000)).toEqual(partOf(line, 0, 2000));
});

test("sound that ran dry is told once, and the line goes on in step", async () => {
  const rig = new StepRig();
  const line = await scriptLine({ startAt: 100, sentences: [3] });
  rig.lines.begin(line.begin);
  await rig.send(line, 0, 4);
  await rig.pass(1500);
  await rig.send(line, 4);
  await rig.end(line);
  await rig.pass(3000);
  expect(rig.sink.heard(1640, 3000)).toEqual(partOf(line, 1540, 2900));
  expect(rig.report(line)).toMatchObject({ underruns: 1 });
});

test("a server that starts anew has another clock: what the old one sent is heard out, then the new lines", async () => {
  const rig = new StepRig();
  rig.lines.meet("first");
  rig.sink.nowMs = 30_000;
  const line = await rig.begin({ startAt: 30_100, sentences: [2, 2] });
  await rig.end(line);
  await rig.pass(1000);
  rig.lines.meet("second");
  const anew = new TableSink();
  rig.lines.moveTo({ sink: anew, inStep: anew });
  rig.sink.nowMs = anew.nowMs = 500;
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 20) {
      anew.nowMs += 20;
      await rig.pass(20);
    }
  };
  const next = await rig.begin({ startAt: 1000, sentences: [1] });
  await rig.end(next);
  await pass(8000);
  expect(rig.report(line)).toMatchObject({ ended: true });
  expect(rig.report(next)).toMatchObject({ heardMs: next.durationMs, ended: true });
});

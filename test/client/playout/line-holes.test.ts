import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { createOpusDecoder } from "../../../src/client/playout/opus.ts";
import { LineRig, settle } from "../line-rig.ts";
import { scriptLine } from "../scripted-line.ts";

let rig: LineRig;

beforeAll(async () => (await createOpusDecoder()).free());
beforeEach(() => {
  rig = new LineRig();
});
afterEach(() => rig.player.close());

test.each(["opus", "pcm16"] as const)(
  "a lost frame of %s leaves a hole of its own length, concealed",
  async (codec) => {
    const line = await scriptLine({ codec, sentences: [2] });
    const lost = line.frames.find(({ packets }) => packets >= 25);
    if (!lost) throw new Error("there is a long frame");
    await rig.unlock();
    await rig.tell(
      line,
      line.frames.filter((frame) => frame !== lost),
    );
    await rig.end(line);
    await rig.pass(3);
    const heard = rig.context.render().subarray(rig.startFrame);
    const from = lost.ptsSamples;
    const to = from + lost.packets * 480;
    expect(heard.subarray(0, from)).toEqual(line.samples.subarray(0, from));
    const energy = (samples: Float32Array): number =>
      samples.reduce((sum, sample) => sum + sample * sample, 0);
    // Something that fades at first, silence after 100 ms.
    expect(energy(heard.subarray(from, from + 200))).toBeGreaterThan(0.5);
    expect(energy(heard.subarray(from + 2400, to))).toBe(0);
    expect(Math.abs(heard[from] ?? 1)).toBeLessThan(0.5);
    if (codec === "pcm16") expect(heard.subarray(to, line.samples.length)).toEqual(line.samples.subarray(to));
    else expect(energy(heard.subarray(to, to + 4800))).toBeGreaterThan(10);
    expect(rig.report(line)?.heardMs).toBe(line.durationMs - (to - from) / 24);
  },
);

test("who comes late hears the line from the next sentence on", async () => {
  const line = await scriptLine({ sentences: [0.6, 0.5] });
  const second = line.frames.findIndex(({ discontinuity, sequence }) => discontinuity && sequence > 0);
  await rig.unlock();
  await rig.tell(line, line.frames.slice(second));
  await rig.end(line);
  await rig.pass(1.5);
  const from = line.frames[second]?.ptsSamples;
  expect(rig.differsFrom(line.samples.subarray(from))).toBeUndefined();
  expect(rig.spoken[0]).toMatchObject({ sentence: 1 });
});

test("who fell behind goes on where the line is by then", async () => {
  const line = await scriptLine({ sentences: [0.5, 0.6, 0.5] });
  const begins = line.frames.filter(({ discontinuity }) => discontinuity);
  const [, second, third] = begins.map((frame) => line.frames.indexOf(frame));
  await rig.unlock();
  await rig.tell(line, line.frames.slice(0, second));
  // The second sentence never comes, and the third a second late.
  await rig.pass(1.7);
  await rig.send(line.frames.slice(third));
  await rig.end(line);
  await rig.pass(1.5);
  const heard = rig.context.render();
  const resumed = heard.findIndex((sample, frame) => sample !== 0 && frame > 1.7 * 24_000);
  const from = begins[2]?.ptsSamples ?? 0;
  expect(heard.slice(resumed, resumed + 9_000)).toEqual(line.samples.slice(from, from + 9_000));
  // Not after a silence as long as the sentence that is missing.
  expect(resumed / 24_000).toBeLessThan(2.1);
});

test("packets that are no Opus cost their own 20 ms and nothing else", async () => {
  const line = await scriptLine({ codec: "opus", sentences: [0.5] });
  const damaged = line.frames.map((frame, index) => {
    if (index !== 2) return frame;
    const payload = frame.payload.slice();
    payload.fill(255);
    return { ...frame, payload };
  });
  await rig.unlock();
  await rig.tell(line, damaged);
  await rig.end(line);
  await rig.pass(1);
  const heard = rig.context.render().subarray(rig.startFrame);
  const from = damaged[2]?.ptsSamples ?? 0;
  expect(heard.subarray(0, from)).toEqual(line.samples.subarray(0, from));
  expect(heard.subarray(0, line.samples.length).findLastIndex((sample) => sample !== 0)).toBeGreaterThan(
    line.samples.length - 480,
  );
  expect(rig.report(line)?.heardMs).toBe(line.durationMs);
});

test("in a context of another rate joins are as smooth as the sound itself", async () => {
  for (const sampleRate of [44_100, 48_000]) {
    const other = new LineRig({ sampleRate });
    const line = await scriptLine({ sentences: [1.2] });
    await other.unlock();
    await other.tell(line);
    await other.pass(2.5);
    const edges = other.context.heard.map(({ from, to }) => [from, to] as const);
    for (const [index, [from]] of edges.entries())
      if (index > 0) expect(from).toBe(edges[index - 1]?.[1] as number);
    const heard = other.context.render().subarray(other.startFrame);
    const worst = (samples: Float32Array, from: number, to: number): number => {
      let most = 0;
      for (let i = from; i < to; i++) {
        const [a = 0, b = 0, c = 0] = samples.subarray(i - 1, i + 2);
        most = Math.max(most, Math.abs(a - 2 * b + c));
      }
      return most;
    };
    // The second difference shows every click; the chirp's own is small.
    const length = Math.floor(1.1 * sampleRate);
    expect(worst(heard, 400, length)).toBeLessThan(0.02);
    expect(
      Math.abs((edges.at(-1)?.[1] ?? 0) - (edges[0]?.[0] ?? 0) - (line.samples.length * sampleRate) / 24_000),
    ).toBeLessThan(64);
    other.player.close();
  }
});

test("a browser that cannot decode Opus asks for PCM, and the line goes by with its captions", async () => {
  rig = new LineRig({ createOpus: () => Promise.reject(new Error("no WebAssembly here")) });
  const line = await scriptLine({ codec: "opus", sentences: [0.5] });
  const dropped: unknown[] = [];
  rig.player.on("dropped", (event) => dropped.push(event));
  await rig.unlock();
  await rig.tell(line);
  await rig.pass(1);
  await settle();
  expect(rig.context.heard).toEqual([]);
  expect(dropped).toEqual([{ line: line.begin.utterance, reason: "undecodable" }]);
  expect(rig.client.settings).toEqual([{ codec: "pcm16" }]);
  expect(rig.spoken.map((spoken) => spoken?.charStart)).toEqual([0, 6, undefined]);
  expect(rig.report(line)).toMatchObject({ heardMs: 0, state: "text-only", ended: true });
});

test("what does not fit is let go, and heard of as a hole", async () => {
  rig = new LineRig({ maxQueuedMs: 1_000 });
  const line = await scriptLine({ sentences: [4] });
  const dropped: unknown[] = [];
  rig.player.on("dropped", (event) => dropped.push(event));
  await rig.unlock();
  await rig.tell(line);
  expect(dropped).toContainEqual({ line: line.begin.utterance, reason: "full" });
  await rig.pass(5);
  expect(rig.report(line)?.ended).toBe(true);
  expect(rig.report(line)?.heardMs).toBeLessThan(3_000);
});

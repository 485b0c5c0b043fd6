import { expect, test } from "bun:test";
import type { Portion } from "../../../src/web/place/portion.ts";
import { PortionClip } from "../../../src/web/place/portion-clip.ts";
import { portionsOf } from "../../../src/web/place/portions.ts";
import { SOUND_RATE, SoundClip } from "../../../src/web/place/sound-loop.ts";
import { seeded } from "../../support/random.ts";
import { flacOf, mp3Of, wavOf, wholeFlac } from "../../support/sound-files.ts";

const random = seeded(9);
const samples = Float32Array.from({ length: 130 * SOUND_RATE + 77 }, () => random() - 0.5);
const whole = new SoundClip(samples);
const portions = portionsOf(wavOf(samples)) as Portion[];

/** Decodes 16-bit WAV at 24 kHz. */
const decode = async (file: ArrayBuffer): Promise<SoundClip> => {
  const pcm = new Int16Array(file.slice(44));
  return new SoundClip(Float32Array.from(pcm, (sample) => sample / 32_767));
};

/** Whether portions follow each other without a gap, and each is decoded from before it to behind it. */
function expectWhole(all: readonly Portion[], length: number): void {
  expect(all[0]?.from).toBe(0);
  expect(all.at(-1)?.to).toBe(length);
  for (const [index, { from, to, begins, ends }] of all.entries()) {
    expect(to).toBe(all[index + 1]?.from ?? length);
    expect([begins <= from, ends >= to, Number.isInteger(begins)]).toEqual([true, true, true]);
    expect(ends - begins).toBeLessThan(26 * SOUND_RATE);
  }
}

/** All of a clip, each stretch once what was missing of it is there. */
async function played(clip: PortionClip, wait: () => Promise<unknown>): Promise<Float32Array> {
  const out = new Float32Array(clip.length);
  for (let from = 0; from < out.length; from += 12_000) {
    const to = Math.min(out.length, from + 12_000);
    clip.at(from);
    clip.at(to - 1);
    await wait();
    for (let i = from; i < to; i++) out[i] = clip.at(i);
  }
  return out;
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

test("a long recording is decoded while it is heard, one portion at a time, and no more than three are kept", async () => {
  let [now, most, count, told] = [0, 0, 0, 0];
  const clip = new PortionClip(
    portions,
    1_000,
    async (file) => {
      most = Math.max(most, ++now);
      count += 1;
      await soon();
      now -= 1;
      return decode(file);
    },
    () => told++,
  );
  expect(clip.length).toBe(samples.length);
  const out = await played(clip, async () => {
    await soon();
    await soon();
  });
  // What is in 16 bits is rounded once more.
  for (let i = 0; i < out.length; i++)
    if (Math.abs((out[i] as number) - whole.at(i)) > 2e-4) throw new Error(`sample ${i} is another`);
  expect([most, told]).toEqual([1, count]);
  expect(count).toBeLessThanOrEqual(portions.length + 1);
  expect(clip.bytes).toBeLessThan(4 * 2 * 21 * SOUND_RATE);
});

test("what a decoder leaves out at a portion's beginning moves nothing; what it cannot decode is silent", async () => {
  const short = new PortionClip(
    portions,
    0,
    async (file) =>
      new SoundClip(
        await decode(file).then((clip) =>
          Float32Array.from({ length: clip.length - 600 }, (_, i) => clip.at(i + 600)),
        ),
      ),
    () => undefined,
  );
  short.at(30 * SOUND_RATE);
  await soon();
  expect(short.at(30 * SOUND_RATE)).toBeCloseTo(whole.at(30 * SOUND_RATE), 3);
  let tries = 0;
  const broken = new PortionClip(
    portions,
    0,
    async () => {
      tries += 1;
      throw new Error("no such codec");
    },
    () => undefined,
  );
  for (let i = 0; i < 5; i++) {
    expect(broken.at(1_000 + i)).toBe(0);
    await soon();
  }
  expect(tries).toBe(1);
});

test("wav and mp3 are cut where they can be, at whole samples", () => {
  expectWhole(portions, samples.length);
  const frames = 5_000;
  const mp3 = portionsOf(mp3Of(frames, { tagBytes: 300 })) as Portion[];
  expectWhole(mp3, Math.round((frames * 1_152 * SOUND_RATE) / 44_100));
  for (const { bytes } of mp3) expect([...bytes().subarray(0, 2)]).toEqual([0xff, 0xfb]);
  const senseless = wavOf(new Float32Array(1_000));
  senseless.fill(0, 32, 34);
  expect(portionsOf(senseless)).toEqual([]);
});

test("what is told of an mp3 before its sound is no part of it, nor is the silence an encoder has put around it", () => {
  const file = mp3Of(3_001);
  file.set(new TextEncoder().encode("Info"), 36);
  // 576 samples before and 1,000 behind, in 12 bits each.
  file.set([576 >> 4, ((576 & 15) << 4) | (1_000 >> 8), 1_000 & 255], 36 + 141);
  const cut = portionsOf(file) as Portion[];
  const at24 = (count: number): number => Math.round((count * SOUND_RATE) / 44_100);
  expectWhole(cut, at24(3_000 * 1_152) - at24(576 + 529) - at24(1_000 - 529));
  expect(cut[0]?.begins).toBe(-at24(576 + 529));
});

/** 16-bit samples of a file as ffmpeg decodes it. */
async function decodedByFfmpeg(file: Uint8Array): Promise<Int16Array> {
  const output = ["-f", "s16le", "-"];
  const ffmpeg = Bun.spawn(["ffmpeg", "-v", "error", "-xerror", "-i", "-", ...output], {
    stdin: new Blob([new Uint8Array(file)]),
    stderr: "inherit",
  });
  return new Int16Array(await new Response(ffmpeg.stdout).arrayBuffer());
}

test.skipIf(!Bun.which("ffmpeg")).each([false, true])(
  "flac is cut between two frames, as files of their own; frames of varying length: %p",
  async (variable) => {
    const rate = 44_100;
    const sound = Float32Array.from(
      { length: 24 * rate },
      (_, i) => 0.5 * Math.sin(i / 90) * Math.sin(i / 7e5),
    );
    const file = wholeFlac(sound, rate, variable);
    const cut = portionsOf(file) as Portion[];
    expectWhole(cut, 24 * SOUND_RATE);
    expect(cut.length).toBe(2);
    for (const { begins, ends, bytes } of cut) {
      const first = Math.round((begins * rate) / SOUND_RATE);
      const heard = await decodedByFfmpeg(bytes());
      expect(Math.abs((heard.length * SOUND_RATE) / rate - (ends - begins))).toBeLessThan(2);
      // Rounded to 24 kHz and back, a place is one of two samples.
      const isFrom = (from: number): boolean =>
        heard.every((sample, i) => sample === Math.round(32_767 * (sound[from + i] ?? 0)));
      expect([-1, 0, 1].some((off) => isFrom(first + off))).toBe(true);
    }
    // Of a file that breaks off nobody knows where it is to be cut.
    expect(portionsOf(file.slice(0, -9_000))).toBeUndefined();
    expect(portionsOf(flacOf(100))).toBeUndefined();
  },
);

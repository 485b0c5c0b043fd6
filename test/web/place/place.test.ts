import { beforeAll, describe, expect, test } from "bun:test";
import { Resampler } from "../../../src/core/dsp/resample.ts";
import type { Bed, GainRamp, SoundBedsMessage } from "../../../src/core/protocol/sounds.ts";
import { DuckTrack } from "../../../src/web/place/duck-track.ts";
import { PER_MS, PlaceMix } from "../../../src/web/place/place-mix.ts";
import { PlacePlayer } from "../../../src/web/place/place-player.ts";
import { SOUND_RATE, SoundClip, SoundLoop } from "../../../src/web/place/sound-loop.ts";
import { seeded } from "../../support/random.ts";
import { sine } from "../../support/sound.ts";
import {
  countClicks,
  findMark,
  MARK_EVERY_MS,
  MARK_SAMPLES,
  markedSound,
} from "../../support/step/markers.ts";
import { type ListenerOptions, VirtualListener } from "../../support/step/virtual-listener.ts";
import { VirtualWorklet } from "../../support/step/virtual-worklet.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { NETWORKS } from "../../support/virtual-link.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

const STEADY: GainRamp = { from: 1, to: 1, at: 0, ms: 0 };
const bed = (sound: string, startAt: number, gain: GainRamp = STEADY): Bed => ({ sound, startAt, gain });
const plan = (at: number, ...beds: Bed[]): SoundBedsMessage => ({
  type: "sound.beds",
  at,
  beds,
  gain: STEADY,
  duckDb: 20,
});

/** Whole rounds of the marks and their tone. */
const marks = new SoundLoop(
  new SoundClip(markedSound(3).map((sample, i) => (i < 240 ? roundTone(i) : sample))),
  true,
);

/** `markedSound` fades in. */
function roundTone(i: number): number {
  return (markedSound(3)[i + SOUND_RATE / 4] as number) ?? 0;
}

function rms(sound: Float32Array, from: number, to: number): number {
  const part = sound.subarray(from, to);
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

describe("a recording that goes round", () => {
  test("has no seam, whatever it ends and begins with", () => {
    const recording = new SoundClip(sine(441.7, SOUND_RATE, 0.5, 1.0013));
    const loop = new SoundLoop(recording, false);
    const round = Float32Array.from({ length: 4 * loop.length }, (_, i) => loop.at(i));
    const step = (sound: Float32Array): number =>
      Math.max(...sound.map((sample, i) => (i === 0 ? 0 : Math.abs(sample - (sound[i - 1] as number)))));
    const smooth = step(sine(441.7, SOUND_RATE, 0.5, 1));
    // Two waves laid over each other are at most 1.42 times as steep.
    expect(step(round)).toBeLessThan(1.5 * smooth);
    const cut = Float32Array.from({ length: 100_000 }, (_, i) => recording.at(i % recording.length));
    expect(step(cut)).toBeGreaterThan(2 * smooth);
  });

  test("is as loud at its seam as beside it, and the same each time", () => {
    let state = 7;
    const hiss = Float32Array.from({ length: 2 * SOUND_RATE }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32 - 0.5;
    });
    const loop = new SoundLoop(new SoundClip(hiss), false);
    const rounds = Float32Array.from({ length: 3 * loop.length }, (_, i) => loop.at(i));
    const seam = rms(rounds, loop.length, loop.length + 1_200);
    expect(seam / rms(rounds, 5_000, 20_000)).toBeWithin(0.93, 1.07);
    expect(rounds.slice(loop.length, 2 * loop.length)).toEqual(rounds.slice(2 * loop.length));
  });
});

describe("the mix", () => {
  test("is the same samples, in whatever pieces it is made", () => {
    const duck = new DuckTrack();
    duck.begin("line", 1_234.5);
    duck.end("line", 700);
    const mix = new PlaceMix(duck, () => marks);
    mix.plan(plan(100, bed("a", 0, { from: 0, to: 1, at: 500, ms: 900 }), bed("b", 77.3)));
    mix.plan(plan(1_700, bed("a", 0)));
    mix.hit(new SoundClip(sine(300, SOUND_RATE, 0.5, 0.2)), 0.5, 20_011);
    const whole = mix.render(0, 60_000);
    const random = seeded(3);
    for (let round = 0; round < 20; round++) {
      const from = Math.floor(random() * 50_000);
      const length = 1 + Math.floor(random() * 9_000);
      expect(mix.render(from, length)).toEqual(whole.slice(from, from + length));
    }
  });

  test("is as loud as one bed where one fades into another", () => {
    const hiss = (seed: number): SoundLoop => {
      const random = seeded(seed);
      return new SoundLoop(
        new SoundClip(Float32Array.from({ length: SOUND_RATE }, () => random() - 0.5)),
        true,
      );
    };
    const loops = new Map([
      ["rain", hiss(1)],
      ["tavern", hiss(2)],
    ]);
    const mix = new PlaceMix(new DuckTrack(), (sound) => loops.get(sound));
    const fade = { at: 1_000, ms: 2_000 };
    mix.plan(
      plan(0, bed("rain", 0, { from: 1, to: 0, ...fade }), bed("tavern", 0, { from: 0, to: 1, ...fade })),
    );
    const sound = mix.render(0, 4 * SOUND_RATE);
    const alone = rms(sound, 0, SOUND_RATE);
    for (let at = SOUND_RATE; at < 3 * SOUND_RATE; at += 4_800)
      expect(rms(sound, at, at + 4_800) / alone).toBeWithin(0.94, 1.06);
  });

  test("is silent before the first that was told, and what is told for later changes nothing before", () => {
    const mix = new PlaceMix(new DuckTrack(), () => marks);
    mix.plan(plan(1_000, bed("a", -500)));
    const before = mix.render(0, 72_000);
    expect(before.subarray(0, 24_000).every((sample) => sample === 0)).toBe(true);
    expect(rms(before, 24_000, 72_000)).toBeGreaterThan(0.1);
    mix.plan(plan(2_000));
    const after = mix.render(0, 72_000);
    expect(after.slice(0, 48_000)).toEqual(before.slice(0, 48_000));
    expect(after.subarray(48_000).every((sample) => sample === 0)).toBe(true);
  });

  test("forgets what is over", () => {
    const mix = new PlaceMix(new DuckTrack(), () => marks);
    mix.plan(plan(0, bed("a", 0, { from: 1, to: 0, at: 100, ms: 100 })));
    mix.hit(new SoundClip(new Float32Array(4_800)), 1, 4_800);
    expect(mix.prune(150 * PER_MS)).toBe(true);
    expect(mix.prune(399 * PER_MS)).toBe(true);
    expect(mix.prune(400 * PER_MS)).toBe(false);
  });
});

describe("beds go down for speech", () => {
  const depths = (duck: DuckTrack, ...times: number[]): number[] => times.map((time) => duck.depthAt(time));

  test("from a line's first sample to its last, and come back softly", () => {
    const duck = new DuckTrack();
    duck.begin("line", undefined);
    duck.move("line", 0, 1_000);
    expect(depths(duck, 1_000, 1_020, 5_000)).toEqual([0, 1, 1]);
    duck.end("line", 2_000);
    expect(depths(duck, 1_000, 1_020, 3_000)).toEqual([0, 1, 1]);
    const [early, late] = depths(duck, 3_200, 3_700);
    expect(early).toBeWithin(0.5, 1);
    expect(late).toBeWithin(0, 0.5);
    expect(depths(duck, 3_900)).toEqual([0]);
  });

  test("while a line pauses, and until it ends where it was moved to", () => {
    const duck = new DuckTrack();
    duck.begin("line", 1_000);
    expect(duck.move("line", 500, 2_500)).toBe(1_500);
    duck.end("line", 1_000);
    expect(depths(duck, 1_800, 3_000)).toEqual([1, 1]);
    expect(duck.depthAt(3_100)).toBeWithin(0.9, 1);
    expect(duck.depthAt(3_900)).toBe(0);
  });

  test("not for a line that is stopped before it begins, nor for one whose time is not known", () => {
    const duck = new DuckTrack();
    duck.begin("stopped", 1_000);
    duck.end("stopped", 0);
    duck.begin("silent", undefined);
    expect(depths(duck, 1_000, 1_500)).toEqual([0, 0]);
  });

  test("for as long as any of them speaks", () => {
    const duck = new DuckTrack();
    duck.begin("one", 0);
    duck.end("one", 1_000);
    duck.begin("two", 1_100);
    duck.end("two", 1_000);
    expect(depths(duck, 500, 1_120, 2_100)).toEqual([1, 1, 1]);
    expect(duck.depthAt(1_100)).toBeGreaterThan(0.9);
  });
});

describe("a sound in a line", () => {
  const beep = new SoundClip(new Float32Array(240).fill(0.5));
  /** When it begins to be heard, ms; undefined: not at all. */
  const heardAt = (mix: PlaceMix, seconds = 10): number | undefined => {
    const first = mix.render(0, seconds * SOUND_RATE).findIndex((sample) => sample !== 0);
    return first < 0 ? undefined : first / PER_MS;
  };
  const cued = (duck: DuckTrack): PlaceMix => {
    const mix = new PlaceMix(duck, () => undefined);
    mix.cue({ utterance: "line", atMs: 700, clip: beep, gain: 1 });
    return mix;
  };

  test("is heard at its word, wherever that is moved to", () => {
    const duck = new DuckTrack();
    duck.begin("line", undefined);
    const mix = cued(duck);
    expect(heardAt(mix)).toBeUndefined();
    duck.move("line", 0, 1_000);
    expect(heardAt(mix)).toBe(1_700);
    duck.move("line", 500, 3_000);
    expect(heardAt(mix)).toBe(3_200);
    duck.move("line", 900, 8_000);
    expect(heardAt(mix)).toBe(3_200);
  });

  test("is not heard where its line is stopped before it", () => {
    const duck = new DuckTrack();
    duck.begin("line", 1_000);
    duck.end("line", 600);
    expect(heardAt(cued(duck))).toBeUndefined();
  });

  test("waits with its word for a line that speaks into its own", () => {
    const duck = new DuckTrack();
    duck.begin("line", 1_000, { priority: 1 });
    const mix = cued(duck);
    duck.begin("softer", 1_200, { priority: 0, interrupts: true });
    expect(heardAt(mix)).toBe(1_700);
    duck.begin("louder", 1_200, { priority: 1, interrupts: true });
    expect(heardAt(mix)).toBeUndefined();
    duck.move("line", 0, 4_000);
    expect(heardAt(mix)).toBe(4_700);
  });

  test("is as loud as its player wants the place", () => {
    const duck = new DuckTrack();
    duck.begin("line", 1_000);
    const mix = cued(duck);
    mix.plan({ ...plan(0), gain: { from: 0.25, to: 0.25, at: 0, ms: 0 } });
    expect(Math.max(...mix.render(0, 48_000))).toBeCloseTo(0.125, 3);
  });

  test("is forgotten when it is over, and with its line", () => {
    const duck = new DuckTrack();
    duck.begin("line", 1_000);
    const mix = cued(duck);
    expect(mix.prune(1_709 * PER_MS)).toBe(true);
    expect(mix.prune(1_710 * PER_MS)).toBe(false);
    const gone = cued(duck);
    duck.forget("line");
    expect(gone.prune(0)).toBe(false);
  });
});

const DEVICES: readonly ListenerOptions[] = [
  { network: NETWORKS.lan, path: "worklet" },
  { network: NETWORKS.wifi, path: "blocks" },
  { network: NETWORKS.m40, path: "worklet", sampleRate: 48_000 },
  { network: NETWORKS.m120, path: "blocks" },
];

/** Four devices that are told the same at a table on virtual time. */
function atTable(
  seed: number,
  until: number,
  script: (players: PlacePlayer[], now: () => number, time: VirtualTime, ducks: DuckTrack[]) => void,
) {
  const random = seeded(seed);
  const time = new VirtualTime();
  const server = new VirtualClock(time, { offset: 1e6, ppm: 0 });
  const listeners = DEVICES.map((options) => new VirtualListener(time, server, random, options));
  const ducks = listeners.map(() => new DuckTrack());
  const players = listeners.map(
    ({ loudspeaker }, index) =>
      new PlacePlayer({
        sink: () => loudspeaker.inStep,
        duck: ducks[index] as DuckTrack,
        loopOf: () => marks,
      }),
  );
  time.every(100, () => {
    for (const player of players) player.tick();
  });
  script(players, () => server.now, time, ducks);
  time.runUntil(until);
  return { listeners, trueMsOf: (at: number) => time.now + at - server.now };
}

describe("four devices on four networks", () => {
  beforeAll(() => VirtualWorklet.load());

  test("play a bed within half a ms of each other, without a click, though it is placed anew", () => {
    const { listeners, trueMsOf } = atTable(5, 30_000, (players, now, time, ducks) => {
      time.at(3_000, () => {
        const told = plan(now() + 300, bed("marks", now() + 300));
        for (const player of players) player.plan(told);
      });
      // What ducks by nothing has all of it placed anew, now and then too late.
      for (let at = 14_000; at < 29_000; at += 1_700)
        time.at(at, () => {
          const startAt = now() + (at % 3 === 0 ? -200 : 80);
          for (const [index, player] of players.entries()) {
            ducks[index]?.begin(`line ${at}`, startAt);
            ducks[index]?.end(`line ${at}`, 400);
            player.plan({ ...plan(now() - 50, bed("marks", 1_003_300)), duckDb: 0 });
            player.changed(startAt);
          }
        });
    });
    const startAt = trueMsOf(1_003_300);
    const errors = listeners.map((listener) => {
      const { sound } = listener;
      const rate = listener.sampleRate / SOUND_RATE;
      if (rate !== 1) return [];
      const places: number[] = [];
      for (let ms = startAt + 9_000; ms < 29_000; ms += MARK_EVERY_MS) {
        const place = findMark(sound, listener.placeAt(ms), 0.05 * SOUND_RATE);
        if (place !== undefined) places.push(listener.timeOf(place) - ms);
      }
      const found = places.map((error, index) =>
        listener.placeAt(startAt + 9_000 + index * MARK_EVERY_MS + error),
      );
      expect(countClicks(sound, listener.placeAt(startAt + 9_000), listener.placeAt(28_000), found)).toBe(0);
      return places;
    });
    const [one = [], two = [], , four = []] = errors;
    expect(Math.min(one.length, two.length, four.length)).toBeGreaterThan(60);
    const apart = one.flatMap((error, index) => [
      Math.abs(error - (two[index] ?? 0)),
      Math.abs(error - (four[index] ?? 0)),
    ]);
    expect(apart.sort((a, b) => a - b)[Math.floor(0.95 * apart.length)]).toBeLessThan(0.5);
  }, 60_000);

  test("play a sound at its word within half a ms of each other, also where the line is moved just before", () => {
    const click = new Float32Array(0.3 * SOUND_RATE);
    click.set(markedSound(0.5).subarray(0, MARK_SAMPLES));
    const cue = { utterance: "line", atMs: 1_000, clip: new SoundClip(click), gain: 1 };
    const { listeners, trueMsOf } = atTable(7, 16_000, (players, _, time, ducks) => {
      const tell = (work: (duck: DuckTrack) => number | undefined) => (): void => {
        for (const [index, player] of players.entries()) player.changed(work(ducks[index] as DuckTrack));
      };
      time.at(11_000, () => {
        for (const [index, player] of players.entries()) {
          ducks[index]?.begin("line", 1_012_000);
          expect(player.cue(cue)).toBe(true);
        }
      });
      time.at(
        12_300,
        tell((duck) => duck.move("line", 800, 1_014_000)),
      );
    });
    const lates = listeners.map((listener) => {
      const { sampleRate } = listener;
      const sound =
        sampleRate === SOUND_RATE
          ? listener.sound
          : new Resampler(sampleRate, SOUND_RATE).push(listener.sound);
      const scale = SOUND_RATE / sampleRate;
      const lateAt = (ms: number): number | undefined => {
        const place = findMark(sound, scale * listener.placeAt(trueMsOf(ms)), 0.1 * SOUND_RATE);
        return place === undefined ? undefined : listener.timeOf(place / scale) - trueMsOf(ms);
      };
      expect(lateAt(1_013_000)).toBeUndefined();
      return lateAt(1_014_200) ?? Number.NaN;
    });
    expect(Math.max(...lates) - Math.min(...lates)).toBeLessThan(0.5);
  }, 60_000);
});

/**
 * A room that is not there, and what a microphone in it hears of a probe: reflections, reverberation, small loudspeakers,
 * clocks that drift, people who speak. The same for the same seed.
 * @module
 */
import { Biquad, highPass, lowPass, peaking } from "../../src/core/dsp/biquad.ts";
import { Fft } from "../../src/core/dsp/fft.ts";
import { PROBE_BAND, type Probe } from "../../src/core/dsp/probe.ts";
import { createEspeakEngine } from "../../src/engines/espeak/espeak.ts";
import { speakWith } from "../fixtures/engines/spoken.ts";
import type { Random } from "./random.ts";

const SPEECH_RATE = 22_050;
const LINES = [
  [
    "The old dragon looks at the party and slowly begins to speak of the treasure below the mountain.",
    "en-us",
  ],
  ["A cold wind blows through the hall, and all the torches go out at once; somebody whispers.", "en-gb+f3"],
  ["Sie folgen der schmalen Treppe hinab, und hinter ihnen schließt sich zischend der Stein.", "de"],
] as const;

/** Samples of some who speak, at 22,050 Hz. */
export async function someSpeech(): Promise<readonly Float32Array[]> {
  const engine = createEspeakEngine();
  const spoken: Float32Array[] = [];
  for (const [text, voiceId] of LINES) spoken.push((await speakWith(engine, text, { voiceId })).samples);
  await engine.shutdown();
  return spoken;
}

export interface RoomOptions {
  sampleRate: number;
  /** Samples that are heard. */
  span: number;
  /** dB by which the probe is louder than all else in its band. */
  snr: number;
  speech: readonly Float32Array[];
  /** The straight path is weaker than a reflection. */
  isBlocked?: boolean;
  /** Where the probe begins, in samples; by default anywhere. */
  at?: number;
}

/** What is heard, and at which sample the probe began to arrive. */
export interface HeardInRoom {
  sound: Float64Array;
  at: number;
}

/** A probe, played by some loudspeaker in some room, and people who speak meanwhile. */
export function heardInRoom(random: Random, probe: Probe, options: RoomOptions): HeardInRoom {
  const { sampleRate, span } = options;
  const room = span - (probe.seconds + 0.03) * sampleRate;
  const at = options.at ?? 0.03 * sampleRate + random() * room;
  const stretch = 1 + 2e-4 * (2 * random() - 1);
  const whole = Math.floor(at);
  const dry = Float64Array.from({ length: Math.ceil((probe.seconds + 0.01) * sampleRate) }, (_, i) =>
    probe.at(((i + whole - at) / sampleRate) * stretch),
  );
  colour(random, dry, sampleRate);
  const wet = convolve(dry, response(random, sampleRate, options.isBlocked ?? random() < 0.1));
  const sound = speechIn(random, options);
  const power = bandPower(wet.subarray(0, Math.round(probe.seconds * sampleRate)), sampleRate);
  const level = Math.sqrt(power / 10 ** (options.snr / 10) / bandPower(sound, sampleRate));
  for (let i = 0; i < span; i++) sound[i] = (sound[i] as number) * level + (wet[i - whole] ?? 0);
  colour(random, sound, sampleRate);
  return { sound, at };
}

/** Two who speak at once, and a noise of the spectrum of speech. */
export function speechIn(
  random: Random,
  { sampleRate, span, speech }: Pick<RoomOptions, "sampleRate" | "span" | "speech">,
): Float64Array {
  const sound = new Float64Array(span);
  for (let speaker = 0; speaker < 2; speaker++) {
    const of = speech[Math.floor(random() * speech.length)] as Float32Array;
    const start = random() * of.length;
    for (let i = 0; i < span; i++) {
      const place = start + (i * SPEECH_RATE) / sampleRate;
      const whole = Math.floor(place);
      const [a, b] = [of[whole % of.length] as number, of[(whole + 1) % of.length] as number];
      sound[i] = (sound[i] as number) + a + (b - a) * (place - whole);
    }
  }
  const scale = 1 / Math.sqrt(meanSquare(sound) + 1e-12);
  const step = 1 - Math.exp((-2 * Math.PI * 1000) / sampleRate);
  let [once, twice] = [0, 0];
  const noise = sound.map(() => {
    once += step * (gauss(random) - once);
    twice += step * (once - twice);
    return 0.6 * twice + 0.4 * once;
  });
  const noiseScale = 0.5 / Math.sqrt(meanSquare(noise));
  return sound.map((sample, i) => sample * scale + (noise[i] as number) * noiseScale);
}

/** Straight at 0, six reflections, and a tail. */
function response(random: Random, sampleRate: number, isBlocked: boolean): Float64Array {
  const rt60 = [0.2, 0.4, 0.8][Math.floor(random() * 3)] as number;
  const directToReverberant = -6 + 12 * random();
  const path = new Float64Array(Math.round(sampleRate * Math.min(0.4, rt60)));
  let power = 0;
  for (let i = Math.round(0.002 * sampleRate); i < path.length; i++) {
    const sample = gauss(random) * Math.exp((-6.908 * i) / (rt60 * sampleRate));
    path[i] = sample;
    power += sample ** 2;
  }
  const scale = Math.sqrt(10 ** (-directToReverberant / 10) / power);
  for (let i = 0; i < path.length; i++) path[i] = (path[i] as number) * scale;
  path[0] = 1;
  const reflect = (seconds: number, gain: number): void => {
    const at = Math.round(seconds * sampleRate);
    path[at] = (path[at] as number) + gain;
  };
  for (let reflection = 0; reflection < 6; reflection++)
    reflect(0.0012 + 0.02 * random() ** 1.5, (random() < 0.5 ? -1 : 1) * 10 ** (-(3 + 9 * random()) / 20));
  if (isBlocked) reflect(0.002 + 0.006 * random(), 1.41);
  return path;
}

/** A small loudspeaker or a microphone: no bass, little treble, two resonances. */
function colour(random: Random, sound: Float64Array, sampleRate: number): void {
  const stages = [
    highPass({ sampleRate, frequency: 500 + 500 * random(), q: 0.8 }),
    lowPass({ sampleRate, frequency: 7_000 + 7_000 * random(), q: 0.7 }),
    ...[0, 1].map(() =>
      peaking({ sampleRate, frequency: 1_500 + 7_000 * random(), q: 2 + 4 * random() }, -6 + 14 * random()),
    ),
  ];
  for (const stage of stages) {
    const filter = new Biquad(stage);
    for (let i = 0; i < sound.length; i++) sound[i] = filter.next(sound[i] as number);
  }
}

function convolve(sound: Float64Array, path: Float64Array): Float64Array {
  const fft = new Fft(2 ** Math.ceil(Math.log2(sound.length + path.length)));
  const [a, b] = [sound, path].map((values) => {
    const spectrum = { re: new Float64Array(fft.size), im: new Float64Array(fft.size) };
    spectrum.re.set(values);
    fft.forward(spectrum.re, spectrum.im);
    return spectrum;
  }) as [{ re: Float64Array; im: Float64Array }, { re: Float64Array; im: Float64Array }];
  for (let k = 0; k < fft.size; k++) {
    const [x, y, p, q] = [a.re[k], a.im[k], b.re[k], b.im[k]] as [number, number, number, number];
    a.re[k] = x * p - y * q;
    a.im[k] = x * q + y * p;
  }
  fft.inverse(a.re, a.im);
  return a.re.subarray(0, sound.length + path.length).map((sample) => sample / fft.size);
}

/** Mean power in the band of probes. */
function bandPower(sound: Float64Array, sampleRate: number): number {
  const fft = new Fft(2 ** Math.ceil(Math.log2(sound.length)));
  const [re, im] = [new Float64Array(fft.size), new Float64Array(fft.size)];
  re.set(sound);
  fft.forward(re, im);
  const [from, to] = [PROBE_BAND.low, PROBE_BAND.high].map((hz) => Math.round((hz * fft.size) / sampleRate));
  let sum = 0;
  for (let k = from as number; k < (to as number); k++)
    sum += 2 * ((re[k] as number) ** 2 + (im[k] as number) ** 2);
  return sum / fft.size / sound.length;
}

function meanSquare(sound: Float64Array): number {
  return sound.reduce((sum, sample) => sum + sample ** 2, 0) / sound.length;
}

function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}

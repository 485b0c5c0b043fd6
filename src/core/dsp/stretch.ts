import type { AudioProcessor } from "./audio-processor.ts";
import { Resampler } from "./resample.ts";
import { TimeStretch } from "./time-stretch.ts";

/** Steps between two samples at the most; 50 of them miss a pitch by less than a hundredth of a semitone. */
const MAX_STEPS = 50;

export interface StretchOptions {
  /** Hz */
  sampleRate: number;
  /** 2 = twice as fast. */
  speed: number;
  /** Semitones up. */
  pitch: number;
}

/** What changes speed and pitch, each without the other; nothing where nothing changes. */
export function stretchStages({ sampleRate, speed, pitch }: StretchOptions): AudioProcessor[] {
  const { up, down, ratio } = fraction(2 ** (pitch / 12));
  const stages: AudioProcessor[] = [];
  // Read faster, the sound is higher and shorter; so it is made longer before.
  if (speed !== ratio) stages.push(new TimeStretch(speed / ratio, sampleRate));
  if (ratio !== 1) stages.push(new Resampler(up, down));
  return stages;
}

/** The nearest ratio of small whole numbers. */
function fraction(value: number): { up: number; down: number; ratio: number } {
  const downs = Array.from({ length: MAX_STEPS }, (_, index) => index + 1);
  const all = downs.map((down) => {
    const up = Math.max(1, Math.round(value * down));
    return { up, down, ratio: up / down };
  });
  return all.reduce((best, each) =>
    Math.abs(each.ratio - value) < Math.abs(best.ratio - value) - 1e-9 ? each : best,
  );
}

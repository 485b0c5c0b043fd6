import { V2_SAMPLE_RATE } from "../../../core/protocol/v2.ts";
import type { AudioSink } from "../audio-sink.ts";
import type { TimedSound } from "../step.ts";

/** Seconds that are clicked upon, from the next one that can be reached on… */
const CLICKS = 10;
/** …with so much to spare. */
const SHORTEST_WAIT_MS = 100;
const CLICK_MS = 6;
/** With the silence after it: a renderer does not begin for less than 20 ms of sound. */
const LENGTH_MS = 30;

/** Places a sound at its moments. @param sink that keeps the table's time */
export function placeSound(sink: AudioSink, { samples, momentsAt }: TimedSound): void {
  for (const moment of momentsAt) {
    const at = sink.positionOf(moment);
    if (at !== undefined) sink.place(samples, at, OWNER);
  }
}

/**
 * A click on each of the coming seconds of the table's clock, so that devices beside each other can be compared by ear.
 * @param sink that keeps the table's time
 */
export function secondClicks(sink: AudioSink): TimedSound {
  const soonestMs = (sink.now * 1000) / V2_SAMPLE_RATE + SHORTEST_WAIT_MS;
  const first = Math.ceil(soonestMs / 1000);
  const momentsAt = Array.from({ length: CLICKS }, (_, second) => (first + second) * 1000);
  return { samples: click(), momentsAt };
}

const OWNER = {};

/** A short rise in pitch, which ears place well. */
function click(): Float32Array<ArrayBuffer> {
  const length = (CLICK_MS * V2_SAMPLE_RATE) / 1000;
  const sound = new Float32Array((LENGTH_MS * V2_SAMPLE_RATE) / 1000);
  for (let i = 0; i < length; i++) {
    const t = i / V2_SAMPLE_RATE;
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length);
    sound[i] = 0.5 * window * Math.sin(2 * Math.PI * t * (1000 + 500_000 * t));
  }
  return sound;
}

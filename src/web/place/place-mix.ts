import { gainAt, type SoundBedsMessage } from "../../core/protocol/sounds.ts";
import type { DuckTrack } from "./duck-track.ts";
import { SOUND_RATE, type SoundClip, type SoundLoop } from "./sound-loop.ts";

/** Gains are computed so often, at the same positions on every device, and lie on lines between. */
const STEP = 48;
/** Descriptions of how it is from some time on; the last one that has begun counts. */
const MAX_PLANS = 8;
/** Short sounds at once; of more the oldest fall silent. */
const MAX_HITS = 16;

interface Hit {
  at: number;
  clip: SoundClip;
  gain: number;
}

/** A short sound that belongs to a place of a line: it is heard when that is. */
export interface Cue {
  utterance: string;
  atMs: number;
  clip: SoundClip;
  gain: number;
}

/** Samples in a ms. */
export const PER_MS: number = SOUND_RATE / 1000;

/**
 * What the place sounds like at any moment of the table's clock, as a function of that moment alone: two devices that were
 * told the same mix the same samples. Positions are samples since the clock's 0.
 */
export class PlaceMix {
  readonly #duck: DuckTrack;
  readonly #loopOf: (sound: string) => SoundLoop | undefined;
  #plans: SoundBedsMessage[] = [];
  #hits: Hit[] = [];
  #cues: Cue[] = [];

  /** @param loopOf a bed's sound; undefined while it is not there */
  constructor(duck: DuckTrack, loopOf: (sound: string) => SoundLoop | undefined) {
    this.#duck = duck;
    this.#loopOf = loopOf;
  }

  /** Beds that may be wanted. */
  get sounds(): string[] {
    return [...new Set(this.#plans.flatMap(({ beds }) => beds.map(({ sound }) => sound)))];
  }

  /** From its time on it is as that says. */
  plan(message: SoundBedsMessage): void {
    this.#plans = [...this.#plans.filter(({ at }) => at < message.at), message].slice(-MAX_PLANS);
  }

  hit(clip: SoundClip, gain: number, at: number): void {
    this.#hits = [...this.#hits, { clip, gain, at }].slice(-MAX_HITS);
  }

  /** A sound in a line, whose time is known; it goes wherever that goes. */
  cue(cue: Cue): void {
    this.#cues = [...this.#cues, cue].slice(-MAX_HITS);
  }

  /** Forgets what was before that position. @returns whether anything sounds after it */
  prune(position: number): boolean {
    const time = position / PER_MS;
    const current = this.#plans.findLastIndex(({ at }) => at <= time);
    if (current > 0) this.#plans.splice(0, current);
    this.#hits = this.#hits.filter(({ at, clip }) => at + clip.length > position);
    this.#cues = this.#cues.filter(({ utterance, atMs, clip }) => {
      const at = this.#duck.timeOf(utterance, atMs);
      return at === undefined ? this.#duck.has(utterance) : at * PER_MS + clip.length > position;
    });
    const isHeard = ({ gain }: SoundBedsMessage["beds"][number]): boolean =>
      gain.to > 0 || (gain.from > 0 && time < gain.at + gain.ms);
    return this.#hits.length + this.#cues.length > 0 || this.#plans.some(({ beds }) => beds.some(isHeard));
  }

  render(from: number, length: number): Float32Array<ArrayBuffer> {
    const out = new Float32Array(length);
    for (const [index, plan] of this.#plans.entries()) {
      const next = this.#plans[index + 1];
      // What is before the first that is known is silent.
      const begins = Math.max(from, Math.round(plan.at * PER_MS));
      const ends = Math.min(from + length, next ? Math.round(next.at * PER_MS) : Infinity);
      if (begins < ends) this.#addPlan(plan, out, from, begins, ends);
    }
    for (const hit of [...this.#hits, ...this.#heardCues]) addHit(hit, out, from);
    return out;
  }

  /** What is the same for all has no player's own volume in it. */
  gainOfAll(time: number): number {
    const plan = this.#plans.findLast(({ at }) => at <= time) ?? this.#plans[0];
    return plan ? gainAt(plan.gain, time) : 1;
  }

  get #heardCues(): Hit[] {
    return this.#cues.flatMap(({ utterance, atMs, clip, gain }) => {
      const time = this.#duck.timeOf(utterance, atMs);
      return time === undefined
        ? []
        : { at: Math.round(time * PER_MS), clip, gain: gain * this.gainOfAll(time) };
    });
  }

  #addPlan(plan: SoundBedsMessage, out: Float32Array, from: number, begins: number, ends: number): void {
    const down = 1 - 10 ** (-plan.duckDb / 20);
    for (const { sound, startAt, gain } of plan.beds) {
      const loop = this.#loopOf(sound);
      if (!loop) continue;
      const gainOf = (position: number): number => {
        const time = position / PER_MS;
        const bed = gainAt(gain, time);
        return bed === 0 ? 0 : bed * gainAt(plan.gain, time) * (1 - down * this.#duck.depthAt(time));
      };
      const start = Math.round(startAt * PER_MS);
      let step = Math.floor(begins / STEP) * STEP;
      let right = gainOf(step);
      for (let at = begins; at < ends; step += STEP) {
        const left = right;
        right = gainOf(step + STEP);
        const end = Math.min(ends, step + STEP);
        if (left === 0 && right === 0) at = end;
        for (; at < end; at++) {
          const factor = left + ((right - left) * (at - step)) / STEP;
          out[at - from] = (out[at - from] as number) + factor * loop.at(at - start);
        }
      }
    }
  }
}

function addHit({ clip, gain, at }: Hit, out: Float32Array, from: number): void {
  const begins = Math.max(0, at - from);
  const ends = Math.min(out.length, at + clip.length - from);
  for (let i = begins; i < ends; i++) out[i] = (out[i] as number) + gain * clip.at(from + i - at);
}

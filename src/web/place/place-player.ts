import type { AudioSink } from "../../client/output/audio-sink.ts";
import type { SoundBedsMessage } from "../../core/protocol/sounds.ts";
import type { DuckTrack } from "./duck-track.ts";
import { type Cue, PER_MS, PlaceMix } from "./place-mix.ts";
import { SOUND_RATE, type SoundClip, type SoundLoop } from "./sound-loop.ts";

/** Sound is placed so far ahead: a page in the background is woken once a second. */
const AHEAD = 2.5 * SOUND_RATE;
/** As much at once, so that little is copied often. */
const PORTION = SOUND_RATE / 2;
/** What is to be another than what was placed comes in within this, where it is not told before it is due. */
const JOIN = SOUND_RATE / 50;
/** What is to be heard at once is placed a little later than the earliest that can still be reached. */
const SOON = SOUND_RATE / 200;
/** A hit that comes so late is heard all the same, from its beginning. */
const LATEST_MS = 3_000;
/** The same of one in a line: later it would belong to other words. */
const LATEST_CUE_MS = 1_000;

export interface PlacePlayerOptions {
  /** Where it sounds in step with the table; undefined while it cannot. */
  sink: () => AudioSink | undefined;
  duck: DuckTrack;
  loopOf: (sound: string) => SoundLoop | undefined;
}

/**
 * Keeps the sound of the place on a sink, some seconds ahead of what is heard, and places it anew where it was told to be
 * another: a duck that a line's first sound brings, a fade, a hit.
 */
export class PlacePlayer {
  readonly #options: PlacePlayerOptions;
  readonly #mix: PlaceMix;
  #sink: AudioSink | undefined;
  /** What was placed, from which position on. */
  #placed: Float32Array<ArrayBuffer> = new Float32Array(0);
  #from = 0;

  constructor(options: PlacePlayerOptions) {
    this.#options = options;
    this.#mix = new PlaceMix(options.duck, options.loopOf);
  }

  /** Beds whose sound may be wanted. */
  get sounds(): string[] {
    return this.#mix.sounds;
  }

  /** How the place is from some time on. */
  plan(message: SoundBedsMessage): void {
    this.#mix.plan(message);
    this.changed(message.at);
  }

  /**
   * A short sound, from that time on; as soon as possible where that is left out, or past by little.
   * @returns false where it cannot sound in step yet: it may be asked again
   */
  hit(clip: SoundClip, gain: number, startAt?: number): boolean {
    const sink = this.#current();
    if (!sink) return false;
    const soon = sink.now + SOON;
    const due = startAt === undefined ? soon : Math.round(startAt * PER_MS);
    if (due < soon - LATEST_MS * PER_MS) return true;
    const at = Math.max(due, soon);
    this.#mix.hit(clip, gain, at);
    this.#replace(sink, at);
    this.tick();
    return true;
  }

  /**
   * A short sound when that place of a line is heard.
   * @returns false where that is not known yet: it may be asked again
   */
  cue(cue: Cue): boolean {
    const sink = this.#current();
    const time = this.#options.duck.timeOf(cue.utterance, cue.atMs);
    if (!sink || time === undefined) return false;
    const lateMs = (sink.now + SOON) / PER_MS - time;
    if (lateMs > LATEST_CUE_MS) return true;
    if (lateMs > 0) return this.hit(cue.clip, cue.gain * this.#mix.gainOfAll(time), time);
    this.#mix.cue(cue);
    this.#replace(sink, Math.round(time * PER_MS));
    this.tick();
    return true;
  }

  /** From that time on it may be another than was known. */
  changed(time: number | undefined): void {
    const sink = this.#current();
    if (sink && time !== undefined) this.#replace(sink, Math.floor(time * PER_MS));
    this.tick();
  }

  /** Wants to be called ten times a second. */
  tick(): void {
    const sink = this.#current();
    if (!sink) return;
    const { now } = sink;
    const isBusy = this.#mix.prune(sink.playhead);
    this.#forgetUntil(sink.playhead);
    const end = this.#from + this.#placed.length;
    const from = Math.max(now, end);
    if (isBusy && from <= now + AHEAD - PORTION) this.#place(sink, from, now + AHEAD - from);
  }

  /** Nothing that was placed will be heard: the sink is gone. */
  leave(): void {
    this.#sink = undefined;
    this.#placed = new Float32Array(0);
  }

  /** Another sink, or one whose clock has started anew, holds nothing yet. */
  #current(): AudioSink | undefined {
    const sink = this.#options.sink();
    const isOther = sink !== this.#sink;
    // A clock that started anew tells other positions.
    const isElsewhere = sink && Math.abs(sink.now - this.#from) > 10 * AHEAD && this.#placed.length > 0;
    if (isOther || isElsewhere) this.#placed = new Float32Array(0);
    this.#sink = sink;
    return sink;
  }

  #forgetUntil(position: number): void {
    const passed = Math.min(this.#placed.length, position - this.#from);
    if (passed < PORTION) return;
    this.#placed = this.#placed.slice(passed);
    this.#from += passed;
  }

  /** Mixes anew what was placed from that position on, or from where that can still be done. */
  #replace(sink: AudioSink, position: number): void {
    const end = this.#from + this.#placed.length;
    const from = Math.max(position, sink.now);
    if (from >= end) return;
    const before = this.#placed.subarray(from - this.#from);
    const samples = this.#mix.render(from, end - from);
    // What is due before it could be placed would begin with a click.
    if (position < from)
      for (let i = 0; i < Math.min(JOIN, samples.length); i++)
        samples[i] = (before[i] as number) + (((samples[i] as number) - (before[i] as number)) * i) / JOIN;
    before.set(samples);
    sink.place(samples, from, this);
  }

  #place(sink: AudioSink, from: number, length: number): void {
    const samples = this.#mix.render(from, length);
    const end = this.#from + this.#placed.length;
    if (from === end) {
      const placed = new Float32Array(this.#placed.length + length);
      placed.set(this.#placed);
      placed.set(samples, this.#placed.length);
      this.#placed = placed;
    } else {
      this.#placed = samples.slice();
      this.#from = from;
    }
    sink.place(samples, from, this);
  }
}

import { Interpolator } from "./interpolator.ts";
import type { SampleRing } from "./sample-ring.ts";

/** At that frame of the audio context that position is due, and so many positions pass with every frame. */
export interface Anchor {
  frame: number;
  position: number;
  ratio: number;
}

/** Frames after which the renderer decides anew, on every path. */
export const QUANTUM = 128;
/** Speech may be so much faster or slower without anybody hearing it. */
const MAX_SLEW = 0.005;
/** An error would be gone in so many seconds, were it not for new ones. */
const SLEW_SECONDS = 0.5;
/** A greater error for so long is jumped over, with a crossfade. */
const JUMP_SECONDS = 0.005;
const JUMP_AFTER_SECONDS = 0.1;
/** Sound falls silent before a hole, and comes back after it, within this time… */
const FADE_SECONDS = 0.005;
/** …once so much of it is there. */
const REBUFFER_SECONDS = 0.02;

/** Everything that a renderer would need to render the same again. */
export interface RendererState {
  frame: number;
  position: number;
  gain: number;
  isSounding: boolean;
  erringFrames: number;
  oldPosition: number;
  crossfade: number;
  held: number;
}

/**
 * Renders a ring's sound in step with an anchor. Small errors are slewed away, large ones jumped over;
 * before a hole it falls silent, and goes on where it should be by then. With an anchor on whole positions
 * and a ratio of 1 what comes out is what was written, bit by bit.
 */
export class Renderer {
  readonly #ring: SampleRing;
  readonly #sampleRate: number;
  readonly #interpolator = new Interpolator();
  readonly #fadeStep: number;
  #anchor: Anchor = { frame: 0, position: 0, ratio: 1 };
  #jumps = 0;
  #frame = 0;
  #position = 0;
  #gain = 0;
  #isSounding = false;
  #erringFrames = 0;
  #oldPosition = 0;
  /** 1…0 while the sound before a jump fades. */
  #crossfade = 0;
  /** The last sample there was: what fades where sound was taken away all at once. */
  #held = 0;

  /** @param sampleRate Hz of both the ring and the context */
  constructor(ring: SampleRing, sampleRate: number) {
    this.#ring = ring;
    this.#sampleRate = sampleRate;
    this.#fadeStep = 1 / (FADE_SECONDS * sampleRate);
  }

  /** Errors that were jumped over. */
  get jumps(): number {
    return this.#jumps;
  }

  get isSounding(): boolean {
    return this.#isSounding;
  }

  /** Positions by which it plays late; 0 in silence. */
  get error(): number {
    return this.#isSounding ? this.#dueAt(this.#frame) - this.#position : 0;
  }

  /** Where the sound stands that the next frame gives. */
  get position(): number {
    return this.#isSounding ? this.#position : this.#dueAt(this.#frame);
  }

  set anchor(anchor: Anchor) {
    this.#anchor = anchor;
  }

  get anchor(): Anchor {
    return this.#anchor;
  }

  /** Renders whole quanta of frames, from `frame` on; frames that were passed over went by unheard. */
  render(frame: number, out: Float32Array): void {
    this.#position += (frame - this.#frame) * this.#anchor.ratio;
    this.#frame = frame;
    for (let at = 0; at < out.length; at += QUANTUM) this.#quantum(out, at);
  }

  snapshot(): RendererState {
    return {
      frame: this.#frame,
      position: this.#position,
      gain: this.#gain,
      isSounding: this.#isSounding,
      erringFrames: this.#erringFrames,
      oldPosition: this.#oldPosition,
      crossfade: this.#crossfade,
      held: this.#held,
    };
  }

  restore(state: RendererState): void {
    this.#frame = state.frame;
    this.#position = state.position;
    this.#gain = state.gain;
    this.#isSounding = state.isSounding;
    this.#erringFrames = state.erringFrames;
    this.#oldPosition = state.oldPosition;
    this.#crossfade = state.crossfade;
    this.#held = state.held;
  }

  #dueAt(frame: number): number {
    return this.#anchor.position + (frame - this.#anchor.frame) * this.#anchor.ratio;
  }

  #quantum(out: Float32Array, at: number): void {
    const due = this.#dueAt(this.#frame);
    if (!this.#isSounding) this.#begin(due);
    if (this.#isSounding) {
      this.#considerJump(due);
      this.#sound(out, at, due);
    } else {
      out.fill(0, at, at + QUANTUM);
    }
    this.#frame += QUANTUM;
  }

  /** Sound begins where it was written to begin, or, where that is past, with a fade. */
  #begin(due: number): void {
    this.#position = due;
    const from = this.#ring.filledFrom(due);
    if (from > due + QUANTUM * this.#anchor.ratio) return;
    const isOnTime = from >= Math.floor(due);
    const filled = this.#ring.filledUntil(Math.max(from, Math.floor(due))) - Math.max(from, due);
    if (filled < REBUFFER_SECONDS * this.#sampleRate) return;
    this.#isSounding = true;
    this.#gain = isOnTime ? 1 : 0;
    this.#crossfade = 0;
    this.#erringFrames = 0;
  }

  #considerJump(due: number): void {
    const isErring = Math.abs(due - this.#position) > JUMP_SECONDS * this.#sampleRate;
    this.#erringFrames = isErring ? this.#erringFrames + QUANTUM : 0;
    if (this.#erringFrames < JUMP_AFTER_SECONDS * this.#sampleRate || this.#crossfade > 0) return;
    this.#jumps += 1;
    this.#erringFrames = 0;
    this.#oldPosition = this.#position;
    this.#crossfade = 1;
    this.#position = due;
  }

  #sound(out: Float32Array, at: number, due: number): void {
    const slew = (due - this.#position) / (SLEW_SECONDS * this.#sampleRate);
    const step = this.#anchor.ratio * (1 + Math.max(-MAX_SLEW, Math.min(MAX_SLEW, slew)));
    const hole = this.#holeAfter(this.#position);
    for (let i = at; i < at + QUANTUM; i++) {
      const wanted = Math.max(0, Math.min(1, (hole - this.#position) * this.#fadeStep));
      this.#gain =
        wanted > this.#gain
          ? Math.min(wanted, this.#gain + this.#fadeStep)
          : Math.max(wanted, this.#gain - this.#fadeStep);
      if (this.#position < hole) this.#held = this.#interpolator.at(this.#ring, this.#position);
      let value = this.#held * this.#gain;
      if (this.#crossfade > 0) value = this.#crossfaded(value, step);
      out[i] = value;
      this.#position += step;
    }
    if (this.#gain <= 0 && this.#crossfade <= 0) this.#isSounding = false;
  }

  #crossfaded(value: number, step: number): number {
    const old = this.#interpolator.at(this.#ring, this.#oldPosition);
    const mixed = value * (1 - this.#crossfade) + old * this.#crossfade;
    this.#oldPosition += step;
    this.#crossfade = Math.max(0, this.#crossfade - this.#fadeStep);
    return mixed;
  }

  /** The end of what is there from a position on, which may lie a little before its beginning. */
  #holeAfter(position: number): number {
    const whole = Math.floor(position);
    const from = this.#ring.filledFrom(whole);
    const start = from <= position + QUANTUM * 2 ? Math.max(from, whole) : whole;
    return this.#ring.filledUntil(start);
  }
}

import { RING_SECONDS } from "./loudspeaker-messages.ts";
import { type Anchor, QUANTUM, Renderer, type RendererState } from "./renderer.ts";
import type { RingOutput } from "./ring-output.ts";
import { SampleRing } from "./sample-ring.ts";

/** Blocks are made so far ahead of what the device renders, where there is sound for them: the page may be busy. */
const HORIZON_SECONDS = 0.35;
const BLOCK_SECONDS = 0.02;
/** Nearer to what the device renders no block can be played… */
const EARLIEST_SECONDS = 0.0125;
/** …or taken back, as far as was known 20 ms ago. */
const LATEST_CHANGE_SECONDS = 0.035;
/** The last moment to make a block: the next one may be 20 ms later. */
const LAST_MOMENT_SECONDS = 0.04;

/** Where blocks go. */
export interface BlockSink {
  /** Sound that begins on that frame of the context. */
  play(frame: number, samples: Float32Array<ArrayBuffer>): void;
  /** Nothing that was given for later than that frame is wanted. */
  takeBack(frame: number): void;
}

/**
 * Renders ahead, in blocks, for pages that may not have a worklet. Where sound is missing it waits until the
 * last moment, so that what comes late is still heard; what has changed since is taken back and rendered anew.
 */
export class BlockOutput implements RingOutput {
  readonly marginMs: number = LATEST_CHANGE_SECONDS * 1000 + 5;
  readonly needsPage = true;
  readonly #sampleRate: number;
  readonly #sink: BlockSink;
  readonly #ring: SampleRing;
  readonly #renderer: Renderer;
  readonly #blockFrames: number;
  /** What the renderer needs to make the blocks again that can still be taken back. */
  #ahead: { frame: number; state: RendererState }[] = [];
  /** The next frame that is to be made. */
  #frontier = 0;
  /** The next frame that the device renders. */
  #now = 0;

  /** @param sampleRate Hz of the context and the ring */
  constructor(sampleRate: number, sink: BlockSink) {
    this.#sampleRate = sampleRate;
    this.#sink = sink;
    this.#ring = new SampleRing(RING_SECONDS * sampleRate);
    this.#renderer = new Renderer(this.#ring, sampleRate);
    this.#blockFrames = quanta(BLOCK_SECONDS * sampleRate);
  }

  get error(): number {
    return this.#renderer.error;
  }

  write(at: number, samples: Float32Array<ArrayBuffer>): void {
    this.#ring.write(at, samples);
    this.#takeBack(at, at + samples.length);
  }

  clear(from: number, to: number): void {
    this.#ring.clear(from, to);
    this.#takeBack(from, to);
  }

  anchor(anchor: Anchor): void {
    this.#renderer.anchor = anchor;
  }

  pump(frame: number): void {
    this.#now = frame;
    const earliest = quanta(frame + EARLIEST_SECONDS * this.#sampleRate);
    const changeable = frame + LATEST_CHANGE_SECONDS * this.#sampleRate;
    this.#ahead = this.#ahead.filter((block) => block.frame >= changeable);
    const horizon = frame + HORIZON_SECONDS * this.#sampleRate;
    // A device that slept goes on where it was, not where it was expected to be.
    if (this.#frontier > horizon + HORIZON_SECONDS * this.#sampleRate) this.#frontier = earliest;
    this.#frontier = Math.max(this.#frontier, earliest);
    while (this.#frontier < horizon && this.#mayRender()) this.#render();
  }

  close(): void {
    this.#sink.takeBack(0);
  }

  /** Whether the next block has all its sound, is silent before sound that is there, or can wait no longer. */
  #mayRender(): boolean {
    if (this.#frontier < this.#now + LAST_MOMENT_SECONDS * this.#sampleRate) return true;
    const { ratio, position, frame } = this.#renderer.anchor;
    const from = this.#renderer.isSounding
      ? this.#renderer.position
      : position + (this.#frontier - frame) * ratio;
    const needed = from + 2 * this.#blockFrames * ratio;
    const start = Math.max(Math.floor(from), this.#ring.filledFrom(Math.floor(from)));
    if (start >= from + this.#blockFrames * ratio) return start < Number.POSITIVE_INFINITY;
    return this.#ring.filledUntil(start) >= needed;
  }

  #render(): void {
    this.#ahead.push({ frame: this.#frontier, state: this.#renderer.snapshot() });
    const samples = new Float32Array(this.#blockFrames);
    this.#renderer.render(this.#frontier, samples);
    if (samples.some((sample) => sample !== 0)) this.#sink.play(this.#frontier, samples);
    this.#frontier += this.#blockFrames;
  }

  /** The ring has changed from one position to another; what was rendered just before looked ahead to it. */
  #takeBack(from: number, to: number): void {
    const { frame, position, ratio } = this.#renderer.anchor;
    const frameOf = (at: number): number => frame + (at - position) / ratio;
    const earliest = frameOf(from) - this.#blockFrames;
    const index = this.#ahead.findIndex((block) => block.frame + this.#blockFrames > earliest);
    const first = this.#ahead[index];
    if (!first || first.frame > frameOf(to)) return;
    this.#ahead.length = index;
    this.#renderer.restore(first.state);
    this.#frontier = first.frame;
    this.#sink.takeBack(first.frame);
    this.pump(this.#now);
  }
}

function quanta(frames: number): number {
  return Math.ceil(frames / QUANTUM) * QUANTUM;
}

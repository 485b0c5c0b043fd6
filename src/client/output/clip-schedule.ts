import type { LineClip } from "../session/line.ts";

/** Silence before the first sound after the schedule ran dry, so that it does not start late. */
export const CUSHION_SECONDS = 0.08;
/** A start nearer than this may already be late when the audio thread sees it. */
const SHORTEST_LEAD_SECONDS = 0.02;
const FADE_SECONDS = 0.01;

/** What an audio context is heard through. */
export interface ContextOutput {
  node: AudioNode;
  /** Seconds from the context's time to the ear. */
  latency(): number;
}

interface Placed {
  clip: LineClip;
  source: AudioBufferSourceNode;
  startFrame: number;
  endFrame: number;
}

/**
 * Sounds on an `AudioContext`'s clock, back to back: each starts on the very frame on which the one before
 * it ends. Frames are counted in whole numbers at the context's rate, so joins have no hole and no overlap.
 */
export class ClipSchedule {
  readonly #context: AudioContext;
  readonly #output: ContextOutput;
  #bus: GainNode;
  #placed: Placed[] = [];
  #nextFrame = 0;

  constructor(context: AudioContext, output: ContextOutput) {
    this.#context = context;
    this.#output = output;
    this.#bus = this.#newBus();
  }

  /** Sound scheduled and not yet played, in ms. */
  get bufferedMs(): number {
    const { currentTime, sampleRate } = this.#context;
    return Math.max(0, (this.#nextFrame / sampleRate - currentTime) * 1000);
  }

  /** Starts the sound where the last one ends, or a cushion from now if that is past. */
  place(buffer: AudioBuffer, clip: LineClip): void {
    const { currentTime, sampleRate } = this.#context;
    const now = Math.round(currentTime * sampleRate);
    if (this.#nextFrame < now + SHORTEST_LEAD_SECONDS * sampleRate) {
      this.#nextFrame = now + Math.ceil(CUSHION_SECONDS * sampleRate);
    }
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#bus);
    source.start(this.#nextFrame / sampleRate);
    const startFrame = this.#nextFrame;
    this.#nextFrame += buffer.length;
    this.#placed.push({ clip, source, startFrame, endFrame: this.#nextFrame });
  }

  /** What leaves the loudspeaker now. */
  audible(): LineClip | undefined {
    const { currentTime, sampleRate } = this.#context;
    const frame = (currentTime - this.#output.latency()) * sampleRate;
    this.#placed = this.#placed.filter((placed) => placed.endFrame > frame);
    const first = this.#placed[0];
    return first && first.startFrame <= frame ? first.clip : undefined;
  }

  /** Fades what sounds, drops the rest, and gives back the clips that were not heard to the end. */
  clear(): LineClip[] {
    const { currentTime: now, sampleRate } = this.#context;
    const unheard = this.#placed.filter(({ endFrame }) => endFrame > now * sampleRate);
    this.#bus.gain.setValueAtTime(1, now);
    this.#bus.gain.linearRampToValueAtTime(0, now + FADE_SECONDS);
    for (const { source } of unheard) source.stop(now + FADE_SECONDS);
    this.#bus = this.#newBus();
    this.#placed = [];
    this.#nextFrame = 0;
    return unheard.map(({ clip }) => clip);
  }

  /** A bus of its own for all that is placed until the next `clear`, so that a fade touches nothing later. */
  #newBus(): GainNode {
    const bus = this.#context.createGain();
    bus.connect(this.#output.node);
    return bus;
  }
}

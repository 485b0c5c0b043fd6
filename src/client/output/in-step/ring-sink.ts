import { Resampler } from "../../../core/dsp/resample.ts";
import { V2_SAMPLE_RATE } from "../../../core/protocol/v2.ts";
import type { AudioSink } from "../audio-sink.ts";
import { Spans } from "./spans.ts";

/** From the moment of a call to silence: what a renderer needs to fade out before the hole. */
const FADE = V2_SAMPLE_RATE / 100;
/** Owners whose sound can still be taken back; the first to come are the first forgotten. */
const MAX_OWNERS = 512;

/** What a loudspeaker takes: positions are samples at its own rate. */
export interface RingInput {
  write(at: number, samples: Float32Array<ArrayBuffer>): void;
  /** Drops the samples from `from` to `to`. */
  clear(from: number, to: number): void;
}

/** The clock of a sink. */
export interface SinkClock {
  /** ms on it that leave the loudspeaker now. */
  playheadMs(): number;
  /** ms between what can be placed at the earliest and what leaves the loudspeaker. */
  aheadMs(): number;
  /** Reports by how much a part came too late. */
  tooLate(ms: number): void;
  /** Whether it is the table's. */
  readonly isTable: boolean;
}

/** A ring of sound as a sink: what is placed lies at its time, whenever a renderer comes to fetch it. */
export class RingSink implements AudioSink {
  readonly isLoud = true;
  readonly #ring: RingInput;
  readonly #clock: SinkClock;
  /** Positions in the ring for one sample. */
  readonly #scale: number;
  readonly #sampleRate: number;
  /** The parts in the ring that are still to be heard. */
  readonly #owners = new Map<object, Spans>();
  #stream: { resampler: Resampler; end: number; position: number } | undefined;

  /** @param sampleRate Hz of the ring */
  constructor(ring: RingInput, clock: SinkClock, sampleRate: number) {
    this.#ring = ring;
    this.#clock = clock;
    this.#sampleRate = sampleRate;
    this.#scale = sampleRate / V2_SAMPLE_RATE;
  }

  get playhead(): number {
    return Math.floor((this.#clock.playheadMs() * V2_SAMPLE_RATE) / 1000);
  }

  get now(): number {
    return Math.ceil(((this.#clock.playheadMs() + this.#clock.aheadMs()) * V2_SAMPLE_RATE) / 1000);
  }

  /** Whether nothing is left to be heard. */
  get isEmpty(): boolean {
    const { playhead } = this;
    return [...this.#owners.values()].every(({ end }) => end <= playhead);
  }

  positionOf(at: number): number | undefined {
    return this.#clock.isTable ? Math.round((at * V2_SAMPLE_RATE) / 1000) : undefined;
  }

  tooLate(samples: number): void {
    this.#clock.tooLate((samples * 1000) / V2_SAMPLE_RATE);
  }

  place(samples: Float32Array<ArrayBuffer>, at: number, owner: object): void {
    this.#own(owner, at, at + samples.length);
    if (this.#scale === 1) this.#ring.write(at, samples);
    else this.#resampled(samples, at);
  }

  fade(owner: object, at: number): void {
    const from = Math.max(at, this.now);
    for (const span of this.#owners.get(owner)?.all ?? []) {
      this.erase(owner, span.from < from ? from + FADE : span.from, span.to);
    }
  }

  erase(owner: object, from: number, to: number): void {
    const spans = this.#owners.get(owner);
    for (const span of spans?.all ?? []) this.#clear(Math.max(from, span.from), Math.min(to, span.to));
    spans?.remove(from, to);
  }

  #clear(from: number, to: number): void {
    if (from >= to) return;
    this.#ring.clear(Math.round(from * this.#scale), Math.round(to * this.#scale));
    if (to >= (this.#stream?.end ?? Number.POSITIVE_INFINITY)) this.#stream = undefined;
  }

  #own(owner: object, from: number, to: number): void {
    this.#forget(from, to);
    const spans = this.#owners.get(owner) ?? new Spans();
    spans.add(from, to);
    this.#owners.set(owner, spans);
    for (const oldest of this.#owners.keys()) {
      if (this.#owners.size <= MAX_OWNERS) break;
      this.#owners.delete(oldest);
    }
  }

  /** The clock has started anew: what was placed stands nowhere. */
  forget(): void {
    this.#owners.clear();
    this.#stream = undefined;
  }

  /** Forgets parts that were heard or are about to be overwritten. */
  #forget(from: number, to: number): void {
    const { playhead } = this;
    for (const [owner, spans] of this.#owners) {
      spans.remove(Number.NEGATIVE_INFINITY, playhead);
      spans.remove(from, to);
      if (spans.all.length === 0) this.#owners.delete(owner);
    }
  }

  /** Pieces that join are resampled as one stream. */
  #resampled(samples: Float32Array, at: number): void {
    if (this.#stream?.end !== at) {
      const resampler = new Resampler(V2_SAMPLE_RATE, this.#sampleRate);
      this.#stream = { resampler, end: at, position: Math.round(at * this.#scale) };
    }
    const out = this.#stream.resampler.push(samples);
    if (out.length > 0) this.#ring.write(this.#stream.position, out);
    this.#stream.end += samples.length;
    this.#stream.position += out.length;
  }
}

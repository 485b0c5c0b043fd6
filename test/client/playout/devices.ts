import { ContextSink } from "../../../src/client/output/context-sink.ts";
import { RingSink } from "../../../src/client/output/in-step/ring-sink.ts";
import { SampleRing } from "../../../src/client/output/in-step/sample-ring.ts";
import type { SpeechOutput } from "../../../src/client/output/speech-output.ts";
import type { Random } from "../../support/random.ts";
import { FakeAudioContext } from "../fake-audio.ts";
import { placeOf, samplesOf } from "./marked-line.ts";

/** Less of a block than this is nothing that could be heard: places are rounded to samples. */
const LEAST = 24;

/** A block of a line that began to reach the ear at a frame, at full loudness or fading. */
export interface HeardBlock {
  frame: number;
  line: number;
  block: number;
  /** How much of it, in frames. */
  length: number;
  isFading: boolean;
}

/** What lines are heard by. Frames are samples at 24 kHz. */
export interface Device {
  readonly sound: SpeechOutput;
  /** Time passes. */
  advance(ms: number): void;
  /** The first frame that the device has not rendered. */
  readonly frontier: number;
  /** What was heard, in order. */
  heard(): HeardBlock[];
}

/** Which blocks were heard, sample after sample. */
class BlockLog {
  readonly #blocks: HeardBlock[] = [];
  #last = 0;

  get blocks(): HeardBlock[] {
    return this.#blocks.filter(({ length }) => length >= LEAST);
  }

  add(frame: number, sample: number, isFading: boolean): void {
    const place = placeOf(sample);
    const last = this.#blocks.at(-1);
    if (place && sample === this.#last && last) last.length += 1;
    else if (place) this.#blocks.push({ frame, ...place, length: 1, isFading });
    this.#last = sample;
  }
}

/** An audio context, on which lines are heard as soon as they can. */
export class ContextDevice implements Device {
  readonly sound: SpeechOutput;
  readonly #context = new FakeAudioContext(24_000);

  constructor(latencyMs: number) {
    this.#context.state = "running";
    const node = this.#context.createGain() as unknown as AudioNode;
    const output = { node, latency: () => latencyMs / 1000 };
    this.sound = { sink: new ContextSink(this.#context as unknown as AudioContext, output) };
  }

  get frontier(): number {
    return this.#context.frame;
  }

  advance(ms: number): void {
    this.#context.advance(ms / 1000);
  }

  heard(): HeardBlock[] {
    const out: HeardBlock[] = [];
    for (const { from, to, samples = new Float32Array(), gain } of this.#context.heard) {
      const log = new BlockLog();
      const end = Math.min(to, this.frontier);
      for (let frame = from; frame < end; frame++) {
        const level = gain.gain.valueAt(frame / 24_000);
        log.add(frame, level > 0 ? (samples[frame - from] ?? 0) : 0, level < 1);
      }
      out.push(...log.blocks);
    }
    return out.sort((a, b) => a.frame - b.frame);
  }
}

export interface RingDeviceOptions {
  nowMs: () => number;
  random: Random;
  /** ms that are rendered ahead of the ear, and by which its idea of the table's clock wanders. */
  renderedMs: number;
  wanderMs: number;
}

/** A ring from which a device takes what is due, on the table's clock: a frame is a moment of it. */
export class RingDevice implements Device {
  readonly sound: SpeechOutput;
  readonly #ring = new SampleRing(40 * 24_000);
  readonly #options: RingDeviceOptions;
  readonly #log = new BlockLog();
  #wander = 0;
  #frontier = 0;

  constructor(options: RingDeviceOptions) {
    this.#options = options;
    const sink = new RingSink(
      this.#ring,
      {
        isTable: true,
        playheadMs: () => this.#earMs,
        aheadMs: () => options.renderedMs + options.wanderMs + 10,
        tooLate: () => undefined,
      },
      24_000,
    );
    this.sound = { sink, inStep: sink };
  }

  get frontier(): number {
    return this.#frontier;
  }

  advance(): void {
    const { random, wanderMs, renderedMs } = this.#options;
    this.#wander = (random() - 0.5) * wanderMs;
    const until = samplesOf(this.#earMs + renderedMs);
    for (; this.#frontier < until; this.#frontier++) {
      this.#log.add(this.#frontier, this.#ring.at(this.#frontier), false);
    }
  }

  heard(): HeardBlock[] {
    return this.#log.blocks;
  }

  get #earMs(): number {
    return this.#options.nowMs() + this.#wander;
  }
}

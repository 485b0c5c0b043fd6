/** Frames rendered at a time, as the Web Audio specification has it. */
const QUANTUM = 128;

/** One source as the loudspeaker would have it: what it plays, and from which frame to which. */
export interface Heard {
  tag: number;
  from: number;
  to: number;
  /** What it plays, where that is known, and through which gain. */
  samples: Float32Array | undefined;
  gain: FakeGain;
}

/** A parameter with its events in order of their times, as the specification has them. */
class FakeParam {
  value = 1;
  #events: { value: number; at: number; isRamp: boolean }[] = [];
  readonly ramps: { to: number; at: number }[] = [];
  setValueAtTime(value: number, at: number): void {
    this.#add({ value, at, isRamp: false });
  }
  cancelScheduledValues(from: number): void {
    this.#events = this.#events.filter(({ at }) => at < from);
  }
  linearRampToValueAtTime(value: number, at: number): void {
    this.ramps.push({ to: value, at });
    this.#add({ value, at, isRamp: true });
  }
  valueAt(time: number): number {
    const next = this.#events.find(({ at }) => at > time);
    const last = this.#events.findLast(({ at }) => at <= time) ?? { value: 1, at: 0 };
    if (!next?.isRamp) return last.value;
    return last.value + ((next.value - last.value) * (time - last.at)) / (next.at - last.at);
  }
  #add(event: { value: number; at: number; isRamp: boolean }): void {
    this.value = event.value;
    this.#events = [...this.#events, event].sort((a, b) => a.at - b.at);
  }
}

class FakeGain {
  readonly gain: FakeParam = new FakeParam();
  connect(): void {}
  disconnect(): void {}
}

/** Mono; what is copied to it is a copy. */
class FakeBuffer {
  readonly length: number;
  readonly tag = 0;
  readonly samples: Float32Array;
  constructor(length: number) {
    this.length = length;
    this.samples = new Float32Array(length);
  }
  copyToChannel(samples: Float32Array, channel: number): void {
    if (channel !== 0) throw new DOMException("there is one channel", "IndexSizeError");
    this.samples.set(samples);
  }
}

class FakeSource {
  buffer: { length: number; tag: number; samples?: Float32Array } | null = null;
  heard: Heard | undefined;
  onended: (() => void) | null = null;
  #gain: FakeGain | undefined;
  readonly #context: FakeAudioContext;
  constructor(context: FakeAudioContext) {
    this.#context = context;
  }
  connect(gain: FakeGain): void {
    this.#gain = gain;
  }
  start(when: number): void {
    if (this.heard || !this.buffer || !this.#gain)
      throw new DOMException("started twice or empty", "InvalidStateError");
    const frame = when * this.#context.sampleRate;
    if (Math.abs(frame - Math.round(frame)) > 1e-6) throw new Error(`start between two frames: ${frame}`);
    // Too late is not lost: it starts whole in the next quantum, and overlaps what was planned after it.
    const from = Math.max(Math.round(frame), this.#context.frame);
    const { tag, length, samples } = this.buffer;
    this.heard = { tag, from, to: from + length, samples, gain: this.#gain };
    this.#context.heard.push(this.heard);
    this.#context.sources.add(this);
  }
  stop(when: number): void {
    if (!this.heard) throw new DOMException("not started", "InvalidStateError");
    this.heard.to = Math.min(
      this.heard.to,
      Math.max(this.heard.from, Math.round(when * this.#context.sampleRate)),
    );
  }
}

/**
 * An `AudioContext` where it matters: time stands still unless running and advances in quanta, decoding
 * takes a turn, detaches its input, resamples to the context's rate and refuses garbage, and a source that
 * starts late starts whole. A clip is two bytes: a tag and its length in tenths of a second.
 */
export class FakeAudioContext extends EventTarget {
  readonly sampleRate: number;
  readonly outputLatency = 0;
  readonly destination = {};
  readonly heard: Heard[] = [];
  readonly gains: FakeGain[] = [];
  readonly sources: Set<FakeSource> = new Set();
  state: AudioContextState = "suspended";
  frame = 0;

  constructor(sampleRate = 44_100) {
    super();
    this.sampleRate = sampleRate;
  }

  get currentTime(): number {
    return this.frame / this.sampleRate;
  }

  createGain(): FakeGain {
    const gain = new FakeGain();
    this.gains.push(gain);
    return gain;
  }

  createBuffer(channels: number, length: number, sampleRate: number): FakeBuffer {
    if (channels !== 1 || length === 0 || sampleRate !== this.sampleRate) {
      throw new DOMException("not what a player needs", "NotSupportedError");
    }
    return new FakeBuffer(length);
  }

  /** Constant sources that were started, and not stopped. */
  constants = 0;

  createConstantSource(): object {
    return {
      offset: new FakeParam(),
      connect: () => undefined,
      start: () => {
        this.constants += 1;
      },
      stop: () => {
        this.constants -= 1;
      },
    };
  }

  createBufferSource(): FakeSource {
    return new FakeSource(this);
  }

  async decodeAudioData(input: ArrayBuffer): Promise<{ length: number; tag: number }> {
    const [tag, tenths] = new Uint8Array(structuredClone(input, { transfer: [input] }));
    await Promise.resolve();
    if (tag === undefined || tenths === undefined) throw new DOMException("garbage", "EncodingError");
    // An odd number of frames, as resampling gives.
    return { tag, length: Math.round((tenths * this.sampleRate) / 10) + 1 };
  }

  async resume(): Promise<void> {
    await this.become("running");
  }

  async close(): Promise<void> {
    await this.become("closed");
  }

  /** What the system does to a context: a phone call, a locked screen. */
  async become(state: AudioContextState): Promise<void> {
    await Promise.resolve();
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }

  /** Time passes, in whole quanta. */
  advance(seconds: number): void {
    if (this.state !== "running") return;
    this.frame += Math.ceil((seconds * this.sampleRate) / QUANTUM) * QUANTUM;
    for (const source of this.sources) {
      if ((source.heard?.to ?? 0) > this.frame) continue;
      this.sources.delete(source);
      source.onended?.();
    }
  }

  /** What has left the loudspeaker until now, all sources with samples and their fades together. */
  render(): Float32Array {
    const out = new Float32Array(this.frame);
    for (const { from, to, samples, gain } of this.heard) {
      const end = Math.min(to, out.length);
      for (let frame = from; samples && frame < end; frame++) {
        const level = gain.gain.valueAt(frame / this.sampleRate);
        out[frame] = (out[frame] as number) + (samples[frame - from] as number) * level;
      }
    }
    return out;
  }
}

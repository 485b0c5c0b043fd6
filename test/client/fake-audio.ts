/** Frames rendered at a time, as the Web Audio specification has it. */
const QUANTUM = 128;

/** One source as the loudspeaker would have it: what it plays, and from which frame to which. */
export interface Heard {
  tag: number;
  from: number;
  to: number;
}

class FakeParam {
  value = 1;
  readonly ramps: { to: number; at: number }[] = [];
  setValueAtTime(value: number): void {
    this.value = value;
  }
  cancelScheduledValues(): void {}
  linearRampToValueAtTime(value: number, at: number): void {
    this.ramps.push({ to: value, at });
    this.value = value;
  }
}

class FakeGain {
  readonly gain: FakeParam = new FakeParam();
  connect(): void {}
}

class FakeSource {
  buffer: { length: number; tag: number } | null = null;
  heard: Heard | undefined;
  readonly #context: FakeAudioContext;
  constructor(context: FakeAudioContext) {
    this.#context = context;
  }
  connect(): void {}
  start(when: number): void {
    if (this.heard || !this.buffer) throw new DOMException("started twice or empty", "InvalidStateError");
    const frame = when * this.#context.sampleRate;
    if (Math.abs(frame - Math.round(frame)) > 1e-6) throw new Error(`start between two frames: ${frame}`);
    // Too late is not lost: it starts whole in the next quantum, and overlaps what was planned after it.
    const from = Math.max(Math.round(frame), this.#context.frame);
    this.heard = { tag: this.buffer.tag, from, to: from + this.buffer.length };
    this.#context.heard.push(this.heard);
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
export class FakeAudioContext {
  readonly sampleRate: number;
  readonly outputLatency = 0;
  readonly destination = {};
  readonly heard: Heard[] = [];
  readonly gains: FakeGain[] = [];
  state: AudioContextState = "suspended";
  onstatechange: (() => void) | null = null;
  frame = 0;

  constructor(sampleRate = 44_100) {
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
    this.onstatechange?.();
  }

  /** Time passes, in whole quanta. */
  advance(seconds: number): void {
    if (this.state !== "running") return;
    this.frame += Math.ceil((seconds * this.sampleRate) / QUANTUM) * QUANTUM;
  }
}

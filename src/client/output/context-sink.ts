import type { Resampler } from "../../core/dsp/resample.ts";
import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { AudioSink } from "./audio-sink.ts";

const FADE_SECONDS = 0.01;

/** What an audio context is heard through. */
export interface ContextOutput {
  node: AudioNode;
  /** Seconds from the context's time to the ear. */
  latency(): number;
}

/** The sources that one owner placed between two fades. */
interface Channel {
  owner: object;
  bus: GainNode;
  sources: Set<AudioBufferSourceNode>;
  /** Second of the context at which it begins to fall silent. */
  fadesAt: number;
}

/**
 * An `AudioContext` as a sink. Every piece is a source that starts on the very frame where the one before
 * it ends. In a context of another rate, pieces that join are resampled as one stream.
 */
export class ContextSink implements AudioSink {
  readonly isLoud = true;
  readonly #context: AudioContext;
  readonly #output: ContextOutput;
  /** Until the last of them has been heard: what falls silent later may yet have to do so at once. */
  readonly #channels = new Set<Channel>();
  #resampler: typeof Resampler | undefined;
  #stream: { resampler: Resampler; end: number; frame: number } | undefined;

  constructor(context: AudioContext, output: ContextOutput) {
    this.#context = context;
    this.#output = output;
  }

  /** Whether it can play: a context of another rate needs `prepare` before. */
  get isReady(): boolean {
    return this.#isNative || this.#resampler !== undefined;
  }

  /** Loads what a context of another rate needs: few have one. @throws where the code cannot be had */
  async prepare(): Promise<void> {
    if (!this.isReady) this.#resampler = (await import("../../core/dsp/resample.ts")).Resampler;
  }

  get now(): number {
    return Math.ceil(this.#context.currentTime * V2_SAMPLE_RATE);
  }

  /** The second of the context that leaves the loudspeaker now. */
  get playheadSeconds(): number {
    return this.#context.currentTime - this.#output.latency();
  }

  get playhead(): number {
    return Math.floor(this.playheadSeconds * V2_SAMPLE_RATE);
  }

  place(samples: Float32Array<ArrayBuffer>, at: number, owner: object): void {
    const { frames, from } = this.#isNative ? { frames: samples, from: at } : this.#resampled(samples, at);
    if (frames.length === 0) return;
    const buffer = this.#context.createBuffer(1, frames.length, this.#context.sampleRate);
    buffer.copyToChannel(frames, 0);
    this.start(buffer, from, owner);
  }

  /** Lets a buffer begin on that frame of the context. */
  start(buffer: AudioBuffer, frame: number, owner: object): void {
    const channel = this.#channelOf(owner);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(channel.bus);
    source.onended = () => {
      channel.sources.delete(source);
      if (channel.sources.size === 0) this.#release(channel);
    };
    channel.sources.add(source);
    source.start(frame / this.#context.sampleRate);
  }

  positionOf(): undefined {}

  erase(): void {}

  fade(owner: object, at: number): void {
    const from = Math.max(at / V2_SAMPLE_RATE, this.#context.currentTime);
    for (const channel of this.#channels) {
      if (channel.owner === owner && from < channel.fadesAt) this.#fadeAt(channel, from);
    }
  }

  get #isNative(): boolean {
    return this.#context.sampleRate === V2_SAMPLE_RATE;
  }

  #fadeAt(channel: Channel, seconds: number): void {
    channel.fadesAt = seconds;
    const { gain } = channel.bus;
    gain.cancelScheduledValues(0);
    gain.setValueAtTime(1, seconds);
    gain.linearRampToValueAtTime(0, seconds + FADE_SECONDS);
    for (const source of channel.sources) source.stop(seconds + FADE_SECONDS);
  }

  /** Sources placed after a fade are not faded with the earlier ones. */
  #channelOf(owner: object): Channel {
    for (const channel of this.#channels) {
      if (channel.owner === owner && channel.fadesAt === Number.POSITIVE_INFINITY) return channel;
    }
    const bus = this.#context.createGain();
    const channel: Channel = { owner, bus, sources: new Set(), fadesAt: Number.POSITIVE_INFINITY };
    bus.connect(this.#output.node);
    this.#channels.add(channel);
    return channel;
  }

  #release(channel: Channel): void {
    channel.bus.disconnect();
    this.#channels.delete(channel);
  }

  /** The frames that this piece makes known, and on which frame of the context they begin. */
  #resampled(samples: Float32Array, at: number): { frames: Float32Array<ArrayBuffer>; from: number } {
    const { sampleRate } = this.#context;
    if (!this.#resampler) return { frames: new Float32Array(0), from: 0 };
    if (this.#stream?.end !== at) {
      const frame = Math.ceil((at * sampleRate) / V2_SAMPLE_RATE);
      this.#stream = { resampler: new this.#resampler(V2_SAMPLE_RATE, sampleRate), end: at, frame };
    }
    const from = this.#stream.frame;
    const frames = this.#stream.resampler.push(samples);
    this.#stream.end += samples.length;
    this.#stream.frame += frames.length;
    return { frames, from };
  }
}

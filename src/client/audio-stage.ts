import { Resampler } from "../core/resample.ts";
import { V2_SAMPLE_RATE } from "../core/v2.ts";
import type { Stage } from "./stage.ts";

const FADE_SECONDS = 0.01;

interface Channel {
  bus: GainNode;
  sources: Set<AudioBufferSourceNode>;
}

/**
 * An `AudioContext` as a stage. Every piece is a source that starts on the very frame where the one before
 * it ends. In a context of another rate, pieces that join are resampled as one stream.
 */
export class AudioStage implements Stage {
  readonly isLoud = true;
  readonly #context: AudioContext;
  readonly #output: AudioNode;
  readonly #channels = new Map<object, Channel>();
  #stream: { resampler: Resampler; end: number; frame: number } | undefined;

  constructor(context: AudioContext, output: AudioNode) {
    this.#context = context;
    this.#output = output;
  }

  get now(): number {
    return Math.ceil(this.#context.currentTime * V2_SAMPLE_RATE);
  }

  get ear(): number {
    const { currentTime, outputLatency } = this.#context;
    return Math.floor((currentTime - (outputLatency || 0)) * V2_SAMPLE_RATE);
  }

  place(samples: Float32Array<ArrayBuffer>, at: number, owner: object): void {
    const isNative = this.#context.sampleRate === V2_SAMPLE_RATE;
    const { frames, from } = isNative ? { frames: samples, from: at } : this.#resampled(samples, at);
    if (frames.length === 0) return;
    const { sampleRate } = this.#context;
    const { bus, sources } = this.#channel(owner);
    const source = this.#context.createBufferSource();
    source.buffer = this.#context.createBuffer(1, frames.length, sampleRate);
    source.buffer.copyToChannel(frames, 0);
    source.connect(bus);
    source.onended = () => {
      sources.delete(source);
      if (sources.size === 0 && this.#channels.get(owner)?.sources === sources) this.#release(owner);
    };
    sources.add(source);
    source.start(from / sampleRate);
  }

  positionOf(): undefined {}

  erase(): void {}

  fade(owner: object, at: number): void {
    const channel = this.#channels.get(owner);
    if (!channel) return;
    this.#channels.delete(owner);
    const from = Math.max(at / V2_SAMPLE_RATE, this.#context.currentTime);
    const { gain } = channel.bus;
    gain.setValueAtTime(1, from);
    gain.linearRampToValueAtTime(0, from + FADE_SECONDS);
    for (const source of channel.sources) source.stop(from + FADE_SECONDS);
  }

  #channel(owner: object): Channel {
    const known = this.#channels.get(owner);
    if (known) return known;
    const channel: Channel = { bus: this.#context.createGain(), sources: new Set() };
    channel.bus.connect(this.#output);
    this.#channels.set(owner, channel);
    return channel;
  }

  #release(owner: object): void {
    this.#channels.get(owner)?.bus.disconnect();
    this.#channels.delete(owner);
  }

  /** The frames that this piece makes known, and on which frame of the context they begin. */
  #resampled(samples: Float32Array, at: number): { frames: Float32Array<ArrayBuffer>; from: number } {
    const { sampleRate } = this.#context;
    if (this.#stream?.end !== at) {
      const frame = Math.ceil((at * sampleRate) / V2_SAMPLE_RATE);
      this.#stream = { resampler: new Resampler(V2_SAMPLE_RATE, sampleRate), end: at, frame };
    }
    const from = this.#stream.frame;
    const frames = this.#stream.resampler.push(samples);
    this.#stream.end += samples.length;
    this.#stream.frame += frames.length;
    return { frames, from };
  }
}

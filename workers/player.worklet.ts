/**
 * The worklet that plays in step: a ring, and the renderer that is asked for it 128 frames at a time.
 * @module
 */
import {
  type LoudspeakerMessage,
  type LoudspeakerReport,
  RING_SECONDS,
  WORKLET_NAME,
} from "../src/client/output/in-step/loudspeaker-messages.ts";
import { Renderer } from "../src/client/output/in-step/renderer.ts";
import { SampleRing } from "../src/client/output/in-step/sample-ring.ts";

/** What an `AudioWorkletGlobalScope` has. */
interface Scope {
  readonly currentFrame: number;
  readonly sampleRate: number;
  readonly AudioWorkletProcessor: new () => { readonly port: MessagePort };
  registerProcessor(name: string, processor: new () => unknown): void;
}

const scope = globalThis as unknown as Scope;
const REPORT_SECONDS = 0.25;

class PlayerProcessor extends scope.AudioWorkletProcessor {
  readonly #ring = new SampleRing(RING_SECONDS * scope.sampleRate);
  readonly #renderer = new Renderer(this.#ring, scope.sampleRate);
  #port: MessagePort = this.port;
  #reportedAt = 0;
  #isOpen = true;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<LoudspeakerMessage>) => this.#take(data);
  }

  process(_inputs: unknown, [channels = []]: Float32Array[][]): boolean {
    const [first, ...others] = channels;
    if (!first) return true;
    this.#renderer.render(scope.currentFrame, first);
    for (const channel of others) channel.set(first);
    this.#report();
    // One that says yes is kept for ever, whether anybody hears it or not.
    return this.#isOpen;
  }

  #take(message: LoudspeakerMessage): void {
    switch (message.type) {
      case "port":
        this.#port = message.port;
        this.#port.onmessage = ({ data }: MessageEvent<LoudspeakerMessage>) => this.#take(data);
        break;
      case "write":
        this.#ring.write(message.at, message.samples);
        break;
      case "clear":
        this.#ring.clear(message.from, message.to);
        break;
      case "anchor":
        this.#renderer.anchor = message.anchor;
        break;
      case "close":
        this.#isOpen = false;
        break;
    }
  }

  #report(): void {
    const isDue = scope.currentFrame - this.#reportedAt >= REPORT_SECONDS * scope.sampleRate;
    if (!isDue || !this.#renderer.isSounding) return;
    this.#reportedAt = scope.currentFrame;
    const report: LoudspeakerReport = { error: this.#renderer.error };
    this.#port.postMessage(report);
  }
}

scope.registerProcessor(WORKLET_NAME, PlayerProcessor);

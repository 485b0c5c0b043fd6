import type { VirtualTime } from "../virtual-time.ts";
import { VirtualPort } from "./virtual-port.ts";

interface Processor {
  port: VirtualPort;
  process(inputs: unknown[], outputs: Float32Array[][]): boolean;
}

type Scope = typeof globalThis & {
  currentFrame: number;
  sampleRate: number;
  AudioWorkletProcessor: unknown;
  registerProcessor: unknown;
};

const scope = globalThis as Scope;
let nextPort: VirtualPort | undefined;
let Registered: (new () => Processor) | undefined;

/** The module of the worklet as a browser would have it, rendering when it is told to. */
export class VirtualWorklet {
  /** The node's end of the port. */
  readonly port: VirtualPort;
  readonly #processor: Processor;
  readonly #sampleRate: number;

  static async load(): Promise<void> {
    scope.currentFrame = 0;
    scope.sampleRate = 48_000;
    scope.AudioWorkletProcessor = class {
      port = nextPort;
    };
    scope.registerProcessor = (_: string, processor: new () => Processor) => {
      Registered = processor;
    };
    await import("../../../workers/player.worklet.ts");
  }

  constructor(time: VirtualTime, sampleRate: number) {
    if (!Registered) throw new Error("the worklet's module was not loaded");
    const [node, inner] = VirtualPort.pair(time, () => 0.1);
    this.port = node;
    nextPort = inner;
    scope.sampleRate = sampleRate;
    this.#sampleRate = sampleRate;
    this.#processor = new Registered();
  }

  /** One quantum. */
  render(frame: number, out: Float32Array): void {
    scope.currentFrame = frame;
    scope.sampleRate = this.#sampleRate;
    this.#processor.process([], [[out]]);
  }
}

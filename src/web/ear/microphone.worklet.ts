/**
 * The worklet that passes a microphone's sound on as it is, with the number of its first frame: what is missing shows.
 * @module
 */
import { type FromMicrophone, MICROPHONE_NAME, type ToMicrophone } from "./hearing-messages.ts";

/** What an `AudioWorkletGlobalScope` has. */
interface Scope {
  readonly currentFrame: number;
  readonly AudioWorkletProcessor: new () => { readonly port: MessagePort };
  registerProcessor(name: string, processor: new () => unknown): void;
}

const scope = globalThis as unknown as Scope;
const QUANTUM = 128;
/** 43 ms at 48 kHz. */
const PIECE = 16 * QUANTUM;

class MicrophoneProcessor extends scope.AudioWorkletProcessor {
  #piece = new Float32Array(PIECE);
  #filled = 0;
  #frame = 0;
  #port: MessagePort | undefined;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ToMicrophone>) => {
      this.#port = data.port;
    };
  }

  process([channels]: Float32Array[][]): boolean {
    const input = channels?.[0];
    if (this.#filled > 0 && scope.currentFrame !== this.#frame + this.#filled) this.#give();
    if (this.#filled === 0) this.#frame = scope.currentFrame;
    // Without input there is a gap.
    if (input) {
      this.#piece.set(input, this.#filled);
      this.#filled += QUANTUM;
    }
    if (this.#filled === PIECE) this.#give();
    return true;
  }

  #give(): void {
    const piece: FromMicrophone = { frame: this.#frame, samples: this.#piece.slice(0, this.#filled) };
    this.#port?.postMessage(piece, [piece.samples.buffer]);
    this.#filled = 0;
  }
}

scope.registerProcessor(MICROPHONE_NAME, MicrophoneProcessor);

import type { LoudspeakerMessage, LoudspeakerReport } from "./loudspeaker-messages.ts";
import type { Anchor } from "./renderer.ts";
import type { RingOutput } from "./ring-output.ts";

/** Sound on its way to a worklet, from whichever thread. */
export class WorkletOutput implements RingOutput {
  readonly marginMs = 10;
  readonly needsPage = false;
  readonly #port: MessagePort;
  #error = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<LoudspeakerReport>) => {
      this.#error = data.error;
    };
  }

  get error(): number {
    return this.#error;
  }

  write(at: number, samples: Float32Array<ArrayBuffer>): void {
    // A copy: the utterance may have to place the same samples again.
    this.#send({ type: "write", at, samples: samples.slice() });
  }

  clear(from: number, to: number): void {
    this.#send({ type: "clear", from, to });
  }

  anchor(anchor: Anchor): void {
    this.#send({ type: "anchor", anchor });
  }

  /** The worklet knows by itself. */
  pump(): void {}

  close(): void {
    this.#port.close();
  }

  #send(message: LoudspeakerMessage): void {
    this.#port.postMessage(message, message.type === "write" ? [message.samples.buffer] : []);
  }
}

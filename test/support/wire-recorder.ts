import { createDecoder } from "libopus-wasm";
import { decodeFrame, type Frame, unpackOpus } from "../../src/core/protocol/frame.ts";
import {
  type Codec,
  OPUS_PRE_SKIP,
  V2_SAMPLE_RATE,
  V2_SUBPROTOCOL,
  type V2ServerMessage,
} from "../../src/core/protocol/v2.ts";
import { until } from "./table.ts";

/** A v2 listener that plays nothing and keeps everything. */
export class WireRecorder {
  readonly messages: V2ServerMessage[] = [];
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;

  private constructor(url: string, codec: Codec) {
    this.#socket = new WebSocket(url, V2_SUBPROTOCOL);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => this.#say({ type: "hello", codecs: [codec] });
    this.#socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.frames.push(decodeFrame(new Uint8Array(data)));
      else this.#take(JSON.parse(String(data)));
    };
  }

  /** @param url of the socket, with a token */
  static async join(url: string, codec: Codec): Promise<WireRecorder> {
    const recorder = new WireRecorder(url.replace(/^http/, "ws"), codec);
    await until(() => recorder.messages.some(({ type }) => type === "welcome"));
    return recorder;
  }

  /** Waits for so many lines to be over. */
  async until(lines: number): Promise<void> {
    await until(() => this.messages.filter(({ type }) => type === "speech.end").length >= lines);
  }

  /** The line's frames. */
  of(handle: number): Frame[] {
    return this.frames.filter((frame) => frame.handle === handle);
  }

  close(): void {
    this.#socket.close();
  }

  #take(message: V2ServerMessage): void {
    this.messages.push(message);
    if (message.type === "ping") this.#say({ type: "pong" });
  }

  #say(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }
}

/** Payloads of PCM, end to end. */
export function pcmOf(frames: readonly Pick<Frame, "payload">[]): Uint8Array {
  return Buffer.concat(frames.map(({ payload }) => payload));
}

/** The samples in frames of Opus: one decoder for each sentence, and nothing but its packets in order. */
export async function continuousDecode(frames: readonly Frame[]): Promise<Float32Array<ArrayBuffer>> {
  const parts: Float32Array[] = [];
  let decoder = await createDecoder({ sampleRate: V2_SAMPLE_RATE, channels: 1 });
  for (const frame of frames) {
    if (frame.discontinuity) {
      decoder.free();
      decoder = await createDecoder({ sampleRate: V2_SAMPLE_RATE, channels: 1 });
    }
    for (const [index, packet] of unpackOpus(frame).entries()) {
      const isFirst = frame.discontinuity && index === 0;
      parts.push(decoder.decodeFloat(packet).subarray(isFirst ? OPUS_PRE_SKIP : 0));
    }
  }
  decoder.free();
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

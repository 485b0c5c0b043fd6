import { decodeFrame, type Frame } from "../../src/core/protocol/frame.ts";
import type { SoundMessage } from "../../src/core/protocol/sounds.ts";
import { V2_SUBPROTOCOL, type V2ServerMessage } from "../../src/core/protocol/v2.ts";
import { until } from "./table.ts";

type Told = V2ServerMessage | SoundMessage;

/** A client of the v2 wire on a real socket, as somebody else would write it. */
export class V2SocketClient {
  readonly messages: Told[] = [];
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  closed: number | undefined;

  constructor(url: string) {
    this.socket = new WebSocket(url.replace(/^http/, "ws"), V2_SUBPROTOCOL);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = ({ data }) => {
      if (data === '{"type":"ping"}') this.say({ type: "pong" });
      else if (typeof data === "string") this.messages.push(JSON.parse(data));
      else this.frames.push(decodeFrame(new Uint8Array(data)));
    };
    this.socket.onclose = ({ code }) => {
      this.closed = code;
    };
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Without a goodbye. */
  cut(): void {
    (this.socket as WebSocket & { terminate(): void }).terminate();
  }

  of<Type extends Told["type"]>(type: Type): Extract<Told, { type: Type }>[] {
    return this.messages.filter((message) => message.type === type) as never;
  }

  /** Says hello, and waits for the welcome. */
  async greet(hello: object): Promise<void> {
    await until(() => this.socket.readyState === WebSocket.OPEN);
    this.say({ type: "hello", ...hello });
    await until(() => this.of("welcome").length === 1);
  }

  /** Where it would go on: after all it got, in the line that is open. */
  get resume(): object {
    const offset = Math.max(...this.messages.map((message) => ("offset" in message ? message.offset : 0)));
    const utterances = [...new Set(this.frames.map(({ handle }) => handle))].map((handle) => {
      return [handle, this.frames.findLast((frame) => frame.handle === handle)?.sequence];
    });
    return { epoch: this.of("welcome")[0]?.epoch, offset, utterances };
  }

  /** The frames of one line; of another that was under way there may be some too. */
  framesOf(utterance: string | undefined): Frame[] {
    const handle = this.of("speech.begin").find((begin) => begin.utterance === utterance)?.handle;
    return this.frames.filter((frame) => frame.handle === handle);
  }

  isOver(utterance: string | undefined): boolean {
    return this.of("speech.end").some((end) => end.utterance === utterance);
  }
}

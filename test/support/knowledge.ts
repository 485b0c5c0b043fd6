import { decodeFrame, type Frame } from "../../src/core/protocol/frame.ts";
import type { ResumePoint, SpeechMessage, V2ServerMessage } from "../../src/core/protocol/v2.ts";
import type { SocketMessage } from "../../src/party/transport/socket.ts";

/** What a client on the v2 wire knows that has got these messages and no more, over all its connections. */
export class Knowledge {
  /** In the order in which they came. */
  readonly all: (SpeechMessage | Frame)[] = [];
  recovered: boolean[] = [];
  #epoch = "";
  #offset = 0;
  readonly #open = new Map<string, number>();

  get frames(): Frame[] {
    return this.all.filter((each): each is Frame => "ptsSamples" in each);
  }

  get speech(): SpeechMessage[] {
    return this.all.filter((each): each is SpeechMessage => "offset" in each);
  }

  get resume(): ResumePoint {
    const { frames } = this;
    const utterances = [...this.#open.values()].map((handle): [number, number] => {
      return [handle, frames.findLast((frame) => frame.handle === handle)?.sequence ?? -1];
    });
    return { epoch: this.#epoch, offset: this.#offset, utterances };
  }

  /** @throws Error where offsets do not rise */
  take(messages: readonly SocketMessage[]): void {
    for (const message of messages) {
      if (typeof message === "string") this.#hear(JSON.parse(message));
      else this.all.push(decodeFrame(message));
    }
  }

  #hear(message: V2ServerMessage): void {
    if (message.type === "welcome") {
      this.#epoch = message.epoch;
      this.#offset = Math.max(this.#offset, message.offset);
      this.recovered.push(message.recovered);
    }
    if (!("offset" in message) || !message.type.startsWith("speech.")) return;
    const speech = message as SpeechMessage;
    if (speech.offset <= this.#offset) throw new Error(`offset ${speech.offset} came after ${this.#offset}`);
    this.#offset = speech.offset;
    this.all.push(speech);
    if (speech.type === "speech.begin") this.#open.set(speech.utterance, speech.handle);
    if (speech.type === "speech.end" || speech.type === "speech.cancel") this.#open.delete(speech.utterance);
  }
}

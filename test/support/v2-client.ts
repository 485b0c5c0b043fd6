import { decodeFrame, type Frame } from "../../src/core/protocol/frame.ts";
import type {
  HelloMessage,
  SpeechMessage,
  V2ServerMessage,
  WelcomeMessage,
} from "../../src/core/protocol/v2.ts";
import { ClientState } from "../../src/party/transport/client-state.ts";
import type { Connection, V2Connection } from "../../src/party/transport/connection.ts";
import { FakeSocket } from "./fake-socket.ts";
import type { Table } from "./table.ts";

export type Hello = Partial<Omit<HelloMessage, "type">>;

/** A client on the v2 wire that keeps all it gets, on a socket that may be cut. */
export class V2Client {
  readonly socket: FakeSocket;
  readonly connection: V2Connection;

  constructor(
    { connections }: { connections: Pick<Table["connections"], "connect"> },
    player: string,
    hello: Hello = {},
    reads = true,
  ) {
    this.socket = new FakeSocket({ reads });
    const listener = new ClientState({ type: "hello", codecs: ["pcm16"], ...hello });
    const connection: Connection = connections.connect(this.socket, player, "player", listener);
    this.connection = connection as V2Connection;
    this.socket.beforeLook = () => connection.flush();
  }

  get messages(): V2ServerMessage[] {
    return this.socket.texts.map((text) => JSON.parse(text));
  }

  of<Type extends V2ServerMessage["type"]>(type: Type): Extract<V2ServerMessage, { type: Type }>[] {
    return this.messages.filter((message) => message.type === type) as never;
  }

  get welcome(): WelcomeMessage {
    const [welcome] = this.of("welcome");
    if (!welcome) throw new Error("no welcome");
    return welcome;
  }

  /** Messages with an offset. */
  get speech(): SpeechMessage[] {
    return this.messages.filter((message) => message.type.startsWith("speech.")) as SpeechMessage[];
  }

  get frames(): Frame[] {
    return this.socket.binaries.map(decodeFrame);
  }

  /** The PCM of one line, end to end. @throws Error where frames do not follow each other */
  pcm(handle: number, frames: readonly Frame[] = this.frames): Uint8Array {
    const own = frames.filter((frame) => frame.handle === handle);
    for (const [index, frame] of own.entries()) {
      const before = own[index - 1];
      if (before && frame.sequence !== before.sequence + 1) {
        throw new Error(`frame ${frame.sequence} came after ${before.sequence}`);
      }
      if (before && frame.ptsSamples !== before.ptsSamples + before.payload.length / 2) {
        throw new Error(`frame ${frame.sequence} is not where the one before it ends`);
      }
    }
    return Buffer.concat(own.map(({ payload }) => payload));
  }
}

import type { Clip, NarrativeMessage, PrivateMessage } from "../core/dm20.ts";
import { ClipAssembler } from "./clip-assembler.ts";
import { parseDm20Message } from "./dm20-messages.ts";
import type { Line, LineClip } from "./line.ts";
import { LineFollower } from "./line-follower.ts";

/** What a table says to a listener, whatever the wire. */
export interface TableEvents {
  /** The server knows who is listening. */
  connected: { player: string };
  /** A line's text, always before its sound. */
  text: Line;
  /** One sentence's sound, complete, with the line it most likely belongs to. */
  clip: LineClip;
  /** Somebody came or went. */
  system: { content: string; timestamp: string };
}

/** What a session needs of the connection it lives on: ears for every event, and a mouth. */
export type SessionLink = { [Name in keyof TableEvents]: (event: TableEvents[Name]) => void } & {
  send: (text: string) => void;
};

/** What a dm20 listener says, all of it. */
const PONG = JSON.stringify({ type: "pong" });

/** One connection's conversation on the dm20 wire. Malformed messages and unknown types are passed over. */
export class Dm20Session {
  readonly #link: SessionLink;
  readonly #clips = new ClipAssembler();
  readonly #lines = new LineFollower();

  constructor(link: SessionLink) {
    this.#link = link;
  }

  /** Takes what a WebSocket's `message` event carried. */
  receive(data: unknown): void {
    const message = parseDm20Message(data);
    switch (message?.type) {
      case "ping":
        this.#link.send(PONG);
        break;
      case "connected":
        this.#link.connected({ player: message.player_id });
        break;
      case "system":
        this.#link.system({ content: message.content, timestamp: message.timestamp });
        break;
      case "narrative":
      case "private":
        this.#hear(message);
        break;
      case "audio": {
        const clip = this.#clips.add(message);
        if (clip) this.#tell(clip);
      }
    }
  }

  #hear(message: NarrativeMessage | PrivateMessage): void {
    const { id, content, timestamp } = message;
    const ears = message.type === "private" ? { private: true, from: message.from } : { private: false };
    this.#lines.text(id, content);
    this.#link.text({ id, content, timestamp, ...ears });
  }

  #tell(clip: Clip): void {
    const line = this.#lines.clip();
    this.#link.clip(line === undefined ? clip : { ...clip, line });
  }
}

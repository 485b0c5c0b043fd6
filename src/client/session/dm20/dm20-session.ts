import type { Clip, NarrativeMessage, PrivateMessage } from "../../../core/protocol/dm20.ts";
import { IdleTimeout } from "../idle-timeout.ts";
import type { Line } from "../line.ts";
import type { Session, SessionLink } from "../table-events.ts";
import { ClipAssembler } from "./clip-assembler.ts";
import { parseDm20Message } from "./dm20-messages.ts";
import { LineFollower } from "./line-follower.ts";

/** What a dm20 listener says, all of it. */
const PONG = JSON.stringify({ type: "pong" });

/** One connection's conversation on the dm20 wire. Malformed messages and unknown types are passed over. */
export class Dm20Session implements Session {
  readonly #link: SessionLink;
  readonly #clips = new ClipAssembler();
  readonly #lines = new LineFollower();
  readonly #alarm: IdleTimeout;

  /** @param silenceMs after the first ping, silence that means a dead connection */
  constructor(link: SessionLink, silenceMs: number) {
    this.#link = link;
    this.#alarm = new IdleTimeout(silenceMs, () => link.lost());
  }

  receive(data: unknown): void {
    this.#alarm.heard();
    const message = parseDm20Message(data);
    switch (message?.type) {
      case "ping":
        this.#alarm.arm();
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

  close(): void {
    this.#alarm.disarm();
  }

  #hear(message: NarrativeMessage | PrivateMessage): void {
    const { id, content, timestamp } = message;
    const ears = message.type === "private" ? { private: true, from: message.from } : { private: false };
    const line: Line = { id, content, timestamp, ...ears };
    this.#lines.text(id, content);
    this.#link.text(line);
    this.#link.told(line);
  }

  #tell(clip: Clip): void {
    const line = this.#lines.clip();
    this.#link.clip(line === undefined ? clip : { ...clip, line });
  }
}

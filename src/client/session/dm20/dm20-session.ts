import type { Clip, NarrativeMessage, PrivateMessage } from "../../../core/protocol/dm20.ts";
import { IdleTimeout } from "../idle-timeout.ts";
import type { Line } from "../line.ts";
import type { Session, SessionLink } from "../table-events.ts";
import type { V2State } from "../v2-session.ts";
import { ClipAssembler } from "./clip-assembler.ts";
import { ClipMatcher } from "./clip-matcher.ts";
import { parseDm20Message } from "./dm20-messages.ts";

/** All messages that a dm20 client sends. */
const PONG = JSON.stringify({ type: "pong" });
/** For what was told on v2, this wire is a server that knows nothing of it. */
const ELSEWHERE = { epoch: "dm20", offset: 0 };

/** One connection's conversation on the dm20 wire. Malformed messages and unknown types are passed over. */
export class Dm20Session implements Session {
  readonly #link: SessionLink;
  readonly #clips = new ClipAssembler();
  readonly #matcher = new ClipMatcher();
  readonly #idle: IdleTimeout;
  readonly #v2: Pick<V2State, "resume" | "transcripts">;

  /**
   * @param silenceMs after the first ping, silence that means a dead connection
   * @param v2 what was told on the other wire before
   */
  constructor(link: SessionLink, silenceMs: number, v2: Pick<V2State, "resume" | "transcripts">) {
    this.#link = link;
    this.#v2 = v2;
    this.#idle = new IdleTimeout(silenceMs, () => link.lost());
  }

  receive(data: unknown): void {
    this.#idle.heard();
    const message = parseDm20Message(data);
    switch (message?.type) {
      case "ping":
        this.#idle.arm();
        this.#link.send(PONG);
        break;
      case "connected":
        this.#leaveV2();
        this.#link.tell("connected", { player: message.player_id });
        break;
      case "system":
        this.#link.tell("system", { content: message.content, timestamp: message.timestamp });
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
    this.#idle.disarm();
  }

  /** Nothing more comes of lines that were open there, and nobody tells their end. */
  #leaveV2(): void {
    const { resume, transcripts } = this.#v2;
    const { over, soundless } = resume.welcome(ELSEWHERE);
    for (const utterance of soundless) this.#link.tell("forgotten", { utterance });
    for (const utterance of over) {
      const line = transcripts.over(utterance);
      if (line) this.#link.tell("told", line);
    }
  }

  #hear(message: NarrativeMessage | PrivateMessage): void {
    const { id, content, timestamp } = message;
    const audience = message.type === "private" ? { private: true, from: message.from } : { private: false };
    const { speaker, speaker_name: name, colour } = message;
    const who = speaker && { speaker, ...(name && { name, colour }) };
    const line: Line = { id, content, timestamp, ...audience, ...(who || {}) };
    this.#matcher.text(id, content);
    this.#link.tell("text", line);
    this.#link.tell("told", line);
  }

  #tell(clip: Clip): void {
    const line = this.#matcher.clip();
    this.#link.tell("clip", line === undefined ? clip : { ...clip, line });
  }
}

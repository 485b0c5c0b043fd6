import type { WireError } from "../../core/errors.ts";
import type { Answer } from "../../core/protocol/answers.ts";
import type { Frame } from "../../core/protocol/frame.ts";
import type { Presence } from "../../core/protocol/presence.ts";
import type {
  Codec,
  SpeechBeginMessage,
  SpeechCancelMessage,
  SpeechEndMessage,
  SpeechFallbackMessage,
  SpeechMoveMessage,
  SpeechTextMessage,
} from "../../core/protocol/v2.ts";
import type { Line, LineClip } from "./line.ts";
import type { OtherMessage } from "./shapes.ts";

/** A frame of audio and the id of the line it belongs to. */
export interface LineFrame extends Frame {
  utterance: string;
}

/** What only the v2 wire says of a line: everything a player needs. */
export interface LineEvents {
  /** A line comes; again for one that goes on after a lost connection. */
  begin: SpeechBeginMessage;
  /** A sentence's text; again, with the times of its words, when they are known. */
  sentence: SpeechTextMessage;
  /** From a place on the line is heard at another time than was said before. */
  move: SpeechMoveMessage;
  /** As they come: out of order or twice is for the player to sort out. */
  frame: LineFrame;
  /** A sentence has no sound. */
  fallback: SpeechFallbackMessage;
  cancel: SpeechCancelMessage;
  end: SpeechEndMessage;
  /** The server knows nothing of the line any more: no frame of it follows. */
  forgotten: { utterance: string };
}

/** What a table says to a listener, whatever the wire. */
export interface TableEvents extends LineEvents {
  /**
   * The server knows who is listening. On the v2 wire, `codec`: how it will send sound, as far as it can;
   * `epoch`: another one is another server, with another clock; `offset`: what follows has higher ones.
   */
  connected: { player: string; codec?: Codec; epoch?: string; offset?: number };
  /** A line's text, always before its sound. On v2 it comes again whenever more of it is known. */
  text: Line;
  /** No text of that line follows. */
  told: Line;
  /** dm20: one sentence's sound, complete, with the line it most likely belongs to. */
  clip: LineClip;
  /** dm20: somebody came or went. */
  system: { content: string; timestamp: string };
  /** v2: everybody who has a seat. */
  presence: readonly Presence[];
  /** v2: a player told the game master something. */
  answer: Answer;
  /** v2: a message of a type that this client does not know, for code that does; `send` answers it. */
  other: OtherMessage;
  /** v2: something this client said was wrong. */
  error: WireError & { fatal: boolean };
}

/** What a session needs of the client whose connection it has. */
export interface SessionLink {
  /** Something was said at the table. */
  tell<Name extends keyof TableEvents>(name: Name, event: TableEvents[Name]): void;
  /** Sends a message to the server. */
  send(text: string): void;
  /** The connection is dead although nobody said so. */
  lost(): void;
}

/** One connection's conversation. */
export interface Session {
  /** Takes what a WebSocket's `message` event carried. */
  receive(data: unknown): void;
  /** The page is visible, or the device online again. */
  wake?(): void;
  /** The connection is gone. */
  close(): void;
}

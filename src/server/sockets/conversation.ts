import { toWire, type WireError } from "../../core/errors.ts";

/** What is said on one socket, in the words of one wire. */
export interface Conversation {
  /** Whether the client was told to leave: nothing that it says counts any more. */
  readonly isDismissed: boolean;
  /**
   * Takes a message, as what its JSON says.
   * @param receivedAt when it came, on the server's clock
   * @throws BardcastError `bad-request` where it makes no sense
   */
  receive(message: unknown, receivedAt: number): void;
  /** Says that something the client said was wrong. @param isFatal it is told to leave */
  complain(error: WireError, isFatal: boolean): void;
  close(code: number, reason: string): void;
  /** The socket is gone. @param code with which its client closed it, where it did */
  ended(code?: number): void;
}

/** Asked for at another time, all of it would have been right. */
const UNTIMELY: ReadonlySet<string> = new Set(["too-many-messages", "busy", "too-late"]);

/** Does something; that it was asked for too often, or at the wrong time, is told, and is no mistake for which a client has to leave. */
export function complainOfHaste<T>(conversation: Conversation, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    const wire = toWire(error);
    if (!UNTIMELY.has(wire.code)) throw error;
    conversation.complain(wire, false);
    return undefined;
  }
}

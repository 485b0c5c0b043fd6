import type { WSContext, WSEvents } from "hono/ws";
import { BardcastError, toWire } from "../core/errors.ts";
import type { Party } from "../party/party.ts";
import { CLOSE, type Socket } from "../party/socket.ts";
import type { Claims } from "../party/tokens.ts";
import type { Conversation } from "./conversation.ts";
import { Dm20Conversation } from "./dm20-conversation.ts";
import { V2Conversation } from "./v2-conversation.ts";

/** Characters in a message; not every runtime has a limit of its own. */
const MAX_MESSAGE_CHARS = 64 * 1024;
/** Messages a client may get wrong before it has to leave. */
const MAX_MISTAKES = 5;

/**
 * What happens on one socket. The state lives here, because hono makes a new context for each event.
 * @param isV2 whether the client offered the v2 wire
 */
export function socketEvents<T>(
  party: Party,
  claims: Claims,
  isV2: boolean,
  toSocket: (ws: WSContext<T>) => Socket,
): WSEvents<T> {
  let socket: Socket | undefined;
  let conversation: Conversation | undefined;
  let mistakes = 0;
  return {
    onOpen(_event, ws) {
      socket = toSocket(ws);
      // Let in just before the doors closed.
      if (party.isClosing) socket.close(CLOSE.goingAway, "the party is over");
      else conversation = new (isV2 ? V2Conversation : Dm20Conversation)(party, claims, socket);
    },
    onMessage({ data }) {
      if (!socket || !conversation) return;
      if (typeof data === "string" && data.length > MAX_MESSAGE_CHARS) {
        socket.close(CLOSE.tooBig, "a message is larger than 64 KiB");
        return;
      }
      try {
        conversation.receive(parseJson(data));
      } catch (error) {
        const fatal = ++mistakes >= MAX_MISTAKES;
        socket.send([JSON.stringify({ type: "error", ...toWire(error), ...(isV2 ? { fatal } : {}) })]);
        if (fatal) conversation.close(CLOSE.policy, "too many messages that make no sense");
      }
    },
    onClose(event) {
      conversation?.ended(event.code);
    },
    onError() {
      conversation?.ended();
    },
  };
}

function parseJson(data: unknown): unknown {
  if (typeof data === "string") {
    try {
      return JSON.parse(data);
    } catch {
      // Falls through: text that is not JSON is as wrong as a binary frame.
    }
  }
  throw new BardcastError("bad-request", "a message is one JSON object as text");
}

import type { WSContext, WSEvents } from "hono/ws";
import { BardcastError, toWire } from "../core/errors.ts";
import { dm20ClientMessageSchema, parseInput } from "../core/messages.ts";
import type { Connection } from "../party/connection.ts";
import type { Party } from "../party/party.ts";
import { CLOSE, type Socket } from "../party/socket.ts";
import type { Claims } from "../party/tokens.ts";

/** Characters in a message; not every runtime has a limit of its own. */
const MAX_MESSAGE_CHARS = 64 * 1024;
/** Messages a client may get wrong before it has to leave. */
const MAX_MISTAKES = 5;

/** What happens on one socket. The state lives here, because hono makes a new context for each event. */
export function socketEvents<T>(
  party: Party,
  claims: Claims,
  toSocket: (ws: WSContext<T>) => Socket,
): WSEvents<T> {
  let connection: Connection | undefined;
  let mistakes = 0;
  return {
    onOpen(_event, ws) {
      connection = party.connections.connect(toSocket(ws), claims.player, claims.role);
      // Let in just before the doors closed.
      if (party.isClosing) connection.close(CLOSE.goingAway, "the party is over");
    },
    onMessage(event) {
      if (!connection) return;
      if (typeof event.data === "string" && event.data.length > MAX_MESSAGE_CHARS) {
        connection.close(CLOSE.tooBig, "a message is larger than 64 KiB");
        return;
      }
      party.connections.markPong(claims.player, connection);
      try {
        parseInput(dm20ClientMessageSchema, parseJson(event.data));
      } catch (error) {
        connection.post(JSON.stringify({ type: "error", ...toWire(error) }));
        if (++mistakes >= MAX_MISTAKES)
          connection.close(CLOSE.policy, "too many messages that make no sense");
      }
    },
    onClose() {
      connection?.ended();
    },
    onError() {
      connection?.ended();
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

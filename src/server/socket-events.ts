import type { WSContext, WSEvents } from "hono/ws";
import type { Turnstile } from "../core/turn.ts";
import type { Party } from "../party/party.ts";
import type { Socket } from "../party/socket.ts";
import type { Claims } from "../party/tokens.ts";
import { Caller } from "./caller.ts";

/**
 * What happens on one socket. The state lives here, because hono makes a new context for each event.
 * @param who.isV2 whether the client offered the v2 wire
 * @param who.turns taken by all clients of the party
 */
export function socketEvents<T>(
  party: Party,
  who: { claims: Claims; isV2: boolean; turns: Turnstile },
  toSocket: (ws: WSContext<T>) => Socket,
): WSEvents<T> {
  let caller: Caller | undefined;
  return {
    onOpen(_event, ws) {
      caller = new Caller(party, who, toSocket(ws));
    },
    onMessage({ data }) {
      caller?.receive(data);
    },
    onClose(event) {
      caller?.ended(event.code);
    },
    onError() {
      caller?.ended();
    },
  };
}

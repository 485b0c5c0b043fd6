import type { WSContext, WSEvents } from "hono/ws";
import type { TimeSlicer } from "../../core/async/time-slicer.ts";
import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import type { Socket } from "../../party/transport/socket.ts";
import { Caller } from "./caller.ts";

/**
 * What happens on one socket. The state lives here, because hono makes a new context for each event.
 * @param who.isV2 whether the client offered the v2 wire
 * @param who.turns taken by all clients of the party
 */
export function socketEvents<T>(
  party: Party,
  who: { claims: Claims; isV2: boolean; timeSlicer: TimeSlicer },
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

import type { ConnectionState } from "./reconnecting-socket.ts";
import type { TableEvents } from "./table-events.ts";

export interface PartyEvents extends TableEvents {
  state: ConnectionState;
}

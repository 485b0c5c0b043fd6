import type { Socket } from "../../src/party/transport/socket.ts";

/** A listener who costs nothing: takes everything, keeps nothing. */
export function silentSocket(): Socket {
  return {
    onDrain: undefined,
    send: () => undefined,
    bufferedAmount: () => 0,
    close: () => undefined,
    terminate: () => undefined,
  };
}

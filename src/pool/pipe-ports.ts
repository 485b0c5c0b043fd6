import type { Endpoint } from "comlink";
import { MessagePipe } from "./message-pipe.ts";
import type { OrderPort } from "./spawn.ts";

/** Both things that a host and its worker talk over, where they are two processes. */
export interface PipePorts {
  /** For comlink. */
  endpoint: Endpoint;
  orders: OrderPort;
  /** Bytes have come. @throws BardcastError `internal` where they are not ours */
  push(bytes: Uint8Array): void;
}

/** Makes ports of a pair of byte streams. @param write sends bytes to the other end */
export function pipePorts(write: (bytes: Uint8Array) => void): PipePorts {
  const listeners = new Set<EventListenerOrEventListenerObject>();
  const pipe = new MessagePipe({ write }, (lane, data) => {
    const event = { data } as MessageEvent;
    if (lane === "orders") orders.onmessage?.(event);
    else for (const listener of listeners) tell(listener, event);
  });
  const orders: OrderPort = {
    onmessage: null,
    postMessage: (message) => pipe.send("orders", message),
    close() {
      orders.onmessage = null;
    },
  };
  const endpoint: Endpoint = {
    postMessage: (message) => pipe.send("calls", message),
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
  };
  return { endpoint, orders, push: (bytes) => pipe.push(bytes) };
}

function tell(listener: EventListenerOrEventListenerObject, event: MessageEvent): void {
  if (typeof listener === "function") listener(event);
  else listener.handleEvent(event);
}

import { BoundedQueue } from "../../../core/async/bounded-queue.ts";
import { BardcastError } from "../../../core/errors.ts";
import type { ServiceCall } from "./service.ts";
import { broken, unreachable } from "./service-error.ts";

/** Pieces that wait to be read; before there are so many, the socket is told to wait. */
const MAX_WAITING = 64;

/** The parts of `node:net` that are used; what types there are for it depends on the runtime. */
interface NetSocket {
  on(event: "connect" | "end" | "close" | "error", listener: () => void): unknown;
  on(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  write(bytes: Uint8Array): unknown;
  setNoDelay(noDelay: boolean): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
}

interface Net {
  connect(options: { host: string; port: number }): NetSocket;
}

/**
 * Connects, sends, and gives what comes back until the other side ends it or the reader has enough.
 * @throws BardcastError `engine-unavailable` where there are no sockets here, or nobody answers;
 * `engine-failed` where it breaks off; `signal.reason`
 */
export async function* exchange(
  url: string,
  request: Uint8Array,
  call: ServiceCall,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { hostname, port } = new URL(url);
  const net: unknown = globalThis.process?.getBuiltinModule?.("net");
  if (!net) throw new BardcastError("engine-unavailable", "this runtime has no TCP sockets");
  const socket = (net as Net).connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
  const arrived = new BoundedQueue<Uint8Array>(MAX_WAITING + 1);
  const stop = (): void => {
    arrived.fail(call.signal.reason);
    socket.destroy();
  };
  let isConnected = false;
  socket.on("connect", () => {
    isConnected = true;
    call.connected();
    socket.setNoDelay(true);
    socket.write(request);
  });
  socket.on("data", (bytes) => {
    if (!arrived.offer(bytes)) socket.destroy();
    if (arrived.size >= MAX_WAITING) socket.pause();
  });
  socket.on("end", () => arrived.close());
  socket.on("error", () => arrived.fail(isConnected ? broken() : unreachable(url)));
  socket.on("close", () => arrived.fail(isConnected ? broken() : unreachable(url)));
  call.signal.addEventListener("abort", stop, { once: true });
  try {
    call.signal.throwIfAborted();
    for await (const bytes of arrived) {
      yield bytes;
      if (arrived.size === 0) socket.resume();
    }
  } finally {
    call.signal.removeEventListener("abort", stop);
    socket.destroy();
  }
}

import { BoundedQueue } from "../../../core/async/bounded-queue.ts";
import { BardcastError } from "../../../core/errors.ts";
import type { ServiceCall } from "./service.ts";
import { broken, unreachable } from "./service-error.ts";

/** What may wait to be read: a WebSocket cannot be told to wait, so more ends it. Ten minutes of PCM in base64. */
const MAX_WAITING_BYTES = 40 * 1024 * 1024;
const MAX_WAITING = 16_384;

/** The parts of `WebSocket` that are used; `ws` has them too. */
interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: (() => void) | null;
  onclose: (() => void) | null;
  send(data: string): void;
  close(): void;
}

type SocketClass = new (url: string, options?: { headers: Record<string, string> }) => Socket;

/**
 * Opens a WebSocket, sends, and gives what comes back until the other side closes it or the reader has
 * enough. Headers reach the server from Bun and Node.js; Deno and browsers set their own.
 * @throws BardcastError `engine-unavailable` where nobody answers, `engine-failed` where too much comes; `signal.reason`
 */
export async function* converse(
  url: string,
  messages: readonly string[],
  call: ServiceCall & { headers?: Record<string, string> },
): AsyncGenerator<string | Uint8Array, void, undefined> {
  const { signal, headers } = call;
  signal.throwIfAborted();
  const arrived = new BoundedQueue<string | Uint8Array>(MAX_WAITING);
  const socket = open(url, headers);
  const stop = (): void => arrived.fail(signal.reason);
  let isOpen = false;
  let waitingBytes = 0;
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    isOpen = true;
    call.connected();
    for (const message of messages) socket.send(message);
  };
  socket.onmessage = ({ data }) => {
    const message = data instanceof ArrayBuffer ? new Uint8Array(data) : String(data);
    waitingBytes += message.length;
    if (waitingBytes > MAX_WAITING_BYTES || !arrived.offer(message)) arrived.fail(broken());
  };
  socket.onerror = () => arrived.fail(isOpen ? broken() : unreachable(url));
  socket.onclose = () => (isOpen ? arrived.close() : arrived.fail(unreachable(url)));
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const message of arrived) {
      waitingBytes -= message.length;
      yield message;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    socket.onmessage = null;
    // Closed at once, also while it is being opened: services bill what is left running.
    socket.close();
  }
}

function open(url: string, headers: Record<string, string> | undefined): Socket {
  const WebSocketClass = (globalThis.WebSocket ?? webSocketOfNode20()) as unknown as SocketClass | undefined;
  if (!WebSocketClass) throw new BardcastError("engine-unavailable", "this runtime has no WebSocket");
  return headers ? new WebSocketClass(url, { headers }) : new WebSocketClass(url);
}

/** Node.js 20 has none of its own. Not imported, because everything else has. */
function webSocketOfNode20(): unknown {
  const load = globalThis.process?.getBuiltinModule?.("module")?.createRequire(import.meta.url);
  return (load?.("ws") as { WebSocket: unknown } | undefined)?.WebSocket;
}

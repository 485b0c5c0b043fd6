/**
 * The worker in which a `WorkerClient` listens: one to a page.
 * @module
 */
import { ListenerWorker } from "../src/client/worker/listener-worker.ts";
import type { FromRoom, ToRoom } from "../src/client/worker/messages.ts";

interface Scope {
  onmessage: ((event: MessageEvent<ToRoom>) => void) | null;
  postMessage(message: FromRoom, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
let room: ListenerWorker | undefined;

scope.onmessage = ({ data }) => {
  if (data.type !== "enter") room?.take(data);
  else
    room ??= new ListenerWorker(data.options, (message, transfer = []) =>
      scope.postMessage(message, transfer),
    );
};

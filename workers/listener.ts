/**
 * The worker in which a `WorkerClient` listens: one to a page.
 * @module
 */
import { ListenerWorker } from "../src/client/worker/listener-worker.ts";
import type { FromWorker, ToWorker } from "../src/client/worker/messages.ts";

interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
let worker: ListenerWorker | undefined;

scope.onmessage = ({ data }) => {
  if (data.type !== "enter") worker?.take(data);
  else
    worker ??= new ListenerWorker(data.options, (message, transfer = []) =>
      scope.postMessage(message, transfer),
    );
};

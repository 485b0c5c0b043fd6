import type { Endpoint } from "comlink";

/** The parts of `node:worker_threads`' `Worker` that are used; Node has no global `Worker`. */
export interface ThreadWorker {
  postMessage(message: unknown, transfer?: readonly unknown[]): void;
  on(event: string, listener: (value: unknown) => void): unknown;
  off(event: string, listener: (value: unknown) => void): unknown;
  terminate(): Promise<unknown>;
}

/** The parts of `node:worker_threads` that are used; what types there are for it depends on the runtime. */
interface Threads {
  Worker: new (url: URL) => ThreadWorker;
  parentPort: unknown;
}

/** Makes a worker that runs `workers/speech.ts`; needed only where a bundler has moved that file. */
export type CreateWorker = () => Worker | ThreadWorker | SpawnedWorker;

/** A message port, or what can be used as one. */
export interface OrderPort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  close(): void;
}

/** A worker, whatever the runtime calls it. */
export interface SpawnedWorker {
  /** Where comlink talks to it. */
  endpoint: Endpoint;
  /** Where orders go, where no port can cross to it. */
  orders?: OrderPort;
  /** `listener` hears why it ended, for the operator's eyes only. Deno may end a worker without a word. */
  onEnd(listener: (reason: string) => void): void;
  /** Deno 2.9 lets an endless loop in the worker run on, and waits for it before it ends by itself. */
  terminate(): Promise<void>;
}

/** Whether workers can be made here at all. */
export function canSpawn(): boolean {
  return "Worker" in globalThis || threads() !== undefined;
}

/** Starts a worker. @throws whatever the runtime says about a worker it cannot make */
export function spawnWorker(create: CreateWorker = createWorker): SpawnedWorker {
  const worker = create();
  if ("endpoint" in worker) return worker;
  return "addEventListener" in worker ? fromWeb(worker) : fromThread(worker);
}

/** Where a worker's own thread listens to its host. */
export function hostEndpoint(): Endpoint {
  return (threads()?.parentPort ?? globalThis) as unknown as Endpoint;
}

function createWorker(): Worker | ThreadWorker {
  if ("Worker" in globalThis) {
    return new Worker(new URL("../../workers/speech.ts", import.meta.url), { type: "module" });
  }
  const ThreadWorker = threads()?.Worker;
  if (!ThreadWorker) throw new ReferenceError("this runtime has no workers");
  return new ThreadWorker(new URL("../../workers/speech.ts", import.meta.url));
}

/** `node:worker_threads`, only where there is no Web standard for it. */
function threads(): Threads | undefined {
  if ("Worker" in globalThis || "WorkerGlobalScope" in globalThis) return undefined;
  const found: unknown = globalThis.process?.getBuiltinModule?.("worker_threads");
  return found as Threads | undefined;
}

function fromWeb(worker: Worker): SpawnedWorker {
  return {
    endpoint: worker,
    onEnd(listener) {
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        listener(headline(event.message));
      });
      worker.addEventListener("close", () => listener("it ended"));
    },
    async terminate() {
      worker.terminate();
    },
  };
}

/** What an error says, without the piece of source that Bun puts before it. */
function headline(text: string): string {
  return /^\w*error: .*$/im.exec(text)?.[0] ?? text;
}

function fromThread(worker: ThreadWorker): SpawnedWorker {
  const wrapped = new Map<unknown, (data: unknown) => void>();
  return {
    endpoint: {
      postMessage: (message, transfer) => worker.postMessage(message, transfer),
      addEventListener(type, listener) {
        const hear = (data: unknown): void => {
          const event = { data } as MessageEvent;
          if (typeof listener === "function") listener(event);
          else listener.handleEvent(event);
        };
        wrapped.set(listener, hear);
        worker.on(type, hear);
      },
      removeEventListener(type, listener) {
        const hear = wrapped.get(listener);
        if (hear) worker.off(type, hear);
        wrapped.delete(listener);
      },
    },
    onEnd(listener) {
      worker.on("error", (error) => listener(String(error)));
      worker.on("exit", (code) => listener(`it ended with ${code}`));
    },
    async terminate() {
      await worker.terminate();
    },
  };
}

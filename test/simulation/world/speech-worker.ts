import { type Endpoint, expose } from "comlink";
import { engineName } from "../../../src/engines/catalogue.ts";
import { serveOrders } from "../../../src/pool/delivery.ts";
import type { Order, OrderItem, SpeechWorker } from "../../../src/pool/protocol.ts";
import type { OrderPort, SpawnedWorker } from "../../../src/pool/spawn.ts";
import { act, type Script } from "./actor.ts";
import { Realm, type VirtualWorld } from "./virtual-world.ts";

/** ms that a message takes from thread to thread. */
const CROSSING_MS = 0.05;
/** ms that a worker takes to load. */
const LOADING_MS = 30;

/** A worker on virtual time behind the pool's own seam, with the worker's own loop of orders in it. */
export class SimulatedWorker implements SpawnedWorker {
  readonly endpoint: Endpoint;
  readonly orders: OrderPort;
  readonly realm: Realm;
  readonly #world: VirtualWorld;
  readonly #host: Realm;
  readonly #onEnd: ((reason: string) => void)[] = [];

  /** @param isSilent whether it dies without a word, as under Deno */
  constructor(world: VirtualWorld, script: Script, name: string, isSilent: boolean) {
    const realm = new Realm(name);
    this.realm = realm;
    this.#world = world;
    this.#host = world.realm;
    const [hostCalls, workerCalls] = channel(world, this.#host, realm);
    const [hostOrders, workerOrders] = channel(world, this.#host, realm);
    this.endpoint = hostCalls.endpoint;
    this.orders = hostOrders.port;
    const die = (): void => this.die(isSilent);
    const performer = {
      perform: (order: Order, signal: AbortSignal) =>
        order.kind === "speak"
          ? (act(script, order.engine, order.job, signal, die) as AsyncIterable<OrderItem>)
          : nothing(),
      abandon: () => undefined,
    };
    const worker: SpeechWorker = {
      ping: () => undefined,
      connect: () => undefined,
      prepare: async (ref) => ({
        name: engineName(ref),
        capabilities: { streaming: true, wordTimes: true, sampleRate: 24_000 },
        languages: ["*"],
        probes: true,
      }),
    };
    world.in(LOADING_MS, realm, () => {
      expose(worker, workerCalls.endpoint);
      serveOrders(workerOrders.port, performer);
      workerCalls.open();
      workerOrders.open();
    });
    hostCalls.open();
    hostOrders.open();
  }

  onEnd(listener: (reason: string) => void): void {
    this.#onEnd.push(listener);
  }

  async terminate(): Promise<void> {
    this.realm.isAlive = false;
  }

  /** It is gone, with whatever it was at. */
  die(isSilent: boolean): void {
    if (!this.realm.isAlive) return;
    this.realm.isAlive = false;
    if (isSilent) return;
    this.#world.in(1, this.#host, () => {
      for (const listener of this.#onEnd) listener("it crashed");
    });
  }
}

async function* nothing(): AsyncGenerator<never, void, undefined> {
  await new Promise((resolve) => setTimeout(resolve, 5));
}

/** One end of a channel: for comlink, and as a port. */
interface End {
  endpoint: Endpoint;
  port: OrderPort;
  /** From now on messages are taken, those that wait first. */
  open(): void;
}

function channel(world: VirtualWorld, a: Realm, b: Realm): [End, End] {
  const ends: [End, End] = [end(a), end(b)];
  let isOpen = true;
  return ends;

  function end(own: Realm): End {
    const listeners = new Set<(event: MessageEvent) => void>();
    const waiting: unknown[] = [];
    let isListening = false;
    const port: OrderPort = {
      onmessage: null,
      postMessage(message) {
        const other = own === a ? ends[1] : ends[0];
        // Sound is given away, all else is copied, as between threads.
        const data = isItem(message) ? message : structuredClone(message);
        world.in(CROSSING_MS, own === a ? b : a, () => isOpen && (other as End & Receiver).receive(data));
      },
      close() {
        isOpen = false;
      },
    };
    const endpoint: Endpoint = {
      postMessage: (message) => port.postMessage(message),
      addEventListener: (_type, listener) => void listeners.add(listener as (event: MessageEvent) => void),
      removeEventListener: (_type, listener) =>
        void listeners.delete(listener as (event: MessageEvent) => void),
    };
    const receive = (data: unknown): void => {
      if (!isListening) {
        waiting.push(data);
        return;
      }
      const event = { data, ports: [], origin: "" } as unknown as MessageEvent;
      port.onmessage?.(event);
      for (const listener of listeners) listener(event);
      if (own === a && isAnswer(data)) for (const then of world.onAnswer.splice(0)) then();
    };
    const open = (): void => {
      isListening = true;
      for (const data of waiting.splice(0)) receive(data);
    };
    return { endpoint, port, open, receive } as End & Receiver;
  }
}

interface Receiver {
  receive(data: unknown): void;
}

function isAnswer(message: unknown): boolean {
  const { type } = message as { type?: string };
  return type === "done" || type === "failed";
}

function isItem(message: unknown): boolean {
  return (message as { type?: string })?.type === "item";
}

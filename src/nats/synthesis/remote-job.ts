import { onAbort } from "../../core/async/on-abort.ts";
import { BardcastError } from "../../core/errors.ts";
import { Delivery } from "../../pool/delivery.ts";
import type { FromWorker, Order, OrderItem } from "../../pool/protocol.ts";
import type { BusConnection } from "../connection.ts";
import { JobPort } from "./job-port.ts";

/** ms of silence after which the worker is asked whether it is still there, and between two such questions. */
const LOOK_MS = 250;
/** Questions in a row that found nobody, after which the worker is lost. */
const MISSES = 2;
/** ms that a node may take to answer; one that takes longer is frozen. */
const ANSWER_MS = 2_000;
/** ms that a cancelled job may take to say so. */
const STOP_MS = 3_000;

/** An order that another node fulfils. It is lost when that node dies, freezes or cannot be reached. */
export class RemoteJob {
  readonly #port: JobPort;
  readonly #delivery: Delivery;
  readonly #timer: ReturnType<typeof setInterval>;
  #stopping: ReturnType<typeof setTimeout> | undefined;
  #isAsking = false;
  #misses = 0;

  constructor(
    connection: BusConnection,
    { toWorker, fromWorker }: { toWorker: string; fromWorker: string },
    order: Order,
  ) {
    this.#port = new JobPort(connection, { from: fromWorker, to: toWorker }, (error) => this.#lose(error));
    this.#delivery = new Delivery(
      (message) => this.#port.postMessage(message),
      () => this.#end(),
    );
    this.#port.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#delivery.receive(data);
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
    this.#port.postMessage({ type: "order", order });
  }

  /** What comes of it. @throws BardcastError what the engine failed with, `worker-lost`, `cancelled` */
  async *items(signal: AbortSignal | undefined): AsyncGenerator<OrderItem, void, undefined> {
    const stopListening = onAbort(signal, () => this.#delivery.cancel());
    try {
      for (let item = await this.#delivery.next(); item; item = await this.#delivery.next()) yield item;
    } finally {
      stopListening();
      this.#delivery.cancel();
      if (this.#delivery.isStopping)
        this.#stopping = setTimeout(() => this.#lose(lost("did not stop")), STOP_MS);
    }
  }

  async #look(): Promise<void> {
    if (this.#isAsking || performance.now() - this.#port.heardAt < LOOK_MS) return;
    this.#isAsking = true;
    const answer = await this.#port.ask(ANSWER_MS);
    this.#isAsking = false;
    if (answer === "here") {
      this.#misses = 0;
      return;
    }
    this.#misses += 1;
    if (answer === "silent" || this.#misses >= MISSES) this.#lose(lost("is gone"));
  }

  #lose(error: BardcastError): void {
    this.#delivery.lose(error);
  }

  #end(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#stopping);
    this.#port.close();
  }
}

function lost(what: string): BardcastError {
  return new BardcastError("worker-lost", `the node that speaks ${what}`, { retryable: true });
}

import { type BardcastError, toWire } from "../../core/errors.ts";
import type { SpeakingEngine } from "../../engines/contract/sentence-job.ts";
import { serveOrders } from "../../pool/delivery.ts";
import type { FromWorker, ToWorker } from "../../pool/protocol.ts";
import type { OrderPort } from "../../pool/spawn.ts";
import type { BusConnection } from "../connection.ts";
import { JobPort } from "./job-port.ts";
import { performOrder } from "./perform-order.ts";

/** ms within which whoever was told that the job is taken sends the order. */
const ORDER_MS = 1_000;
/** ms after which who asked, and has not been heard, is gone. They ask four times a second whether this end is there. */
const GONE_MS = 5_000;
const LOOK_MS = 250;

/** A job of another node: one order, fulfilled by an engine of this one. */
export class WorkerJob {
  readonly #port: JobPort;
  readonly #orders: OrderPort;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #onEnd: () => void;
  #hasOrder = false;
  #isOver = false;

  /** @param onEnd called once, when the worker is free again */
  constructor(
    connection: BusConnection,
    { toWorker, fromWorker }: { toWorker: string; fromWorker: string },
    engine: SpeakingEngine,
    onEnd: () => void,
  ) {
    this.#onEnd = onEnd;
    this.#port = new JobPort(connection, { from: toWorker, to: fromWorker }, () => this.#giveUp());
    this.#orders = {
      onmessage: null,
      postMessage: (message) => this.#answer(message as FromWorker),
      close: () => this.#port.close(),
    };
    serveOrders(this.#orders, {
      perform: (order, signal) => performOrder(engine, order, { signal }),
      // Its host gives up an engine that hangs.
      abandon: () => this.#end(),
    });
    this.#port.onmessage = ({ data }: MessageEvent<ToWorker>) => {
      this.#hasOrder ||= data.type === "order";
      this.#tell(data);
    };
    this.#timer = setInterval(() => {
      const limit = this.#hasOrder ? GONE_MS : ORDER_MS;
      if (performance.now() - this.#port.heardAt > limit) this.#giveUp();
    }, LOOK_MS);
  }

  /** This node ends: who asked has it said by another one. */
  fail(error: BardcastError): void {
    if (this.#isOver) return;
    this.#answer({ type: "failed", error: toWire(error) });
    this.#giveUp();
  }

  #answer(message: FromWorker): void {
    this.#port.postMessage(message);
    if (message.type !== "item") this.#end();
  }

  /** Nobody is there who would take it. */
  #giveUp(): void {
    if (this.#hasOrder) this.#tell({ type: "abandon" });
    else this.#end();
  }

  #tell(message: ToWorker): void {
    this.#orders.onmessage?.({ data: message } as MessageEvent);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#port.close();
    this.#onEnd();
  }
}

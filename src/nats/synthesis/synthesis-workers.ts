import type { Msg, Subscription } from "@nats-io/nats-core";
import { BardcastError } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import type { SpeakingEngine } from "../../engines/contract/sentence-job.ts";
import type { SpeechHost } from "../../pool/speech-host.ts";
import type { BusConnection } from "../connection.ts";
import { readOffer, writeAnswer, writeReport } from "./offers.ts";
import { describeEngine } from "./perform-order.ts";
import type { Slots } from "./slots.ts";
import { engineSubject, FREE_WORKERS, FREED, jobSubjects, offerSubject } from "./subjects.ts";
import { WorkerJob } from "./worker-job.ts";

/** Who has an engine, free or not, takes turns in telling of it. */
const KNOWN_ENGINES = "known-engines";
/** Hex digits of the name under which a job is taken. */
const WORKER_DIGITS = 12;

/** Lends this node's workers to all nodes. While none is free, nothing is offered here. */
export class SynthesisWorkers {
  readonly #connection: BusConnection;
  readonly #slots: Slots;
  readonly #engines = new Map<string, SpeakingEngine>();
  readonly #jobs = new Set<WorkerJob>();
  readonly #known: Subscription[] = [];
  /** Where offers come in; none while all workers are taken. */
  #offers: Subscription[] = [];
  readonly #stopObserving: () => void;
  #isClosing = false;
  #idle = (): void => undefined;

  private constructor(connection: BusConnection, slots: Slots) {
    this.#connection = connection;
    this.#slots = slots;
    this.#stopObserving = slots.onChange(() => this.#adjust());
  }

  /** Takes jobs for those engines of the host that can speak, until it is closed. */
  static async open(connection: BusConnection, host: SpeechHost, slots: Slots): Promise<SynthesisWorkers> {
    const workers = new SynthesisWorkers(connection, slots);
    for (const engine of host.engines) {
      const report = await describeEngine(engine);
      if (report.problem) continue;
      workers.#engines.set(engine.name, engine);
      workers.#known.push(
        connection.client.subscribe(engineSubject(engine.name), {
          queue: KNOWN_ENGINES,
          callback: (_error, message) => void message.respond(writeReport(report)),
        }),
      );
    }
    workers.#adjust();
    // Whoever asks from now on finds it.
    await connection.client.flush();
    return workers;
  }

  /** Jobs of other nodes that are under way here. */
  get jobs(): number {
    return this.#jobs.size;
  }

  /** Takes no job any more; resolves when those under way are done, or given up after `graceMs`. */
  async close({ graceMs }: { graceMs: number }): Promise<void> {
    this.#isClosing = true;
    this.#stopObserving();
    this.#adjust();
    for (const known of this.#known.splice(0)) known.unsubscribe();
    if (this.#jobs.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    const error = new BardcastError("worker-lost", "the node that speaks ends", { retryable: true });
    for (const job of [...this.#jobs]) job.fail(error);
  }

  #adjust(): void {
    const isFull = this.#isClosing || this.#slots.isFull;
    if (isFull) {
      // What is on its way to a subscription that is only ended would be lost.
      for (const offer of this.#offers.splice(0)) void offer.drain().catch(() => undefined);
    } else if (this.#offers.length === 0) {
      this.#offers = [...this.#engines.keys()].map((engine) =>
        this.#connection.client.subscribe(offerSubject(engine), {
          queue: FREE_WORKERS,
          callback: (_error, message) => this.#take(message),
        }),
      );
      this.#connection.publish(FREED, "");
    }
  }

  #take(message: Msg): void {
    const offer = readOffer(message.string());
    const engine = offer && this.#engines.get(offer.engine);
    const giveBack = engine && !this.#isClosing ? this.#slots.take() : undefined;
    if (!offer || !engine || !giveBack) {
      message.respond(writeAnswer({}));
      return;
    }
    const worker = randomId().slice(0, WORKER_DIGITS);
    const job = new WorkerJob(this.#connection, jobSubjects(offer.job, worker), engine, () => {
      this.#jobs.delete(job);
      giveBack();
      if (this.#jobs.size === 0) this.#idle();
    });
    this.#jobs.add(job);
    message.respond(writeAnswer({ worker }));
  }
}

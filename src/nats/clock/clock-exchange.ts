import { BardcastError } from "../../core/errors.ts";
import type { BusConnection } from "../connection.ts";
import type { Leases } from "../lease/leases.ts";
import { PartyClock } from "./party-clock.ts";

/** Probes one after the other: the quickest of a few tells more than any one of them. */
const PROBES = 8;
/** ms between two bursts of probes, once the reference is known. Two ordinary clocks drift apart by 0.25 ms meanwhile,
 *  which the estimate of their drift takes away. */
const PACE_MS = 5_000;
/** ms until the next look at who is the reference, and until the next burst while that one is not known well enough. */
const LOOK_MS = 250;
/** ms that the reference may take for an echo. */
const ECHO_MS = 1_000;
/** ms that it may take at first until a reference is known; one that froze is declared dead sooner. */
const START_MS = 10_000;
/** Of an echo: a version, and two times as f64. */
const VERSION = 1;
const ECHO_BYTES = 17;

export interface ClockOptions {
  /** This node's own clock: ms, monotonic; default `performance.now`. */
  local?: () => number;
}

/**
 * Keeps the nodes' party time together. The oldest session is the reference, and all others measure their clocks against
 * it as pages measure theirs against a node.
 */
export class ClockExchange {
  readonly clock: PartyClock;
  readonly #connection: BusConnection;
  readonly #leases: Pick<Leases, "session" | "sessions" | "observe">;
  readonly #local: () => number;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stopAnswering = (): void => undefined;
  #stopObserving = (): void => undefined;
  #isMeasuring = false;
  #measuredAt = -Infinity;
  /** Whether the last burst was not answered to its end. */
  #hasFailed = false;

  private constructor(
    connection: BusConnection,
    leases: Pick<Leases, "session" | "sessions" | "observe">,
    local: () => number,
  ) {
    this.#connection = connection;
    this.#leases = leases;
    this.#local = local;
    this.clock = new PartyClock(local);
  }

  /**
   * Measures until it is closed. The time is known when the promise resolves.
   * @throws BardcastError `busy` where the reference does not answer
   */
  static async open(
    connection: BusConnection,
    leases: Pick<Leases, "session" | "sessions" | "observe">,
    { local = () => performance.now() }: ClockOptions = {},
  ): Promise<ClockExchange> {
    const exchange = new ClockExchange(connection, leases, local);
    exchange.#answer();
    exchange.#stopObserving = leases.observe((event) => {
      if (event.type === "session") exchange.#answer();
    });
    try {
      await exchange.#begin();
    } catch (error) {
      exchange.close();
      throw error;
    }
    exchange.#timer = setInterval(() => void exchange.#look(), LOOK_MS);
    return exchange;
  }

  /** The session whose time is everybody's. */
  get reference(): string {
    return this.#leases.sessions[0] ?? this.#leases.session;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stopObserving();
    this.#stopAnswering();
  }

  /** Answers under the name under which this node lives now. */
  #answer(): void {
    this.#stopAnswering();
    const listening = this.#connection.client.subscribe(subjectOf(this.#leases.session), {
      callback: (_error, message) => {
        const came = this.clock.now();
        message.respond(writeEcho(came, this.clock.now()));
      },
    });
    this.#stopAnswering = () => listening.unsubscribe();
  }

  async #begin(): Promise<void> {
    const until = performance.now() + START_MS;
    for (;;) {
      await this.#measure();
      if (this.clock.isSet) return;
      if (performance.now() > until)
        throw new BardcastError("busy", "no other node tells the time", { retryable: true });
      if (this.#hasFailed) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async #look(): Promise<void> {
    const isKnown = this.clock.isFollowing(this.reference);
    if (isKnown && this.#local() - this.#measuredAt < PACE_MS) return;
    await this.#measure();
  }

  /** A burst of probes; ends with the first that is not answered. */
  async #measure(): Promise<void> {
    if (this.#isMeasuring) return;
    this.#isMeasuring = true;
    const { reference } = this;
    this.#measuredAt = this.#local();
    this.#hasFailed = false;
    try {
      if (reference === this.#leases.session) this.clock.lead();
      else for (let probe = 0; probe < PROBES; probe++) await this.#probe(reference);
    } catch {
      // The next burst says more.
      this.#hasFailed = true;
    } finally {
      this.#isMeasuring = false;
    }
  }

  async #probe(reference: string): Promise<void> {
    const t0 = this.#local();
    const { data } = await this.#connection.request(subjectOf(reference), "", { ms: ECHO_MS });
    const t3 = this.#local();
    const echo = readEcho(data);
    if (!echo) throw new BardcastError("internal", "the reference tells the time in another way");
    this.clock.learn(reference, { t0, ...echo }, t3);
  }
}

function subjectOf(session: string): string {
  return `bc1.clock.${session}`;
}

function writeEcho(t1: number, t2: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(ECHO_BYTES));
  view.setUint8(0, VERSION);
  view.setFloat64(1, t1, true);
  view.setFloat64(9, t2, true);
  return new Uint8Array(view.buffer);
}

/** Undefined of another version, whose times may mean something else. */
function readEcho(data: Uint8Array): { t1: number; t2: number } | undefined {
  if (data.length < ECHO_BYTES || data[0] !== VERSION) return undefined;
  const view = new DataView(data.buffer, data.byteOffset);
  return { t1: view.getFloat64(1, true), t2: view.getFloat64(9, true) };
}

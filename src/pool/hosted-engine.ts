import type { PcmPiece } from "../core/audio.ts";
import { fromWire, type WireError } from "../core/errors.ts";
import type { EngineCapabilities } from "../engines/engine.ts";
import type { SentenceEvent, SentenceJob, SpeakingEngine } from "../engines/sentence-job.ts";
import { Slots } from "../engines/slots.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { EngineReport, Order, OrderItem } from "./protocol.ts";

/** Has an order fulfilled by whatever the host has: a worker, or this thread. */
export type Fulfil = <O extends Order>(order: O, signal?: AbortSignal) => AsyncIterable<OrderItem<O>>;

/** Why an engine of the host does not speak, if it still does not. */
export type Probe = (engine: string) => Promise<WireError | undefined>;

/** An engine that a speech host loaded and warmed up, as the router sees it. */
export class HostedEngine implements SpeakingEngine {
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  readonly #report: EngineReport;
  readonly probe?: (options?: { signal?: AbortSignal }) => Promise<void>;
  readonly #fulfil: Fulfil;
  /** Of all workers together, each of which knows only its own. */
  readonly #slots: Slots | undefined;

  constructor(report: EngineReport, fulfil: Fulfil, probe: Probe) {
    this.name = report.name;
    this.capabilities = report.capabilities;
    this.#report = report;
    this.#fulfil = fulfil;
    const { maxConcurrent } = report.capabilities;
    this.#slots = maxConcurrent === undefined ? undefined : new Slots(maxConcurrent);
    if (report.probes) {
      this.probe = async ({ signal } = {}) => {
        const giveBack = await this.#slots?.take(signal);
        const problem = await probe(this.name).finally(giveBack);
        if (problem) throw fromWire(problem);
      };
    }
  }

  supportedLanguages(): readonly string[] {
    return this.#report.languages;
  }

  async isAvailable(): Promise<boolean> {
    return this.#report.problem === undefined;
  }

  /** The host warmed it up already. @throws BardcastError why that failed */
  async warmup(): Promise<void> {
    if (this.#report.problem) throw fromWire(this.#report.problem);
  }

  /** Nothing: what it holds is the host's, and ends with it. */
  async shutdown(): Promise<void> {}

  speak(job: SentenceJob, options: { signal?: AbortSignal } = {}): AsyncIterable<SentenceEvent> {
    return this.#inTurn({ kind: "speak", engine: this.name, job }, options.signal);
  }

  synthesize(
    text: string,
    voice: VoiceConfig,
    options: { signal?: AbortSignal } = {},
  ): AsyncIterable<PcmPiece> {
    return this.#inTurn({ kind: "synthesize", engine: this.name, text, voice }, options.signal);
  }

  /** Waits for the engine before it waits for a worker, which others can use meanwhile. */
  async *#inTurn<O extends Order>(
    order: O,
    signal?: AbortSignal,
  ): AsyncGenerator<OrderItem<O>, void, undefined> {
    const giveBack = await this.#slots?.take(signal);
    try {
      yield* this.#fulfil(order, signal);
    } finally {
      giveBack?.();
    }
  }
}

/** Tells the operator which engines cannot speak here, and why. */
export function logProblems(reports: readonly EngineReport[], log: (message: string) => void): void {
  for (const { name, problem, cause } of reports) {
    const why = cause === undefined ? "" : `: ${cause}`;
    if (problem) log(`the engine "${name}" is not available: ${problem.message}${why}`);
  }
}

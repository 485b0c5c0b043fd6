import type { PcmPiece } from "../core/audio.ts";
import { fromWire } from "../core/errors.ts";
import type { EngineCapabilities } from "../engines/engine.ts";
import type { SentenceEvent, SentenceJob, SpeakingEngine } from "../engines/sentence-job.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { EngineReport, Order, OrderItem } from "./protocol.ts";

/** Has an order fulfilled by whatever the host has: a worker, or this thread. */
export type Fulfil = <O extends Order>(order: O, signal?: AbortSignal) => AsyncIterable<OrderItem<O>>;

/** An engine that a speech host loaded and warmed up, as the router sees it. */
export class HostedEngine implements SpeakingEngine {
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  readonly #report: EngineReport;
  readonly #fulfil: Fulfil;

  constructor(report: EngineReport, fulfil: Fulfil) {
    this.name = report.name;
    this.capabilities = report.capabilities;
    this.#report = report;
    this.#fulfil = fulfil;
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
    return this.#fulfil({ kind: "speak", engine: this.name, job }, options.signal);
  }

  synthesize(
    text: string,
    voice: VoiceConfig,
    options: { signal?: AbortSignal } = {},
  ): AsyncIterable<PcmPiece> {
    return this.#fulfil({ kind: "synthesize", engine: this.name, text, voice }, options.signal);
  }
}

/** Tells the operator which engines cannot speak here, and why. */
export function logProblems(reports: readonly EngineReport[], log: (message: string) => void): void {
  for (const { name, problem } of reports) {
    if (problem) log(`the engine "${name}" is not available: ${problem.message}`);
  }
}

import { Lender } from "../core/async/lender.ts";
import type { PcmPiece } from "../core/dsp/audio.ts";
import { fromWire, type WireError } from "../core/errors.ts";
import type { EngineCapabilities, SynthesizeOptions } from "../engines/contract/engine.ts";
import type { EngineVoice } from "../engines/contract/engine-voice.ts";
import type { SentenceEvent, SentenceJob, SpeakingEngine } from "../engines/contract/sentence-job.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { EngineReport, Order, OrderItem } from "./protocol.ts";

/** Has an order fulfilled by whatever the host has: a worker, or this thread. */
export type Fulfil = <O extends Order>(order: O, options?: SynthesizeOptions) => AsyncIterable<OrderItem<O>>;

/** An engine that a speech host loaded and warmed up, as the router sees it. */
export class HostedEngine implements SpeakingEngine {
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  readonly isSupervised = true;
  readonly #languages: readonly string[];
  readonly #voices: readonly EngineVoice[];
  /** Why it could not be warmed up; nothing once it has spoken all the same. */
  #problem: WireError | undefined;
  readonly probe?: (options?: SynthesizeOptions) => Promise<void>;
  readonly load?: (voice: VoiceConfig) => Promise<void>;
  readonly #fulfil: Fulfil;
  /** Of all workers together, each of which knows only its own. */
  readonly #turns: Lender<number> | undefined;

  constructor(report: EngineReport, fulfil: Fulfil) {
    this.name = report.name;
    this.capabilities = report.capabilities;
    this.#languages = report.languages;
    this.#voices = report.voices ?? [];
    this.#problem = report.problem;
    this.#fulfil = fulfil;
    const { maxConcurrent } = report.capabilities;
    this.#turns = maxConcurrent === undefined ? undefined : Lender.turns(maxConcurrent);
    if (report.loads) {
      this.load = async (voice) => {
        for await (const _ of this.#fulfil({ kind: "load", engine: this.name, voice }, { makesWay: true }));
      };
    }
    if (report.probes) {
      this.probe = async (options) => {
        for await (const _ of this.#ask({ kind: "probe", engine: this.name }, options));
      };
    }
  }

  supportedLanguages(): readonly string[] {
    return this.#languages;
  }

  listVoices(): readonly EngineVoice[] {
    return this.#voices;
  }

  async isAvailable(): Promise<boolean> {
    return this.#problem === undefined;
  }

  /** The host warmed it up already, or does so again before it speaks. @throws BardcastError why that failed */
  async warmup(): Promise<void> {
    if (this.#problem) throw fromWire(this.#problem);
  }

  /** Nothing: what it holds is the host's, and ends with it. */
  async shutdown(): Promise<void> {}

  speak(job: SentenceJob, options?: SynthesizeOptions): AsyncIterable<SentenceEvent> {
    return this.#ask({ kind: "speak", engine: this.name, job }, options);
  }

  synthesize(text: string, voice: VoiceConfig, options?: SynthesizeOptions): AsyncIterable<PcmPiece> {
    const { ipa } = options ?? {};
    return this.#ask(
      { kind: "synthesize", engine: this.name, text, voice, ...(ipa ? { ipa } : {}) },
      options,
    );
  }

  #ask<O extends Order>(order: O, options?: SynthesizeOptions): AsyncIterable<OrderItem<O>> {
    // Most engines have neither a turn to wait for nor anything to make up for.
    const isPlain = this.#turns === undefined && this.#problem === undefined;
    return isPlain ? this.#fulfil(order, options) : this.#inTurn(order, options);
  }

  /** Waits for the engine before it waits for a worker, which others can use meanwhile. */
  async *#inTurn<O extends Order>(
    order: O,
    { signal, makesWay = false }: SynthesizeOptions = {},
  ): AsyncGenerator<OrderItem<O>, void, undefined> {
    const spare = makesWay ? this.#turns?.borrowSpare() : undefined;
    const turn = spare?.thing ?? (await this.#turns?.borrow({ signal }));
    const stop = signal && spare ? AbortSignal.any([signal, spare.wanted]) : (signal ?? spare?.wanted);
    try {
      for await (const item of this.#fulfil(order, { ...(stop ? { signal: stop } : {}), makesWay })) {
        this.#problem = undefined;
        yield item;
      }
    } catch (error) {
      throw spare?.wanted.aborted ? spare.wanted.reason : error;
    } finally {
      if (turn !== undefined) this.#turns?.add(turn);
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

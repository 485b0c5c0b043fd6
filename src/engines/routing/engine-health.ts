import { quietly } from "../../core/async/abortable.ts";
import { cleanText } from "../../core/clean-text.ts";
import { BardcastError, coded, type ErrorCode } from "../../core/errors.ts";
import { scrub } from "../../core/scrub.ts";
import { plainVoice } from "../../voices/voice-config.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { type AskedSentence, tryEngine } from "./engine-trial.ts";

/** When an engine counts as out of order, and how it is tried again. */
export interface HealthOptions {
  /**
   * Failures in a row after which an engine is out of order; default 3. One that says it cannot speak at all, hangs,
   * or breaks off while it is heard is at once.
   */
  maxFailures?: number;
  /** ms until an engine that is out of order is tried again; doubles each time, up to the most. Default 1000. */
  firstProbeMs?: number;
  /** Default 60 000. */
  maxProbeMs?: number;
  /** ms that one trial may take; default 10 000. */
  probeMs?: number;
}

/** The engine is gone, or hangs: the next line would fare no better. */
const HARD: ReadonlySet<ErrorCode> = new Set(["engine-unavailable", "engine-hung"]);
/** The line's fault, or that of where engines run. */
const INNOCENT: ReadonlySet<ErrorCode> = new Set([
  "cancelled",
  "busy",
  "closed",
  "voice-unknown",
  "bad-request",
]);
/** The trial sentence for an engine that has had no line yet, and for every second trial after that. */
const GREETING: AskedSentence = { text: "Hello.", voice: plainVoice("en") };

/** An engine that is out of order. */
interface Outage {
  engine: TTSEngine;
  /** Undefined where nothing is known yet. */
  reason: string | undefined;
  line: AskedSentence;
  /** It has to get warm before it is tried. */
  isCold: boolean;
  isOnTrial: boolean;
  /** It was asked although it is out of order, and hung: nobody waits for that again. */
  isHopeless: boolean;
  /** The next trial is with other words: those of the last one may be what it cannot say. */
  isTextInDoubt: boolean;
  delayMs: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Which engines are out of order (a circuit breaker; M. Nygard, "Release It!"). Lines pass over those; they
 * are tried again in the background until they speak, and no listener waits for that.
 */
export class EngineHealth {
  readonly #options: Required<HealthOptions>;
  readonly #log: (message: string) => void;
  /** Failures in a row, by engine. */
  readonly #failures = new Map<string, number>();
  readonly #outages = new Map<string, Outage>();
  /** The last sentence that each engine spoke well. The line that broke it would break it again in every trial. */
  readonly #spoken = new Map<string, AskedSentence>();
  #closing = new AbortController();

  /** @param log where it is told which engine is out of order, and which speaks again */
  constructor(options: HealthOptions = {}, log?: (message: string) => void) {
    this.#log = quietly(log);
    const { maxFailures = 3, firstProbeMs = 1000, maxProbeMs = 60_000, probeMs = 10_000 } = options;
    this.#options = { maxFailures, firstProbeMs, maxProbeMs, probeMs };
  }

  /** Whether lines pass over it while others are well. */
  isOutOfOrder({ name }: TTSEngine): boolean {
    return this.#outages.has(name);
  }

  /**
   * Those that a line may be given to. Where all are out of order, the local ones that do not hang, which cost
   * little to ask; a network service would keep the listeners waiting.
   */
  usable<E extends TTSEngine>(engines: readonly E[]): E[] {
    const well = engines.filter((engine) => !this.isOutOfOrder(engine));
    if (well.length > 0) return well;
    return engines.filter(
      ({ name, capabilities }) => !capabilities.network && !this.#outages.get(name)?.isHopeless,
    );
  }

  /** Why lines pass over the engine; undefined where they do not. */
  problem(name: string): string | undefined {
    const outage = this.#outages.get(name);
    if (!outage) return undefined;
    return outage.reason ?? (outage.isOnTrial ? "it is being tried" : "it waits to be tried");
  }

  /** Tries an engine before the first line does; until it has spoken, lines pass over it. */
  async examine(engine: TTSEngine): Promise<void> {
    if (this.#outages.has(engine.name)) return;
    const outage = this.#takeOut(engine, GREETING, undefined);
    clearTimeout(outage.timer);
    await this.#try(outage);
  }

  /** It could not be warmed up; it is tried again as one that failed. */
  foundCold(engine: TTSEngine, error: unknown): void {
    if (this.#outages.has(engine.name)) return;
    this.#takeOut(engine, GREETING, coded(error, "engine-failed")).isCold = true;
  }

  /** It got warm; where nothing else was wrong with it, it is well. */
  foundWarm(engine: TTSEngine): void {
    if (this.#outages.get(engine.name)?.isCold) this.succeeded(engine);
  }

  /** It spoke a whole sentence, or in a trial as much as was wanted. */
  succeeded({ name }: TTSEngine, line?: AskedSentence): void {
    if (line) this.#spoken.set(name, { text: line.text, voice: line.voice });
    const outage = this.#outages.get(name);
    this.#failures.delete(name);
    this.#outages.delete(name);
    clearTimeout(outage?.timer);
    if (outage?.reason !== undefined) this.#log(`the engine "${name}" speaks again`);
  }

  /** Another engine comes under its name. */
  forget(name: string): void {
    clearTimeout(this.#outages.get(name)?.timer);
    for (const known of [this.#outages, this.#failures, this.#spoken]) known.delete(name);
  }

  /** It threw; `cancelled` is no failure. @param options.isHeard some of the line was heard: no other engine can say it */
  failed(
    engine: TTSEngine,
    line: AskedSentence,
    error: unknown,
    { isHeard = false }: { isHeard?: boolean } = {},
  ): void {
    const failure = coded(error, "engine-failed");
    const { code } = failure;
    const { name } = engine;
    if (INNOCENT.has(code)) return;
    const outage = this.#outages.get(name);
    if (outage) {
      outage.isHopeless ||= code === "engine-hung";
      return;
    }
    const failures = (this.#failures.get(name) ?? 0) + 1;
    this.#failures.set(name, failures);
    if (HARD.has(code) || isHeard || failures >= this.#options.maxFailures)
      this.#takeOut(engine, line, failure);
  }

  /** Ends every trial; all engines count as well again. */
  close(): void {
    this.#closing.abort(new BardcastError("closed", "the router is shut down"));
    this.#closing = new AbortController();
    for (const { timer } of this.#outages.values()) clearTimeout(timer);
    this.#outages.clear();
    this.#failures.clear();
    this.#spoken.clear();
  }

  /** From now on lines pass over it, and it is tried later. @param error undefined where nothing is known yet */
  #takeOut(engine: TTSEngine, { text, voice }: AskedSentence, error: BardcastError | undefined): Outage {
    const line = { text, voice };
    const outage: Outage = {
      engine,
      line,
      reason: undefined,
      isCold: false,
      isOnTrial: false,
      isHopeless: false,
      isTextInDoubt: false,
      delayMs: this.#options.firstProbeMs,
      timer: undefined,
    };
    if (error) this.#explain(outage, error);
    this.#outages.set(engine.name, outage);
    this.#schedule(outage);
    return outage;
  }

  #explain(outage: Outage, { message }: BardcastError): void {
    const { reason: before, engine, line } = outage;
    // What is logged may be read by people for whom the line was not.
    const quotes = [line.text, JSON.stringify(line.text).slice(1, -1)];
    outage.reason = scrub(cleanText(message), quotes);
    if (before === undefined)
      this.#log(
        `the engine "${engine.name}" is out of order, and tried again until it speaks: ${outage.reason}`,
      );
  }

  #schedule(outage: Outage): void {
    outage.timer = setTimeout(() => void this.#try(outage), outage.delayMs);
    // A process that has nothing else to do need not wait for an engine to recover.
    const timer: { unref?: () => void } | number = outage.timer;
    if (typeof timer === "object") timer.unref?.();
  }

  /** Never rejects, and leaves nobody out of order who is not tried again. */
  async #try(outage: Outage): Promise<void> {
    const { engine, line, isCold } = outage;
    outage.isOnTrial = true;
    const known = this.#spoken.get(engine.name) ?? line;
    const asked = outage.isTextInDoubt ? { text: GREETING.text, voice: line.voice } : known;
    const limits = { withinMs: this.#options.probeMs, signal: this.#closing.signal };
    const outcome = await tryEngine(engine, asked, isCold, limits);
    outage.isOnTrial = false;
    if (this.#outages.get(engine.name) !== outage) return;
    if (outcome === "speaks") this.succeeded(engine);
    else {
      if (outcome !== "busy") this.#worsen(outage, outcome);
      this.#schedule(outage);
    }
  }

  #worsen(outage: Outage, error: BardcastError): void {
    if (outage.reason !== undefined) {
      outage.delayMs = Math.min(2 * outage.delayMs, this.#options.maxProbeMs);
    }
    outage.isHopeless ||= error.code === "engine-hung";
    outage.isTextInDoubt = !outage.isTextInDoubt;
    this.#explain(outage, error);
  }
}

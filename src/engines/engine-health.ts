import { abortable, untilAborted } from "../core/abortable.ts";
import { BardcastError, type ErrorCode, messageOf } from "../core/errors.ts";
import { plainVoice, type VoiceConfig } from "../voices/voice-config.ts";
import type { TTSEngine } from "./engine.ts";
import { scrub } from "./scrub.ts";
import { SoundCheck } from "./sound-check.ts";

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
/** What an engine is tried with before anybody has asked it for a line. */
const GREETING: AskedLine = { text: "Hello.", voice: plainVoice("en") };
/** Characters of a line that a trial repeats where the engine has no trial of its own. */
const PROBE_CHARS = 24;

/** A line that an engine was asked for. */
export interface AskedLine {
  text: string;
  voice: VoiceConfig;
}

interface Patient {
  engine: TTSEngine;
  /** Undefined where nothing is known yet. */
  reason: string | undefined;
  line: AskedLine;
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
  readonly #patients = new Map<string, Patient>();
  /** What each engine spoke last: a line that ends its engine would do so again in every trial. */
  readonly #spoken = new Map<string, AskedLine>();
  #closing = new AbortController();

  /** @param log where it is told which engine is out of order, and which speaks again */
  constructor(options: HealthOptions = {}, log: (message: string) => void = () => undefined) {
    this.#log = log;
    const { maxFailures = 3, firstProbeMs = 1000, maxProbeMs = 60_000, probeMs = 10_000 } = options;
    this.#options = { maxFailures, firstProbeMs, maxProbeMs, probeMs };
  }

  /**
   * Those that a line may be given to. Where all are out of order, the local ones, which cost nothing to ask;
   * a network service would keep the listeners waiting.
   */
  usable(engines: readonly TTSEngine[]): TTSEngine[] {
    const well = engines.filter(({ name }) => !this.#patients.has(name));
    return well.length > 0 ? well : engines.filter(({ capabilities }) => !capabilities.network);
  }

  /** Why lines pass over the engine; undefined where they do not. */
  problem(name: string): string | undefined {
    const patient = this.#patients.get(name);
    return patient && (patient.reason ?? "it is being tried");
  }

  /** Tries an engine before the first line does; until it has spoken, lines pass over it. */
  async examine(engine: TTSEngine): Promise<void> {
    if (this.#patients.has(engine.name)) return;
    const delayMs = this.#options.firstProbeMs;
    const patient: Patient = { engine, line: GREETING, reason: undefined, delayMs, timer: undefined };
    this.#patients.set(engine.name, patient);
    await this.#try(patient);
  }

  /** It spoke a whole sentence, or in a trial as much as was wanted. */
  succeeded({ name }: TTSEngine, line?: AskedLine): void {
    if (line) this.#spoken.set(name, { text: line.text, voice: line.voice });
    const patient = this.#patients.get(name);
    this.#failures.delete(name);
    this.#patients.delete(name);
    clearTimeout(patient?.timer);
    if (patient?.reason !== undefined) this.#log(`the engine "${name}" speaks again`);
  }

  /** It threw; `cancelled` is no failure. @param options.isHeard some of the line was heard: no other engine can say it */
  failed(
    engine: TTSEngine,
    line: AskedLine,
    error: unknown,
    { isHeard = false }: { isHeard?: boolean } = {},
  ): void {
    const code = error instanceof BardcastError ? error.code : "engine-failed";
    const { name } = engine;
    if (INNOCENT.has(code) || this.#patients.has(name)) return;
    const failures = (this.#failures.get(name) ?? 0) + 1;
    this.#failures.set(name, failures);
    if (!HARD.has(code) && !isHeard && failures < this.#options.maxFailures) return;
    const delayMs = this.#options.firstProbeMs;
    const patient: Patient = { engine, line, reason: undefined, delayMs, timer: undefined };
    this.#patients.set(name, patient);
    this.#suffer(patient, error);
  }

  /** Ends every trial; all engines count as well again. */
  close(): void {
    this.#closing.abort(new BardcastError("closed", "the router is shut down"));
    this.#closing = new AbortController();
    for (const { timer } of this.#patients.values()) clearTimeout(timer);
    this.#patients.clear();
    this.#failures.clear();
    this.#spoken.clear();
  }

  /** It is still out of order, and tried again later. */
  #suffer(patient: Patient, error: unknown): void {
    const { reason: before, engine, line } = patient;
    // What is logged may be read by people for whom the line was not.
    const quotes = [line.text, JSON.stringify(line.text).slice(1, -1)];
    patient.reason = scrub(messageOf(error), quotes);
    if (before === undefined)
      this.#log(
        `the engine "${engine.name}" is out of order, and tried again until it speaks: ${patient.reason}`,
      );
    patient.timer = setTimeout(() => void this.#try(patient), patient.delayMs);
    // A process that has nothing else to do need not wait for an engine to recover.
    const timer: { unref?: () => void } | number = patient.timer;
    if (typeof timer === "object") timer.unref?.();
  }

  async #try(patient: Patient): Promise<void> {
    const { engine, line } = patient;
    const abort = new AbortController();
    const { signal } = this.#closing;
    const end = (): void => abort.abort(signal.reason);
    const late = new BardcastError("engine-hung", `no sound after ${this.#options.probeMs} ms`);
    const timer = setTimeout(() => abort.abort(late), this.#options.probeMs);
    signal.addEventListener("abort", end, { once: true });
    try {
      await untilSound(engine, this.#spoken.get(engine.name) ?? line, abort.signal);
      if (this.#patients.get(engine.name) === patient) this.succeeded(engine);
    } catch (error) {
      if (this.#patients.get(engine.name) !== patient) return;
      if (patient.reason !== undefined)
        patient.delayMs = Math.min(2 * patient.delayMs, this.#options.maxProbeMs);
      this.#suffer(patient, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
  }
}

async function untilSound(engine: TTSEngine, { text, voice }: AskedLine, signal: AbortSignal): Promise<void> {
  if (engine.probe) return untilAborted(engine.probe({ signal }), signal);
  const [words = text] = text.match(new RegExp(`^.{1,${PROBE_CHARS}}(?!\\S)`, "su")) ?? [
    text.slice(0, PROBE_CHARS),
  ];
  const check = new SoundCheck({ text: words, voice });
  for await (const piece of abortable(engine.synthesize(words, voice, { signal }), signal)) {
    check.push(piece);
    if (piece.samples.length > 0) return;
  }
  throw new BardcastError("engine-silent", "the engine gave no audio");
}

import { BardcastError, toWire } from "../../core/errors.ts";
import { engineName } from "../../engines/catalogue.ts";
import { createSpeechHost, type SpeechHostOptions } from "../../pool/create-speech-host.ts";
import { logProblems } from "../../pool/hosted-engine.ts";
import type { EngineReport } from "../../pool/protocol.ts";
import { DEFAULT_MAX_QUEUED, DEFAULT_START_MS, type SpeechHost } from "../../pool/speech-host.ts";
import type { BusConnection } from "../connection.ts";
import { BusHost } from "./bus-host.ts";
import { readReport } from "./offers.ts";
import { describeEngine } from "./perform-order.ts";
import { Slots } from "./slots.ts";
import { engineSubject } from "./subjects.ts";
import { SynthesisWorkers } from "./synthesis-workers.ts";
import { WorkerFinder } from "./worker-finder.ts";

/** ms between two questions for an engine that nobody has yet. */
const ASK_MS = 250;

export interface BusHostOptions extends SpeechHostOptions {
  /** Whether this node speaks, too: for itself first, and for others. Default true. */
  hasWorkers?: boolean;
}

/**
 * A speech host whose engines run on any node. It is warm when it resolves; an engine that no node has by then is there all
 * the same, as unavailable.
 * @throws BardcastError as `createSpeechHost`
 */
export async function createBusHost(
  connection: BusConnection,
  { hasWorkers = true, ...options }: BusHostOptions,
): Promise<SpeechHost> {
  const { engines, startMs = DEFAULT_START_MS, maxQueued = DEFAULT_MAX_QUEUED, log, observe } = options;
  const host = hasWorkers ? await createSpeechHost(options) : undefined;
  const own = new Map<string, EngineReport>();
  for (const engine of host?.engines ?? []) own.set(engine.name, await describeEngine(engine));
  const asked = engines.map(async (ref) => {
    const report = own.get(engineName(ref));
    if (report && !report.problem) return report;
    // One that cannot speak here may do so elsewhere; whoever has workers does not wait for that.
    const there = await askForEngine(connection, engineName(ref), host ? 0 : startMs);
    return there ?? report ?? nowhere(engineName(ref));
  });
  const reports = await Promise.all(asked);
  if (!host) logProblems(reports, log ?? (() => undefined));
  const slots = new Slots(() => (host ? Math.max(1, host.status().workers) : 0));
  const isLocal = (engine: string): boolean => own.get(engine)?.problem === undefined && own.has(engine);
  const finder = new WorkerFinder(connection, { slots, isLocal, maxQueued });
  const local = host && { host, workers: await SynthesisWorkers.open(connection, host, slots) };
  return new BusHost({
    connection,
    finder,
    reports,
    ...(local ? { local } : {}),
    ...(observe ? { observe } : {}),
  });
}

/** What some node says of an engine; undefined where none has it within that time. */
async function askForEngine(
  connection: BusConnection,
  engine: string,
  withinMs: number,
): Promise<EngineReport | undefined> {
  const until = performance.now() + withinMs;
  for (;;) {
    const answer = await connection.request(engineSubject(engine), "").catch(() => undefined);
    const report = answer && readReport(answer.string());
    if (report || performance.now() >= until) return report;
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}

function nowhere(name: string): EngineReport {
  const problem = new BardcastError("engine-unavailable", `no node has the engine "${name}"`);
  return {
    name,
    capabilities: { streaming: false, wordTimes: false },
    languages: [],
    probes: true,
    problem: toWire(problem),
  };
}

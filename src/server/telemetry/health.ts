import { within } from "../../core/async/abortable.ts";
import type { EngineStatus } from "../../core/protocol/api.ts";
import type { EventLoopWatch } from "./event-loop-watch.ts";

/** A thread that is so late, ms, keeps listeners waiting. */
const STALLED_MS = 1_000;

/** A router that does not answer is not waited for longer: whoever asks would take the table for dead. */
const ENGINES_MS = 500;

/** What is wrong with a table that goes on all the same: text still reaches everybody. */
export interface HealthProblem {
  code: "no-engine" | "event-loop-stalled" | "store-not-writable" | "cluster-unreachable";
  /** Without a path or a name: whoever asks needs no token. */
  message: string;
}

export interface Health {
  /** `degraded`: it answers and lines arrive, but not as they should. */
  status: "ok" | "degraded";
  problems: HealthProblem[];
}

/** What health needs to know of a party. */
export interface Examined {
  engines: () => Promise<readonly EngineStatus[]>;
  /** Whether the campaign's folder takes what is to be kept; where nothing is to be kept, it does. */
  isStoreWritable: () => boolean;
  /** Whether the other processes that serve the party can be reached; where there are none, they can. */
  isClusterReachable?: () => boolean;
}

/** Tells a table that is well from one that is not. One that is dead does not answer. */
export async function healthOf(party: Examined, loop: EventLoopWatch): Promise<Health> {
  const problems: HealthProblem[] = [];
  const late = (): Error => new Error("nobody says how the engines are");
  const engines = await within(party.engines(), { ms: ENGINES_MS, late }).catch(() => []);
  if (!engines.some(({ available, outOfOrder }) => available && outOfOrder === undefined))
    problems.push({ code: "no-engine", message: "no engine can speak: lines arrive as text" });
  if (loop.worstLagMs >= STALLED_MS) {
    const message = `the serving thread was busy for ${Math.round(loop.worstLagMs)} ms in the last half minute`;
    problems.push({ code: "event-loop-stalled", message });
  }
  if (!party.isStoreWritable()) {
    const message = "the campaign's folder cannot be written: what changes now is forgotten at the end";
    problems.push({ code: "store-not-writable", message });
  }
  if (party.isClusterReachable?.() === false) {
    const message = "NATS cannot be reached: what is new waits, and who listens here hears on what is here";
    problems.push({ code: "cluster-unreachable", message });
  }
  return { status: problems.length === 0 ? "ok" : "degraded", problems };
}

/** Whether it should be sent listeners now: a thread that is stalled just now would keep them waiting. */
export function isReady(party: { readonly isClosing: boolean }, loop: EventLoopWatch): boolean {
  return !party.isClosing && loop.lagMs < STALLED_MS;
}

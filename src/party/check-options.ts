import { BardcastError } from "../core/errors.ts";
import {
  ANYTHING,
  either,
  FLAG,
  FUNCTION,
  type Kinds,
  listOf,
  NUMBER,
  OBJECT,
  oneOf,
  requireFields,
  TEXT,
  TEXTS,
} from "../core/field-kinds.ts";
import { REVEALS, SOUNDS, type TableSettings } from "../core/protocol/table-settings.ts";
import type { PartyOptions } from "./party-options.ts";

const OPTIONS: Kinds<keyof PartyOptions> = {
  id: TEXT,
  campaignDir: TEXT,
  journal: either(oneOf(false), OBJECT),
  engines: listOf(["names of engines, modules or objects", ANYTHING[1]]),
  tiers: OBJECT,
  health: OBJECT,
  speech: OBJECT,
  pool: OBJECT,
  cache: either(oneOf(false), OBJECT),
  connections: OBJECT,
  door: OBJECT,
  registry: OBJECT,
  router: OBJECT,
  players: TEXTS,
  settings: OBJECT,
  secret: TEXT,
  dmToken: TEXT,
  apiKey: TEXT,
  log: FUNCTION,
  chunkBytes: NUMBER,
  maxChars: NUMBER,
  patience: OBJECT,
  maxLines: NUMBER,
  retainBytes: NUMBER,
  cast: FLAG,
  opusBitrate: NUMBER,
  history: OBJECT,
  resumeMs: NUMBER,
  renderTurns: NUMBER,
  cluster: OBJECT,
};

const WITHIN: { readonly [Name in keyof PartyOptions]?: Kinds } = {
  journal: { maxChars: NUMBER },
  health: { maxFailures: NUMBER, firstProbeMs: NUMBER, maxProbeMs: NUMBER, probeMs: NUMBER },
  pool: {
    size: NUMBER,
    createWorker: FUNCTION,
    createHost: FUNCTION,
    waits: FLAG,
    startMs: NUMBER,
    hangMs: NUMBER,
    maxQueued: NUMBER,
    log: FUNCTION,
    signal: OBJECT,
  },
  cache: { memoryBytes: NUMBER, diskBytes: NUMBER },
  door: { waitingPerPlayer: NUMBER, waiting: NUMBER, player: OBJECT, address: OBJECT },
  settings: {
    reveal: oneOf(...REVEALS),
    sounds: oneOf(...SOUNDS),
    loudspeakers: TEXTS,
  } satisfies Kinds<keyof TableSettings>,
  patience: { sureMs: NUMBER, doubtfulMs: NUMBER },
  history: { keepMs: NUMBER, bytes: NUMBER },
};

/**
 * Finds what no type checker has seen in what a table is set with: an option that there is not, or that is something else.
 * @param beside options of whoever sets the table, which stand among these
 * @throws BardcastError `bad-request`, naming the option, and what there is instead
 */
export function checkOptions(options: PartyOptions, beside: Kinds = {}): void {
  const given = requireFields("", options, { ...OPTIONS, ...beside });
  for (const [name, kinds] of Object.entries(WITHIN)) {
    const value = given[name];
    if (value !== undefined && value !== false) requireFields(`${name}.`, value, kinds);
  }
  for (const [at, engine] of (options.engines ?? []).entries()) {
    if (!isEngine(engine)) {
      const message = `engines.${at}: expected the name of an engine, {engine, options}, {name, module}, or an object with synthesize`;
      throw new BardcastError("bad-request", message);
    }
  }
}

function isEngine(given: unknown): boolean {
  if (typeof given === "string") return true;
  if (typeof given !== "object" || given === null) return false;
  return "synthesize" in given || "engine" in given || "module" in given;
}

import { BardcastError } from "../core/errors.ts";
import type { TTSEngine } from "./engine.ts";

/** An engine of one's own that workers load: a module whose default export makes it. */
export interface EngineModule {
  name: string;
  /** Absolute URL of an ES module with `export default (options) => TTSEngine`. */
  module: string | URL;
  /** Passed to the factory; must survive `structuredClone`. */
  options?: unknown;
  /** Native code that may take its process with it: run it in a process of its own, where there are any. */
  isolated?: boolean;
}

/** An engine that can be loaded on any thread: the name of one that ships with Bardcast, or a module. */
export type EngineRef = string | EngineModule;

/** What an engine module exports as `default`. */
export type EngineFactory = (options?: unknown) => TTSEngine | Promise<TTSEngine>;

/** Where an engine is loaded. */
export interface EnginePlace {
  /** In a process of its own. */
  isolated?: boolean;
}

const builtin: Readonly<Record<string, (place: EnginePlace) => Promise<TTSEngine>>> = {
  espeak: async () => (await import("./espeak.ts")).createEspeakEngine(),
  flite: async () => (await import("./flite.ts")).createFliteEngine(),
  sherpa: async ({ isolated = false }) =>
    (await import("./sherpa.ts")).createSherpaEngine({ native: isolated }),
};

/** Names of the engines that ship with Bardcast. */
export const BUILTIN_ENGINES: readonly string[] = Object.keys(builtin);

/** Engines that ship and run native code. */
const ISOLATED: ReadonlySet<string> = new Set(["sherpa"]);

/** Whether it is to run in a process of its own. */
export function isIsolated(ref: EngineRef): boolean {
  return typeof ref === "string" ? ISOLATED.has(ref) : ref.isolated === true;
}

/** Whether it has to be loaded, other than an engine that is there already. */
export function isEngineRef(engine: EngineRef | TTSEngine): engine is EngineRef {
  return typeof engine === "string" || "module" in engine;
}

/** The name by which voices and reports know the engine. */
export function engineName(ref: EngineRef): string {
  return typeof ref === "string" ? ref : ref.name;
}

/**
 * Loads an engine on this thread; it is not warmed up.
 * @throws BardcastError `engine-unavailable` where there is no such engine or its module is broken
 */
export async function loadEngine(ref: EngineRef, place: EnginePlace = {}): Promise<TTSEngine> {
  if (typeof ref === "string") {
    const load = Object.hasOwn(builtin, ref) ? builtin[ref] : undefined;
    if (!load) {
      const known = BUILTIN_ENGINES.join(", ");
      throw new BardcastError("engine-unavailable", `there is no engine named "${ref}"; there is: ${known}`);
    }
    return load(place);
  }
  try {
    const { default: create } = (await import(String(ref.module))) as { default: EngineFactory };
    return await create(ref.options);
  } catch (cause) {
    throw new BardcastError("engine-unavailable", `the module of engine "${ref.name}" does not load`, {
      cause,
    });
  }
}

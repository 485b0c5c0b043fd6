import { BardcastError } from "../core/errors.ts";
import { shippedName } from "../voices/engine-names.ts";
import type { TTSEngine } from "./contract/engine.ts";
import type { CartesiaOptions } from "./services/cartesia.ts";
import type { DeepgramOptions } from "./services/deepgram.ts";
import type { EdgeOptions } from "./services/edge.ts";
import type { ElevenLabsOptions } from "./services/elevenlabs.ts";
import type { OpenAiOptions } from "./services/openai.ts";
import type { WyomingOptions } from "./services/wyoming.ts";
import type { SherpaOptions } from "./sherpa/sherpa.ts";

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

/** The engines that ship with Bardcast, and what each may be told. */
export interface BuiltinEngines {
  espeak: undefined;
  flite: undefined;
  sherpa: Pick<SherpaOptions, "voicesDir">;
  openai: OpenAiOptions;
  edge: EdgeOptions;
  elevenlabs: ElevenLabsOptions;
  cartesia: CartesiaOptions;
  deepgram: DeepgramOptions;
  wyoming: WyomingOptions;
}

/** An engine that ships, with options; under a name of its own there can be several of one kind. */
export type BuiltinEngine = {
  [Kind in keyof BuiltinEngines]: {
    engine: Kind;
    /** What voices and reports call it; default its kind. */
    name?: string;
    /** Plain data; what is left out comes from the environment, where there is a variable for it. */
    options?: BuiltinEngines[Kind];
  };
}[keyof BuiltinEngines];

/** The name of an engine that ships with Bardcast. */
export type EngineName = keyof BuiltinEngines;

/** An engine that can be loaded on any thread: the name of one that ships with Bardcast, that with options, or a module. */
export type EngineRef = EngineName | BuiltinEngine | EngineModule;

/** The same, its name as people write it: `Edge-TTS` is `edge`. */
export type WrittenEngineRef = EngineRef | string;

/** What an engine module exports as `default`. */
export type EngineFactory = (options?: unknown) => TTSEngine | Promise<TTSEngine>;

/** Where an engine is loaded. */
export interface EnginePlace {
  /** In a process of its own. */
  isolated?: boolean;
}

type Load<Options> = (options: Options | undefined, name: string, place: EnginePlace) => Promise<TTSEngine>;

const builtin: { readonly [Kind in keyof BuiltinEngines]: Load<BuiltinEngines[Kind]> } = {
  espeak: async () => (await import("./espeak/espeak.ts")).createEspeakEngine(),
  flite: async () => (await import("./flite/flite.ts")).createFliteEngine(),
  sherpa: async (options, _name, { isolated = false }) =>
    (await import("./sherpa/sherpa.ts")).createSherpaEngine({ ...options, native: isolated }),
  openai: async (options, name) => (await import("./services/openai.ts")).createOpenAiEngine(options, name),
  edge: async (options, name) => (await import("./services/edge.ts")).createEdgeEngine(options, name),
  elevenlabs: async (options, name) =>
    (await import("./services/elevenlabs.ts")).createElevenLabsEngine(options, name),
  cartesia: async (options, name) =>
    (await import("./services/cartesia.ts")).createCartesiaEngine(options, name),
  deepgram: async (options, name) =>
    (await import("./services/deepgram.ts")).createDeepgramEngine(options, name),
  wyoming: async (options, name) =>
    (await import("./services/wyoming.ts")).createWyomingEngine(options, name),
};

/** Names of the engines that ship with Bardcast. */
export const BUILTIN_ENGINES: readonly string[] = Object.keys(builtin);

/** Those that want a key or an address. */
const SERVICES: ReadonlySet<string> = new Set([
  "openai",
  "edge",
  "elevenlabs",
  "cartesia",
  "deepgram",
  "wyoming",
]);

/** Engines that ship and run native code. */
const ISOLATED: ReadonlySet<string> = new Set(["sherpa"]);

/** Whether it is to run in a process of its own. */
export function isIsolated(ref: WrittenEngineRef): boolean {
  if (typeof ref !== "string" && "module" in ref) return ref.isolated === true;
  return ISOLATED.has(shippedName(typeof ref === "string" ? ref : ref.engine));
}

/** Whether it has to be loaded, other than an engine that is there already. */
export function isEngineRef<E extends object>(engine: WrittenEngineRef | E): engine is WrittenEngineRef {
  return typeof engine === "string" || !("synthesize" in engine);
}

/** The name by which voices and reports know the engine. */
export function engineName(ref: WrittenEngineRef): string {
  if (typeof ref === "string") return shippedName(ref);
  return "module" in ref ? ref.name : (ref.name ?? shippedName(ref.engine));
}

/**
 * Loads an engine on this thread; it is not warmed up.
 * @throws BardcastError `engine-unavailable` where there is no such engine or its module is broken,
 * `bad-request` for options that make no sense
 */
export async function loadEngine(ref: WrittenEngineRef, place: EnginePlace = {}): Promise<TTSEngine> {
  if (typeof ref === "string") return loadBuiltin(ref, undefined, engineName(ref), place);
  if (!("module" in ref)) return loadBuiltin(ref.engine, ref.options, engineName(ref), place);
  try {
    const { default: create } = (await import(String(ref.module))) as { default: EngineFactory };
    return await create(ref.options);
  } catch (cause) {
    throw new BardcastError("engine-unavailable", `the module of engine "${ref.name}" does not load`, {
      cause,
    });
  }
}

/**
 * Looks whether an engine lacks what does not come by waiting: that it exists, and for a service its key or address. What
 * others lack, they say when they start.
 * @throws BardcastError `engine-unavailable`, saying what is missing; `bad-request` for options that make no sense
 */
export async function requireEquipped(ref: WrittenEngineRef): Promise<void> {
  if (typeof ref !== "string" && "module" in ref) return;
  const kind = shippedName(typeof ref === "string" ? ref : ref.engine);
  if (!Object.hasOwn(builtin, kind)) throw noSuchEngine(kind);
  if (!SERVICES.has(kind)) return;
  const engine = await loadEngine(ref);
  if (!(await engine.isAvailable())) await engine.warmup();
}

/** The engine of that name. @throws BardcastError `engine-unavailable` where there is none */
export function engineCalled(name: string): EngineName {
  const kind = shippedName(name);
  if (!Object.hasOwn(builtin, kind)) throw noSuchEngine(name);
  return kind as EngineName;
}

function noSuchEngine(name: string): BardcastError {
  const known = BUILTIN_ENGINES.join(", ");
  return new BardcastError("engine-unavailable", `there is no engine named "${name}"; there is: ${known}`);
}

function loadBuiltin(kind: string, options: unknown, name: string, place: EnginePlace): Promise<TTSEngine> {
  const loads: Readonly<Record<string, Load<never>>> = builtin;
  const shipped = shippedName(kind);
  const load = Object.hasOwn(loads, shipped) ? loads[shipped] : undefined;
  if (!load) throw noSuchEngine(kind);
  // Each engine checks its own options.
  return load(options as never, name, place);
}

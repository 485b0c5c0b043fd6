import { randomId } from "../core/id.ts";
import type { CacheOptions } from "../engines/cache/create-speech-cache.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import { type EngineRef, isEngineRef } from "../engines/catalogue.ts";
import type { TTSEngine } from "../engines/engine.ts";
import type { HealthOptions } from "../engines/engine-health.ts";
import { TTSRouter } from "../engines/router.ts";
import type { TierMap } from "../engines/tiers.ts";
import { createSpeechHost, type SpeechHostOptions } from "../pool/create-speech-host.ts";
import type { SpeechHost } from "../pool/speech-host.ts";
import { memoryStore } from "../voices/text-store.ts";
import { VoiceRegistry } from "../voices/voice-registry.ts";
import { AudioStreamManager, type AudioStreamManagerOptions } from "./audio-stream-manager.ts";
import { ConnectionManager, type ConnectionManagerOptions } from "./connection-manager.ts";
import { Party } from "./party.ts";
import { TokenKeeper } from "./tokens.ts";

export interface PartyOptions
  extends Omit<AudioStreamManagerOptions, "registry" | "router" | "connections" | "cache"> {
  /** Names the table in tokens and reports; default `table`. */
  id?: string;
  /** Folder of `voice_registry.yaml` and of what the cache keeps; without it the default voices are used and
   *  nothing is written. */
  campaignDir?: string;
  /** In order of preference: names of engines that ship, modules that workers load, or objects, which run
   *  on this thread. Default `["espeak", "flite"]`. */
  engines?: readonly (EngineRef | TTSEngine)[];
  /** Replaces single tiers of the router. */
  tiers?: Partial<TierMap>;
  /** When an engine is out of order, so that lines pass over it, and how it is tried again. */
  health?: HealthOptions;
  /** Workers: how many, how patient. */
  pool?: Omit<SpeechHostOptions, "engines">;
  /** How much of what was said is kept, so that it starts at once when it is said again; false: nothing. */
  cache?: false | CacheOptions;
  /** Heartbeat and queues of connections. */
  connections?: ConnectionManagerOptions;
  /** Seated from the start. */
  players?: readonly string[];
  /** Signs tokens; by default a new one each time, so that a restart ends old links. */
  secret?: string;
  /** Fixes the DM's token. */
  dmToken?: string;
  /** Where warnings go, one sentence each; default nowhere. */
  log?: (message: string) => void;
}

const DEFAULT_ENGINES: readonly EngineRef[] = ["espeak", "flite"];

/**
 * Sets a table: loads voices, starts and warms the engines, seats the players. It is ready to speak when
 * the promise resolves.
 * @throws BardcastError `worker-failed` where no worker starts, `bad-request` for an impossible player id;
 * RangeError for a cache of less than 0 bytes
 */
export async function createParty(options: PartyOptions = {}): Promise<Party> {
  const { log = () => undefined, engines = DEFAULT_ENGINES } = options;
  const registry = await VoiceRegistry.open(options.campaignDir ?? memoryStore(), { log });
  const host = await createSpeechHost({ log, ...options.pool, engines: engines.filter(isEngineRef) });
  try {
    const cache = await openCache(options);
    const party = assemble(options, registry, host, routed(engines, host), cache);
    for (const player of options.players ?? []) party.seat(player);
    await party.router.warmup();
    return party;
  } catch (error) {
    await host.close();
    throw error;
  }
}

function assemble(
  options: PartyOptions,
  registry: VoiceRegistry,
  host: SpeechHost,
  engines: readonly TTSEngine[],
  cache: SpeechCache | undefined,
): Party {
  const { id = "table", secret = randomId(), dmToken, tiers, health, log } = options;
  const speakWith = cache ? { speakWith: cache.speakWith } : {};
  const router = new TTSRouter({
    engines,
    ...(tiers ? { tiers } : {}),
    ...(health ? { health } : {}),
    ...(log ? { log } : {}),
    ...speakWith,
  });
  const connections = new ConnectionManager(options.connections);
  const streams = new AudioStreamManager({ ...options, registry, router, connections, cache });
  const tokens = new TokenKeeper(secret, id, { dmToken });
  return new Party({ id, registry, router, connections, streams, tokens, host, cache });
}

/** Loaded where it is wanted: importing stays quick. */
async function openCache(options: PartyOptions): Promise<SpeechCache | undefined> {
  const { cache = {}, engines = DEFAULT_ENGINES } = options;
  if (cache === false) return undefined;
  const { createSpeechCache } = await import("../engines/cache/create-speech-cache.ts");
  return createSpeechCache({ ...options, cache, engines });
}

/** What was given, each reference as the engine that the host made of it, in the same order. */
function routed(engines: readonly (EngineRef | TTSEngine)[], host: SpeechHost): TTSEngine[] {
  const hosted = [...host.engines];
  return engines.flatMap((engine) => (isEngineRef(engine) ? hosted.splice(0, 1) : [engine]));
}

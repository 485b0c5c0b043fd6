import { randomId } from "../core/id.ts";
import { asRouter } from "../engines/as-router.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import { type EngineRef, engineName, isEngineRef } from "../engines/catalogue.ts";
import type { TTSEngine } from "../engines/engine.ts";
import { TTSRouter } from "../engines/router.ts";
import type { SpeechHost } from "../pool/speech-host.ts";
import { memoryStore } from "../voices/text-store.ts";
import { VoiceRegistry } from "../voices/voice-registry.ts";
import { AudioStreamManager } from "./audio-stream-manager.ts";
import { openCampaignFolder } from "./campaign-folder.ts";
import { ConnectionManager, type ConnectionManagerOptions } from "./connection-manager.ts";
import type { PartyOptions } from "./create-party.ts";
import { Party } from "./party.ts";
import { isMessageSender, SenderConnections } from "./sender-connections.ts";
import { asRegistry, type ConnectionsShape, type RegistryShape } from "./shapes.ts";
import { TokenKeeper } from "./tokens.ts";

type ChosenOptions = Omit<PartyOptions, "engines"> & { engines: readonly (EngineRef | TTSEngine)[] };

/** Opens what a table keeps, and puts it together once its engines have started. */
export async function openParty(options: ChosenOptions, starting: Promise<SpeechHost>): Promise<Party> {
  const { log = () => undefined } = options;
  const { campaignDir } = options;
  const folder = campaignDir === undefined ? undefined : await openCampaignFolder(campaignDir, log);
  const registry = options.registry
    ? asRegistry(options.registry)
    : await VoiceRegistry.open(folder?.voices ?? memoryStore(), { log });
  const cache = await openCache(folder?.loss === undefined ? options : inMemory(options));
  try {
    return assemble(options, registry, await starting, cache);
  } catch (error) {
    await cache?.close();
    throw error;
  }
}

function assemble(
  options: ChosenOptions,
  registry: RegistryShape,
  host: SpeechHost,
  cache: SpeechCache | undefined,
): Party {
  const { id = "table", secret = randomId(), dmToken, tiers, health, log } = options;
  const speakWith = cache ? { speakWith: cache.speakWith } : {};
  const router = options.router
    ? asRouter(options.router)
    : new TTSRouter({
        engines: routed(options.engines, host),
        ...(tiers ? { tiers } : {}),
        ...(health ? { health } : {}),
        ...(log ? { log } : {}),
        ...speakWith,
      });
  for (const name of registry.listEngines()) {
    if (options.engines.some((engine) => nameOf(engine) === name)) continue;
    log?.(
      `voice_registry.yaml has voices of the engine "${name}", which is not at this table: another one speaks`,
    );
  }
  const connections = connectionsOf(options.connections);
  const streams = new AudioStreamManager({ ...options, registry, router, connections, cache });
  const tokens = new TokenKeeper(secret, id, { dmToken });
  return new Party({ id, registry, router, connections, streams, tokens, host, cache });
}

/** Where nothing can be kept, nothing is tried. */
function inMemory({ cache, ...options }: ChosenOptions): ChosenOptions {
  return { ...options, cache: cache === false ? false : { ...cache, diskBytes: 0 } };
}

function connectionsOf(given: PartyOptions["connections"] = {}): ConnectionsShape {
  if (isMessageSender(given)) return new SenderConnections(given);
  return isConnections(given) ? given : new ConnectionManager(given);
}

function isConnections(given: ConnectionManagerOptions | ConnectionsShape): given is ConnectionsShape {
  return "connectionsOf" in given;
}

/** Loaded where it is wanted: importing stays quick. */
async function openCache({ cache = {}, ...options }: ChosenOptions): Promise<SpeechCache | undefined> {
  if (cache === false) return undefined;
  const { createSpeechCache } = await import("../engines/cache/create-speech-cache.ts");
  return createSpeechCache({ ...options, cache });
}

function nameOf(engine: EngineRef | TTSEngine): string {
  return isEngineRef(engine) ? engineName(engine) : engine.name;
}

/** What was given, each reference as the engine that the host made of it, in the same order. */
function routed(engines: readonly (EngineRef | TTSEngine)[], host: SpeechHost): TTSEngine[] {
  const hosted = [...host.engines];
  return engines.flatMap((engine) => (isEngineRef(engine) ? hosted.splice(0, 1) : [engine]));
}

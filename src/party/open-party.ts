import type { Observers } from "../core/observation.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import { engineName, isEngineRef, type WrittenEngineRef } from "../engines/catalogue.ts";
import type { TTSEngine } from "../engines/contract/engine.ts";
import { asRouter } from "../engines/routing/as-router.ts";
import { usableEngines } from "../engines/routing/guarded-engine.ts";
import { TTSRouter } from "../engines/routing/router.ts";
import type { SpeechHost } from "../pool/speech-host.ts";
import { SpeechHosts, type StartHost } from "../pool/speech-hosts.ts";
import { engineNamed } from "../voices/engine-names.ts";
import { memoryStore } from "../voices/text-store.ts";
import { VoiceRegistry } from "../voices/voice-registry.ts";
import { Lobby } from "./access/lobby.ts";
import { budgetLimits, MessageBudget } from "./access/message-budget.ts";
import { TokenKeeper } from "./access/tokens.ts";
import { AudioStreamManager } from "./audio-stream-manager.ts";
import type { AudioStreamManagerOptions } from "./audio-stream-options.ts";
import { openSounds } from "./open-sounds.ts";
import { Party } from "./party.ts";
import { DEFAULT_ID, type PartyOptions } from "./party-options.ts";
import type { PartyParts } from "./party-parts.ts";
import { PartyStore } from "./party-store.ts";
import { checkLine } from "./request/check-line.ts";
import { asRegistry, type ConnectionsShape } from "./shapes.ts";
import type { FindSound } from "./speaking/line/line-sounds.ts";
import { observeTable } from "./telemetry/observe-table.ts";
import { ConnectionManager, type ConnectionManagerOptions } from "./transport/connection-manager.ts";
import { isMessageSender, SenderConnections } from "./transport/sender-connections.ts";

type ChosenOptions = Omit<PartyOptions, "engines" | "log"> & {
  engines: readonly (WrittenEngineRef | TTSEngine)[];
  log: (message: string) => void;
  observers: Observers;
};

/** Opens what a table keeps, and puts it together once its engines have started. */
export async function openParty(
  given: ChosenOptions,
  starting: Promise<SpeechHost>,
  startHost: StartHost,
): Promise<Party> {
  const { log } = given;
  const options = { ...given, engines: given.engines.flatMap((engine) => usable(engine, log)) };
  const cluster = await options.cluster?.join(options.id ?? DEFAULT_ID, { log });
  const store = await PartyStore.open(options, log, cluster?.memory);
  const registry = options.registry
    ? asRegistry(options.registry)
    : await VoiceRegistry.open(store.voices ?? memoryStore(), { log });
  const cache = options.speech
    ? options.speech.cache
    : await openCache(store.takesSpeech ? options : inMemory(options));
  try {
    const host = await starting;
    const hosts = new SpeechHosts(host, startHost);
    const party = assemble(options, { registry, store, cache, hosts, cluster }, host.engines);
    await party.join();
    // No client knows of a process that is not known here, and no link is given out whose secret may be lost.
    await store.saved();
    return party;
  } catch (error) {
    await cluster?.close();
    await store.close();
    if (!options.speech) await cache?.close();
    throw error;
  }
}

function assemble(
  options: ChosenOptions,
  parts: Pick<PartyParts, "registry" | "store" | "cache" | "hosts" | "cluster">,
  hosted: readonly TTSEngine[],
): Party {
  const { registry, store, cache } = parts;
  const { journal, npcs, settings, generations } = store;
  const {
    id = DEFAULT_ID,
    secret = store.secret,
    dmToken,
    apiKey,
    tiers,
    health,
    pool,
    log,
    observers,
  } = options;
  const { observe } = observers;
  const speakWith = cache ? { speakWith: cache.speakWith } : {};
  const router = options.router
    ? asRouter(options.router)
    : new TTSRouter({
        engines: routed(options.engines, hosted),
        ...(tiers ? { tiers } : {}),
        ...(health ? { health } : {}),
        ...(pool?.hangMs === undefined ? {} : { hangMs: pool.hangMs }),
        log,
        observe,
        ...speakWith,
      });
  for (const name of registry.listEngines()) {
    if (engineNamed(name, options.engines.map(nameOf)) !== undefined) continue;
    log(
      `voice_registry.yaml has voices of the engine "${name}", which is not at this table: another one speaks`,
    );
  }
  const connections = connectionsOf(options.connections);
  observeTable(connections, observers);
  const carrier = parts.cluster?.lines;
  const speaking = { carrier, registry, router, connections, cache, journal, npcs, settings, observe };
  const known = {
    seats: isOurs(options.connections) ? store.seats : undefined,
    isHere: (player: string) => connections.connectionCount(player) > 0,
    isOtherRouter: options.router !== undefined,
  };
  const renderTurns = Math.max(1, parts.hosts.status().workers);
  const check: AudioStreamManagerOptions["check"] = (line) => checkLine(line, known);
  const findSound: FindSound = (name) => sounds.find(name);
  const streams = new AudioStreamManager({ renderTurns, ...options, ...speaking, check, findSound });
  const sounds = openSounds({ store, connections, streams, cluster: parts.cluster });
  const tokens = new TokenKeeper(secret, id, { dmToken, apiKey, generations });
  const lobby = new Lobby({ waitingPerPlayer: connections.perPlayer, ...options.door }, () =>
    observe({ type: "limit.reached", limit: "waiting_sockets" }),
  );
  const budget = new MessageBudget({ ...budgetLimits(connections.perPlayer), ...options.door });
  const isCacheShared = options.speech !== undefined;
  return new Party({
    ...parts,
    isCacheShared,
    observers,
    id,
    router,
    connections,
    streams,
    sounds,
    tokens,
    lobby,
    budget,
  });
}

/** Where nothing can be kept, nothing is tried. */
function inMemory({ cache, ...options }: ChosenOptions): ChosenOptions {
  return { ...options, cache: cache === false ? false : { ...cache, diskBytes: 0 } };
}

function connectionsOf(given: PartyOptions["connections"] = {}): ConnectionsShape {
  if (isMessageSender(given)) return new SenderConnections(given);
  return isConnections(given) ? given : new ConnectionManager(given);
}

/** Whether only who has a seat can be reached. */
function isOurs(given: PartyOptions["connections"]): boolean {
  return given === undefined || !(isMessageSender(given) || isConnections(given));
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

/** None of an object that cannot even be looked at. */
function usable(
  engine: WrittenEngineRef | TTSEngine,
  log: (message: string) => void,
): (WrittenEngineRef | TTSEngine)[] {
  return isEngineRef(engine) ? [engine] : usableEngines([engine], log);
}

function nameOf(engine: WrittenEngineRef | TTSEngine): string {
  return isEngineRef(engine) ? engineName(engine) : engine.name;
}

/** The engines in the given order; each reference is replaced by the engine that the host made for it. */
function routed(
  engines: readonly (WrittenEngineRef | TTSEngine)[],
  hosted: readonly TTSEngine[],
): TTSEngine[] {
  const left = [...hosted];
  return engines.flatMap((engine) => (isEngineRef(engine) ? left.splice(0, 1) : [engine]));
}

import type { TableSettings } from "../core/protocol/table-settings.ts";
import type { CacheOptions } from "../engines/cache/create-speech-cache.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import type { EngineRef, WrittenEngineRef } from "../engines/catalogue.ts";
import type { TTSEngine } from "../engines/contract/engine.ts";
import type { HealthOptions } from "../engines/routing/engine-health.ts";
import type { Synthesizer } from "../engines/routing/synthesizer.ts";
import type { TierMap } from "../engines/routing/tiers.ts";
import type { SpeechHostOptions } from "../pool/create-speech-host.ts";
import type { SpeechHost } from "../pool/speech-host.ts";
import type { LobbyLimits } from "./access/lobby.ts";
import type { BudgetLimits } from "./access/message-budget.ts";
import type { AudioStreamManagerOptions } from "./audio-stream-options.ts";
import type { Cluster } from "./cluster/cluster.ts";
import type { VoiceSource } from "./request/voice-resolver.ts";
import type { ConnectionsShape, RegistryShape, RouterShape } from "./shapes.ts";
import type { ConnectionManagerOptions } from "./transport/connection-manager.ts";
import type { MessageSender } from "./transport/sender-connections.ts";

/** What several parties speak with. */
export interface PartySpeech {
  readonly engines: readonly WrittenEngineRef[];
  readonly cache: SpeechCache | undefined;
  /** The workers as one party sees them. */
  hostFor(party: string): SpeechHost;
}

/** What a table is called that nobody named. */
export const DEFAULT_ID = "table";

export interface PartyOptions
  extends Omit<
    AudioStreamManagerOptions,
    | "registry"
    | "router"
    | "connections"
    | "cache"
    | "journal"
    | "npcs"
    | "settings"
    | "check"
    | "findSound"
    | "observe"
    | "carrier"
  > {
  /** Names the table in tokens and reports; default `table`. */
  id?: string;
  /** Folder of `voice_registry.yaml`, of what the cache keeps, and of all that outlasts a restart; without it the default
   *  voices are used and nothing is written. */
  campaignDir?: string;
  /** What was said is kept in the campaign's folder, and told to who comes back after a restart; false: it is not.
   *  `maxChars`: how much of it, about; the oldest goes. Default 1 Mi (1,048,576). */
  journal?: false | { maxChars?: number };
  /** In order of preference: names of engines that ship, modules that workers load, or objects, which run
   *  on this thread. Default `["espeak", "flite"]`. */
  engines?: readonly (EngineRef | TTSEngine | Synthesizer)[];
  /** Replaces single tiers of the router. */
  tiers?: Partial<TierMap>;
  /** When an engine is out of order, so that lines pass over it, and how it is tried again. */
  health?: HealthOptions;
  /** Engines, workers and a cache that several parties share, in the place of `engines`, `pool` and `cache`; they do not
   *  end with this party. */
  speech?: PartySpeech;
  /** Workers: how many, how patient. */
  pool?: Omit<SpeechHostOptions, "engines" | "observe">;
  /** How much of what was said is kept, so that it starts at once when it is said again; false: nothing. */
  cache?: false | CacheOptions;
  /** Heartbeat and queues of connections; or other connections, which at least send to a player and to all. */
  connections?: ConnectionManagerOptions | ConnectionsShape | MessageSender;
  /** Sockets that say nothing, and how much may be said on the others; by default more than devices need. */
  door?: Partial<LobbyLimits & BudgetLimits>;
  /** Other voices than those of the campaign's folder. */
  registry?: RegistryShape | VoiceSource;
  /** Another router, which at least has `synthesize(text, voice)`; it has its own engines. */
  router?: RouterShape | Synthesizer;
  /** Where several processes serve the party: how they come together. */
  cluster?: Cluster;
  /** Seated from the start, with those who had a seat before, but for those whose seats were taken away. */
  players?: readonly string[];
  /** What the table begins with; what the DM chooses later is kept, and goes before it. */
  settings?: Partial<TableSettings>;
  /** Signs tokens, at least 6 characters, better 32 random ones; by default one that is made once and kept in the
   *  campaign's folder; without a folder a new one each time, so that a restart ends old links. */
  secret?: string;
  /** Fixes the DM's token: at least 6 characters of ASCII, better 16 random ones. */
  dmToken?: string;
  /**
   * A fixed key for programs, which may do what a service's token lets them: speak, and ask for speech. By default there is
   * none. As long as the DM's token.
   */
  apiKey?: string;
  /** Where warnings go, one sentence each, in one line each and without controls; by default to LogTape where the program
   *  has configured that, else to `console.warn`. */
  log?: (message: string) => void;
}

/**
 * Bardcast speaks a line of text to a party of listeners, each in their own browser, while it is still
 * being synthesised. This is the public face; it starts nothing by itself.
 * @module bardcast
 */

/** Mono PCM in pieces, and the times of the words in it. */
export type { PcmPiece, WordTime } from "./core/dsp/audio.ts";
/** Errors have codes. */
export { BardcastError, type ErrorCode } from "./core/errors.ts";
/** What became of a line, and how the table is. */
export type {
  DeliveryReport,
  EngineStatus,
  PartyStatus,
  PlayerDelivery,
  QueuedUtterance,
} from "./core/protocol/api.ts";
export type { Audience } from "./core/protocol/speak-request.ts";
/** When text appears, and which lines are heard. */
export type { Reveal, Sounds, TableSettings } from "./core/protocol/table-settings.ts";
/** The text in what a language model's library streams. */
export { type ModelStream, textOf } from "./core/text/model/text-of.ts";
/** Whole sentences, kept so that they start at once when they are said again. */
export type { CacheOptions } from "./engines/cache/create-speech-cache.ts";
export type { SpeechCache, SpeechCacheStatus } from "./engines/cache/speech-cache.ts";
/** Engines by name, or modules of one's own that workers load. */
export {
  BUILTIN_ENGINES,
  type BuiltinEngine,
  type BuiltinEngines,
  type EngineFactory,
  type EngineModule,
  type EngineName,
  type EngineRef,
} from "./engines/catalogue.ts";
/** The contract of an engine. */
export type { EngineCapabilities, TTSEngine } from "./engines/contract/engine.ts";
export type { Encoding } from "./engines/contract/sentence-job.ts";
export type { TTSResult } from "./engines/contract/tts-result.ts";
/** When an engine counts as out of order, and how it is tried again. */
export type { HealthOptions } from "./engines/routing/engine-health.ts";
/** Chooses the engine, and the next one when it fails. */
export { TTSRouter } from "./engines/routing/router.ts";
/** Its engines, and what it does when they fail. */
export type { TTSRouterOptions } from "./engines/routing/router-options.ts";
/** The least that speaks: `{ synthesize(text, voice) }`. */
export type { SpokenBytes, SpokenResult, Synthesizer } from "./engines/routing/synthesizer.ts";
export type { SpeechContext, Tier, TierMap } from "./engines/routing/tiers.ts";
/** Signs, checks and revokes the tokens in join links. */
export { type Claims, TokenKeeper } from "./party/access/tokens.ts";
/** Says lines with whatever registry, router and connections it is given. */
export { AudioStreamManager } from "./party/audio-stream-manager.ts";
export type {
  AudioStreamManagerOptions,
  NpcStreamOptions,
  StreamOptions,
} from "./party/audio-stream-options.ts";
/** Sets a table: voices, engines, workers, connections. */
export { createParty } from "./party/create-party.ts";
/** One table, and what can be said at it. */
export type { Party } from "./party/party.ts";
export type { PartyOptions } from "./party/party-options.ts";
/** A line, and the handle on it. */
export type { Utterance, UtteranceRequest } from "./party/request/utterance.ts";
/** What finding a voice needs of a registry, and a line of connections. */
export type { VoiceSource } from "./party/request/voice-resolver.ts";
/** What may stand in the place of a table's parts: any object of the same shape. */
export type { ConnectionsShape, RegistryShape, RouterShape } from "./party/shapes.ts";
/** A line that may come to be said, and what was made of it. */
export type { Preparation, PrepareRequest } from "./party/speaking/preparer.ts";
export type { Audiences } from "./party/speaking/utterance-scheduler.ts";
export type { Connection } from "./party/transport/connection.ts";
/** Who is connected, and how to reach them. */
export { ConnectionManager, type ConnectionManagerOptions } from "./party/transport/connection-manager.ts";
/** What somebody may do at a table. */
export type { Role } from "./party/transport/role.ts";
/** The least that reaches players: `{ sendToPlayer, broadcast }`. */
export type { MessageSender } from "./party/transport/sender-connections.ts";
/** What a runtime's WebSocket has to look like to be connected. */
export type { Socket } from "./party/transport/socket.ts";
export type { NpcTraits } from "./voices/npc-traits.ts";
export type { VoiceConfig } from "./voices/voice-config.ts";
/** Which voice belongs to whom, kept in `voice_registry.yaml`. */
export { VoiceRegistry } from "./voices/voice-registry.ts";

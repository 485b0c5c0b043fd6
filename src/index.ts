/**
 * Bardcast speaks a line of text to a party of listeners, each in their own browser, while it is still
 * being synthesised. This is the public face; it starts nothing by itself.
 * @module
 */

/** Mono PCM in pieces, and the times of the words in it. */
export type { PcmPiece, WordTime } from "./core/audio.ts";
/** Errors have codes. */
export { BardcastError, type ErrorCode } from "./core/errors.ts";
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
  type EngineRef,
} from "./engines/catalogue.ts";
/** The contract of an engine. */
export type { EngineCapabilities, TTSEngine } from "./engines/engine.ts";
/** When an engine counts as out of order, and how it is tried again. */
export type { HealthOptions } from "./engines/engine-health.ts";
/** Chooses the engine, and the next one when it fails. */
export { type EngineStatus, TTSRouter, type TTSRouterOptions } from "./engines/router.ts";
export type { Encoding } from "./engines/sentence-job.ts";
/** The least that speaks: `{ synthesize(text, voice) }`. */
export type { SpokenBytes, SpokenResult, Synthesizer } from "./engines/synthesizer.ts";
export type { SpeechContext, Tier, TierMap } from "./engines/tiers.ts";
export type { TTSResult } from "./engines/tts-result.ts";
/** Says lines with whatever registry, router and connections it is given. */
export {
  AudioStreamManager,
  type AudioStreamManagerOptions,
  type NpcStreamOptions,
  type StreamOptions,
} from "./party/audio-stream-manager.ts";
/** What finding a voice needs of a registry, and a line of connections. */
export type { Voices } from "./party/casting.ts";
export type { Connection, Role } from "./party/connection.ts";
/** Who is connected, and how to reach them. */
export { ConnectionManager, type ConnectionManagerOptions } from "./party/connection-manager.ts";
/** Sets a table: voices, engines, workers, connections. */
export { createParty } from "./party/create-party.ts";
/** One table, and what can be said at it. */
export type { Party } from "./party/party.ts";
export type { PartyOptions } from "./party/party-options.ts";
export type { PartyStatus, QueuedLine } from "./party/party-status.ts";
/** A line that may come to be said, and what was made of it. */
export type { LikelyLine, Preparation } from "./party/preparer.ts";
/** The least that reaches players: `{ sendToPlayer, broadcast }`. */
export type { MessageSender } from "./party/sender-connections.ts";
/** What may stand in the place of a table's parts: any object of the same shape. */
export type { ConnectionsShape, RegistryShape, RouterShape } from "./party/shapes.ts";
/** What a runtime's WebSocket has to look like to be connected. */
export type { Socket } from "./party/socket.ts";
export type { Audiences } from "./party/stage.ts";
/** Signs, checks and revokes the tokens in join links. */
export { type Claims, TokenKeeper } from "./party/tokens.ts";
/** A line, the handle on it, and what became of it. */
export type { Audience, DeliveryReport, Line, PlayerDelivery, Utterance } from "./party/utterance.ts";
export type { NpcTraits } from "./voices/npc-traits.ts";
export type { VoiceConfig } from "./voices/voice-config.ts";
/** Which voice belongs to whom, kept in `voice_registry.yaml`. */
export { VoiceRegistry } from "./voices/voice-registry.ts";

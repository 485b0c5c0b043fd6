/**
 * What may stand in the place of the parts of a table: any object of the same shape, and smaller ones.
 * @module
 */
import { BardcastError } from "../core/errors.ts";
import { PLAIN_SETTINGS } from "../core/text/spoken/spoken-settings.ts";
import type { TTSRouter } from "../engines/routing/router.ts";
import type { VoiceRegistry } from "../voices/voice-registry.ts";
import type { AudioStreamManager } from "./audio-stream-manager.ts";
import type { VoiceSource } from "./request/voice-resolver.ts";
import type { ConnectionManager } from "./transport/connection-manager.ts";

/** A class without what is private to it. */
type Shape<T> = Pick<T, keyof T>;

export type RegistryShape = Shape<VoiceRegistry>;
/** One that has its own engines takes no others, and loads their voices itself; it may not list them. */
export type RouterShape = Omit<Shape<TTSRouter>, "add" | "load" | "getVoices" | "engineNames"> &
  Partial<Pick<TTSRouter, "add" | "load" | "getVoices" | "engineNames">>;
export type ConnectionsShape = Shape<ConnectionManager>;
export type StreamsShape = Shape<AudioStreamManager>;

/** A whole registry of one that at least finds voices: it has no list of them, and takes no others. */
export function asRegistry(given: RegistryShape | VoiceSource): RegistryShape {
  if ("save" in given && "listCharacters" in given) return given;
  const refuse = (): never => {
    throw new BardcastError(
      "bad-request",
      "the voices of this table are somebody else's: they are changed there",
    );
  };
  return {
    problem: undefined,
    getVoiceConfig: (speaker) => given.getVoiceConfig(speaker),
    getNpcVoice: (name, traits) => given.getNpcVoice(name, traits),
    getCastVoice: (name, traits) => given.getCastVoice?.(name, traits),
    getCharacter: (name) => given.getCharacter?.(name),
    listCharacters: () => [],
    setCharacter: refuse,
    listOverrides: () => [],
    listArchetypes: () => [],
    listEngines: () => [],
    spoken: PLAIN_SETTINGS,
    getLexicon: () => ({}),
    setLexicon: refuse,
    setNpcVoice: refuse,
    setArchetypeDefault: refuse,
    removeNpcVoice: () => false,
    save: async () => refuse(),
    text: "",
    use: refuse,
    refresh: async () => undefined,
    watch: () => () => undefined,
  };
}

/**
 * Engines that speak through a network service. `service.ts` is what a service's file has to bring: its wire
 * and no more. `service-engine.ts` makes an engine of it: patience, retries, so many at once, no key in an error.
 * @module
 */
import type { PcmPiece, WordTime } from "../../../core/dsp/audio.ts";
import type { EngineCapabilities } from "../../contract/engine.ts";
import type { EngineVoice } from "../../contract/engine-voice.ts";
import type { StandIns } from "./stand-in-voices.ts";

/** One sentence for a service. */
export interface ServiceOrder {
  text: string;
  /** The service's own name for the voice; may be empty where the service has a default. */
  voice: string;
  /** BCP 47, lower-cased. */
  language: string;
  /** 1 = normal; 0.25…4. */
  speed: number;
  /** Semitones. */
  pitch: number;
  /** How to say it, in words. */
  instructions: string | undefined;
}

export interface ServiceCall {
  /** Aborted when nobody wants the rest, or patience is at its end; the connection must end with it. */
  signal: AbortSignal;
  /** Called once the service has answered; until then the patience is that for connecting. */
  connected(): void;
}

/** When words are heard, in ms from the start of the sentence. */
export interface ServiceWords {
  words: readonly WordTime[];
}

/** An item of a service's answer: sound, or word times. */
export type ServiceNews = PcmPiece | ServiceWords;

/** The wire of one service, and what it can do. */
export interface SpeechService {
  readonly capabilities: EngineCapabilities;
  /** BCP 47 tags, lower-cased. */
  readonly languages: readonly string[];
  /** Spoken with where the voice asked for is not the service's. */
  readonly defaultVoice: string;
  /** What to do before it can be asked; undefined where everything is there. */
  readonly missing: string | undefined;
  /** What no message may contain. */
  readonly secrets: readonly string[];
  /** Whether the id can be one of its voices, by its look. */
  isVoice(id: string): boolean;
  /** Those of its voices that are known by name. */
  listVoices?(): readonly EngineVoice[];
  /** Its voices for those of other engines, in a language (BCP 47); the default voice is what speaks for the rest. */
  standIns?(language: string): StandIns | undefined;
  /** Loads what the first sentence would otherwise wait for. */
  prepare?(): Promise<void>;
  /** False where `prepare` did not reach the service: it is called again before there is something to say. */
  readonly isPrepared?: boolean | undefined;
  /** @throws ServiceError; `voice-unknown` where the service does not know the order's voice */
  speak(order: ServiceOrder, call: ServiceCall): AsyncIterable<ServiceNews>;
}

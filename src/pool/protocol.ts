import type { PcmPiece } from "../core/dsp/audio.ts";
import type { WireError } from "../core/errors.ts";
import type { IpaStretch } from "../core/text/spoken/spoken-text.ts";
import type { WrittenEngineRef } from "../engines/catalogue.ts";
import type { EngineCapabilities } from "../engines/contract/engine.ts";
import type { EngineVoice } from "../engines/contract/engine-voice.ts";
import type { SentenceEvent, SentenceJob } from "../engines/contract/sentence-job.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";

/** A sentence to speak, down to the messages that are sent. */
export interface SpeakOrder {
  kind: "speak";
  /** Name of the engine. */
  engine: string;
  job: SentenceJob;
}

/** A sentence to synthesise only. */
export interface SynthesizeOrder {
  kind: "synthesize";
  /** Name of the engine. */
  engine: string;
  text: string;
  ipa?: readonly IpaStretch[];
  voice: VoiceConfig;
}

/** To find out whether an engine speaks again; it yields nothing. */
export interface ProbeOrder {
  kind: "probe";
  /** Name of the engine. */
  engine: string;
}

/** To begin to load a voice; it yields nothing. */
export interface LoadOrder {
  kind: "load";
  /** Name of the engine. */
  engine: string;
  voice: VoiceConfig;
}

/** What an engine may be asked to do; plain data, so that it can cross threads. */
export type Order = SpeakOrder | SynthesizeOrder | LoadOrder | ProbeOrder;

/** What an order yields. */
export type OrderItem<O extends Order = Order> = O extends SpeakOrder ? SentenceEvent : PcmPiece;

/** What became of an engine that was loaded and warmed up. */
export interface EngineReport {
  name: string;
  capabilities: EngineCapabilities;
  /** BCP 47 tags, lower-cased. */
  languages: readonly string[];
  /** What it says of its voices, where it lists them. */
  voices?: readonly EngineVoice[];
  /** Whether it has a `probe`. */
  probes: boolean;
  /** Whether it has a `load`. */
  loads?: boolean;
  /** Why it cannot speak here; absent where it can. */
  problem?: WireError;
  /** What that comes from, for the operator's eyes only: it may quote paths and code. */
  cause?: string;
}

/** What a worker does when it is called, by comlink. Nothing here ever throws: comlink drops error codes. */
export interface SpeechWorker {
  /** Answers, which proves that the worker is there and not stuck. */
  ping(): void;
  /** The port over which orders come and what they yield goes. */
  connect(port: MessagePort): void;
  /** Loads an engine and warms it up. `withinMs`: when to stop waiting for it. */
  prepare(ref: WrittenEngineRef, withinMs: number): Promise<EngineReport>;
}

/** Items a worker may be ahead of whoever takes them. */
export const WINDOW = 16;

/** Host → worker, over the port. An order comes only after the one before was answered. */
export type ToWorker =
  | { type: "order"; order: Order }
  /** So many more items were taken; at the start of an order there are `WINDOW`. */
  | { type: "credit"; count: number }
  /** Nobody wants the rest. */
  | { type: "cancel" }
  /** Nor may anybody wait any longer for the engine to stop. */
  | { type: "abandon" };

/** Worker → host, over the port. `done` or `failed` comes once for each order, also for a cancelled one. */
export type FromWorker =
  | { type: "item"; item: OrderItem }
  | { type: "done" }
  | { type: "failed"; error: WireError };

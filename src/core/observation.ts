import type { ErrorCode } from "./errors.ts";

/**
 * Limits that something ran into, as metrics name them. The size of a message is not among them: most runtimes enforce
 * it and say nothing of it.
 */
export const LIMITS = [
  /** Utterances that may be speaking or waiting at once. */
  "utterances",
  /** Sentences that may wait for a worker. */
  "speech_queue",
  /** Bytes that may wait for one connection, or the time without any draining. */
  "connection_queue",
  /** Connections of one player. */
  "connections_per_player",
  /** Requests and sockets of one address. */
  "connections_per_address",
  /** Sockets that have not said hello. */
  "waiting_sockets",
  "tickets",
  /** Messages of one player. */
  "player_budget",
  /** The same of one address. */
  "address_budget",
  /** Sessions of programs that come in by MCP. */
  "mcp_sessions",
  /** Texts that are spoken for other programs at once. */
  "speeches",
  /** Connections of programs that speak Wyoming. */
  "wyoming_connections",
] as const;
export type Limit = (typeof LIMITS)[number];

/** Ways in for programs of others. */
export const DOORS = ["openai", "mcp", "wyoming"] as const;
export type Door = (typeof DOORS)[number];

/** How an utterance ended, in numbers. */
export interface UtteranceOutcome {
  /** At least one listener was handed all of it. */
  isDelivered: boolean;
  isCancelled: boolean;
  listeners: number;
  sentences: number;
  /** ms of audio that was made. */
  audioMs: number;
  /** Times the sound ran dry, all listeners together. */
  underruns: number;
  /** Why sentences have no audio, or not the voice they should have. */
  problems: readonly ErrorCode[];
}

/**
 * What happens at a table, told to whoever measures, traces or logs it. Nothing of it is a text, a token, an address or
 * the name of a player: it may be read by people for whom the utterance was not.
 */
export type Observation =
  /** `context`: one that engines are chosen by, or `other`: the rest is in somebody's own words. */
  | { type: "utterance.begun"; utterance: string; context: string; isPrivate: boolean; listeners: number }
  /** The first sound of it is there to be sent. */
  | { type: "utterance.first-audio"; utterance: string; afterMs: number }
  /** The last chunk has left. */
  | { type: "utterance.handed-over"; utterance: string; outcome: UtteranceOutcome }
  /** It is known how much of it everybody heard. */
  | { type: "utterance.done"; utterance: string; outcome: UtteranceOutcome }
  | { type: "sentence.begun"; utterance: string; sentence: number }
  /** `isKept`: it was said before, and no engine was asked. */
  | {
      type: "sentence.spoken";
      utterance: string;
      sentence: number;
      engine: string;
      audioMs: number;
      isKept: boolean;
    }
  | { type: "sentence.failed"; utterance: string; sentence: number; code: ErrorCode }
  /** A sentence waited so long for a worker. */
  | { type: "worker.waited"; waitedMs: number }
  /** An engine made `audioMs` of sound in `tookMs`, without what it waited for a worker. */
  | { type: "engine.spoke"; engine: string; tookMs: number; audioMs: number }
  | { type: "engine.failed"; engine: string; code: ErrorCode }
  /** A client said how it hears. `skewMs`: by how much it plays late, where it keeps step. */
  | { type: "client.reported"; state: string; skewMs: number | undefined }
  | { type: "limit.reached"; limit: Limit }
  /** Somebody was answered with an error. */
  | { type: "error.told"; code: ErrorCode; over: "http" | "socket" | Door }
  /** A program of others asked for something by its own door. */
  | { type: "door.used"; door: Door }
  /** It was given the first of what it asked for. */
  | { type: "door.answered"; door: Door; afterMs: number }
  /** Sound was made for it. */
  | { type: "door.spoke"; door: Door; audioMs: number }
  /** Nothing more is observed. */
  | { type: "party.closed" };

/** Takes what happens, at once. Never throws. */
export type Observe = (observation: Observation) => void;

/** For where nobody looks. */
export const unobserved: Observe = () => undefined;

/** Those who look. One that throws does not keep the others, nor the table, from going on. */
export class Observers {
  readonly #observers = new Set<Observe>();

  readonly observe: Observe = (observation) => {
    for (const observer of this.#observers) {
      try {
        observer(observation);
      } catch {
        // The table goes on.
      }
    }
  };

  /** Tells `observer` from now on, until the returned function is called. */
  add(observer: Observe): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }
}

/**
 * The server's answers as the console reads them; see the HTTP API for the rest of their fields.
 * @module
 */

import type { ListenerState, Presence } from "../../core/protocol/v2.ts";

/** Everyone, or players by id. */
export type Audience = "all" | readonly string[];

export interface PlayerStatus {
  id: string;
  connections: number;
  state: Presence["state"];
  /** ms by which the device of the player's that spoke last plays late, as it says; while it keeps step. */
  skewMs?: number;
  /** That device does not say truthfully when sound leaves it. */
  untrusted?: true;
}

export interface EngineStatus {
  name: string;
  available: boolean;
  /** Why lines pass over it for now. */
  outOfOrder?: string;
  tiers: readonly string[];
}

/** Why a player did not hear all of a line; others than these may come. */
export type MissedReason = "left" | "lost" | "silent" | "skipped" | "late" | "behind" | "dropped";

/** How far a player heard the line that is speaking. */
export interface LiveListener {
  player: string;
  heardMs: number;
  state: ListenerState;
  underruns: number;
  reason?: MissedReason;
}

export interface QueuedLine {
  utterance: string;
  speaker: string;
  to: Audience;
  text: string;
  /** `heard`: all of it is on its way to the listeners' ears; `interrupted`: it goes on after another line. */
  state: "waiting" | "speaking" | "interrupted" | "heard";
  /** ms of sound made so far. */
  durationMs: number;
  players: readonly LiveListener[];
}

export interface LineReport {
  delivered: boolean;
  /** Players who were there. */
  listeners: number;
  durationMs: number;
  engines: readonly string[];
  players: readonly {
    player: string;
    complete: boolean;
    reason?: MissedReason;
    textOnly: boolean;
    muted: boolean;
    heardMs: number;
  }[];
  problems: readonly { code: string; message: string }[];
}

export interface RecentLine {
  utterance: string;
  speaker: string;
  to: Audience;
  text: string;
  /** `broken-off`: the server ended in the middle of it and was started anew. */
  state: "done" | "cancelled" | "failed" | "broken-off";
  report: LineReport;
}

export interface Status {
  party: string;
  players: readonly PlayerStatus[];
  engines: readonly EngineStatus[];
  queue: readonly QueuedLine[];
  /** Newest first. */
  recent: readonly RecentLine[];
}

export interface Voices {
  speakers: readonly string[];
  races: readonly string[];
  genders: readonly string[];
}

export interface Invite {
  id: string;
  token: string;
  url: string;
}

export interface Npc {
  name: string;
  race?: string;
  gender?: string;
}

/** A line to be said, as `POST api/speak` takes it. */
export interface NewLine {
  text: string;
  to: Audience;
  speaker?: string;
  npc?: Npc;
  context?: string;
}

import type { ReadAloud } from "./output/browser-voice.ts";
import type { StepSource, StepState } from "./output/step.ts";
import type { PartyClient } from "./party-client.ts";
import type { CreateOpusDecoder } from "./playout/opus.ts";
import type { PlayoutHost, RemotePlayout, SpokenPlace } from "./playout/playout.ts";
import type { HeardReport } from "./session/heard-outbox.ts";
import type { LineClip } from "./session/line.ts";

/**
 * `locked`: nobody tapped yet. `interrupted`: a call, a locked screen or another page took the sound away;
 * it comes back by itself with the page, or with a tap.
 */
export type PlayerState = "locked" | "running" | "interrupted" | "closed";

/**
 * Why something is not heard: `full`: too much was waiting; `missed`: the others had finished hearing it
 * before there was sound here; `undecodable`: this browser cannot play it.
 */
export type DropReason = "full" | "missed" | "undecodable";

/** A place in what is said: the line, the sentence of it and the word in that, as far as they are known. */
export type Spoken = Partial<SpokenPlace>;

export interface PlayerEvents {
  state: PlayerState;
  /**
   * What is being said now; undefined in silence. Lines of the v2 wire go on while nothing can be heard, so
   * that captions can follow.
   */
  spoken: Spoken | undefined;
  /** v2: how well step is kept with the table; undefined while it is not. */
  step: StepState | undefined;
  /** v2: how far a line was heard. */
  heard: HeardReport;
  /** A clip, or a part of a line, that is not heard. */
  dropped: { line: string | undefined; clip?: LineClip; reason: DropReason };
}

/** What a player needs of a client. */
export interface LineSource extends Pick<PartyClient, "on" | "heard" | "change">, StepSource {
  /** Plays its lines itself, elsewhere than on the page's thread. */
  playLines?(host: PlayoutHost): RemotePlayout;
}

export interface PlayerOptions {
  /** Sound that may be queued, scheduled or not. Default 120 s; the oldest clip that waits goes first. */
  maxQueuedMs?: number;
  /** Bytes of clips that are not decoded yet. Default 32 MiB; the oldest goes first. */
  maxQueuedBytes?: number;
  /** Instead of an `AudioContext` at 24 kHz, where there can be one. */
  createContext?: () => AudioContext;
  /** Instead of libopus. */
  createOpus?: CreateOpusDecoder;
  /** Instead of `speechSynthesis`. */
  readAloud?: ReadAloud;
  /**
   * Where the module of the worklet is that plays in step in secure contexts; by default beside this module,
   * which bundlers do not see. Without it sound is played in blocks.
   */
  workletUrl?: string | URL;
  /** A clock in ms; default `performance.now`. */
  now?: () => number;
  /** Calls `tick` every so many ms until the function it gave back is called; default `setInterval`. */
  every?: (ms: number, tick: () => void) => () => void;
}

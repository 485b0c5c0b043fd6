import type { ReadAloud } from "../output/browser-voice.ts";
import type { Sound } from "../output/sound.ts";
import type { StepState } from "../output/step-state.ts";
import type { HeardReport } from "../session/heard-outbox.ts";
import type { LinePlace } from "./utterance-player-options.ts";

/** What plays the lines of the v2 wire for a player: on the page's thread, or in a worker. */
export interface Lines {
  /** Whether there is anything to look after. */
  readonly isBusy: boolean;
  /** What is being said now; while nothing can be heard, what would be. */
  readonly spoken: LinePlace | undefined;
  /** ms of sound that are held back at a start out of step. */
  readonly cushionMs: number;
  /** How well step is kept; undefined where it is not. */
  readonly step: StepState | undefined;
  /** There is sound from now on, or there is none. */
  moveTo(sound: Sound | undefined): void;
  /** Louder, softer or muted: what has fallen silent is only read. */
  volumeChanged(): void;
  /** ms by which this device sounds late although it says otherwise. */
  trim(ms: number): void;
  /** Clicks on each of the coming seconds of the table's clock, where step is kept. */
  click(): void;
  /** Goes on to the next line. */
  skip(): void;
  /** Falls silent within 10 ms and forgets every line that has begun. */
  stop(): void;
  /** Looks what has been heard, and does what is due. Wants to be called 20 times a second while busy. */
  tick(): void;
}

/** Lines that are played elsewhere than on the page's thread. */
export interface DistantLines extends Lines {
  /** Plays them for this player no more. */
  leave(): void;
}

/** What lines in a worker need of the player that they are played for. */
export interface LinesHost {
  /** 0…1, 0 while muted. */
  volume(): number;
  readonly readAloud: ReadAloud;
  /** Where the worklet's module is; undefined: beside this one. */
  readonly workletUrl: string | URL | undefined;
  onHeard(report: HeardReport): void;
  onDropped(line: string, reason: "full" | "undecodable"): void;
  /** There may be something to tell. */
  wake(): void;
}

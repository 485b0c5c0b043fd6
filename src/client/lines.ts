import type { LinePlace } from "./line-player-options.ts";
import type { Stage } from "./stage.ts";
import type { StepState } from "./step-state.ts";

/** Where lines can be heard. */
export interface LineSound {
  /** Where they sound as soon as they can. */
  readonly stage: Stage;
  /** Where they sound when everyone else at the table hears them; undefined while that cannot be told. */
  readonly inStep?: Stage | undefined;
}

/** What plays the lines of the v2 wire for a player: on the page's thread, or on another. */
export interface Lines {
  /** Whether there is anything to look after. */
  readonly isBusy: boolean;
  /** What is being said now; while nothing can be heard, what would be. */
  readonly spoken: LinePlace | undefined;
  /** ms of sound that are held back at a start out of step. */
  readonly cushionMs: number;
  /** How well it keeps step; undefined where it does not. */
  readonly step: StepState | undefined;
  /** There is sound from now on, or there is none. */
  moveTo(sound: LineSound | undefined): void;
  /** Louder, softer or muted. */
  volumeChanged(): void;
  /** Goes on to the next line. */
  skip(): void;
  /** Falls silent within 10 ms and forgets every line that has begun. */
  stop(): void;
  /** Looks what has been heard, and does what is due. Wants to be called 20 times a second while busy. */
  tick(): void;
}

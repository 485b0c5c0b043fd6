import type { ReadAloud } from "../output/browser-voice.ts";
import type { Sound } from "../output/sound.ts";
import type { StepState, TimedSound } from "../output/step.ts";
import type { HeardReport } from "../session/heard-outbox.ts";
import type { TextPlace } from "../session/transcript.ts";

/** A place in what is said: the utterance, and as far as they are known its sentence and word. */
export type SpokenPlace = { line: string } & Partial<TextPlace>;

/** What plays the utterances of the v2 wire for a player: on the page's thread, or in a worker. */
export interface Playout {
  /** Whether there is anything to look after. */
  readonly isBusy: boolean;
  /** What is being said now; while nothing can be heard, what would be. */
  readonly spoken: SpokenPlace | undefined;
  /** ms of sound that are held back at a start out of step. */
  readonly jitterDelayMs: number;
  /** How well step is kept; undefined while it is not. */
  readonly step: StepState | undefined;
  /** Plays on that sound from now on, or unheard. */
  moveTo(sound: Sound | undefined): void;
  /** The volume has changed. A sentence read aloud that can no longer be heard is only shown. */
  volumeChanged(): void;
  /** Takes the ms by which this device sounds late although it says otherwise. */
  trim(ms: number): void;
  /** Where step is kept: clicks on each of the coming seconds of the table's clock, or gives out a sound at its moments. */
  click(sound?: TimedSound): void;
  /** Goes on to the next utterance. */
  skip(): void;
  /** Falls silent within 10 ms and forgets every utterance that has begun. */
  stop(): void;
  /** Notes what has been heard and does what is due. Call it 20 times a second while busy. */
  tick(): void;
}

/** Playout elsewhere than on the page's thread. */
export interface RemotePlayout extends Playout {
  /** Stops playing for this player. */
  leave(): void;
}

/** What playout needs of the player it works for. */
export interface PlayoutHost {
  /** 0…1, 0 while muted. */
  volume(): number;
  readonly readAloud: ReadAloud;
  /** Where the worklet's module is; undefined: beside this one. */
  readonly workletUrl: string | URL | undefined;
  onHeard(report: HeardReport): void;
  onDropped(utterance: string, reason: "full" | "undecodable"): void;
  /** There may be something to report. */
  wake(): void;
}

import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { AudioPart, PlaybackPart, ReadPart } from "./playback-part.ts";

/** How far a line was heard. */
export interface LastHeard {
  /** The last part of which anything was given to the ear. */
  part: PlaybackPart | undefined;
  /** Whether that was all of it. */
  isDone: boolean;
}

/** How much of a line was heard: what is heard again, or while it is muted, does not count. */
export class HeardProgress implements LastHeard {
  part: PlaybackPart | undefined;
  isDone = false;
  /** Times the sound ran dry. */
  underruns = 0;
  /** A browser's voice was heard. */
  hasVoice = false;
  #samples = 0;
  #mark = 0;

  /** Sound that left the loudspeaker. */
  get ms(): number {
    return Math.round((this.#samples * 1000) / V2_SAMPLE_RATE);
  }

  /** Samples `from` to `to` of the line went by. */
  hear(part: AudioPart, from: number, to: number, isAudible: boolean): void {
    this.part = part;
    this.isDone = to >= part.pts + part.length;
    if (!isAudible) return;
    this.#samples += Math.max(0, to - Math.max(from, this.#mark));
    this.#mark = Math.max(this.#mark, to);
  }

  /** A sentence without sound is being read, or was read to its end. */
  read(part: ReadPart, isDone: boolean): void {
    this.part = part;
    this.isDone = isDone;
  }
}

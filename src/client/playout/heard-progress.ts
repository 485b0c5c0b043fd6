import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { AudioPart, PlaybackPart, ReadPart } from "./playback-part.ts";

/** The part of an utterance that was heard last. */
export interface LastHeard {
  /** The last part of which anything was heard. */
  readonly part: PlaybackPart | undefined;
  /** Whether that was all of it. */
  readonly isDone: boolean;
}

/** How much of an utterance was heard: what is heard again, or while it is muted, does not count. */
export class HeardProgress implements LastHeard {
  #part: PlaybackPart | undefined;
  #isDone = false;
  #underruns = 0;
  #hasVoice = false;
  #samples = 0;
  #upTo = 0;

  get part(): PlaybackPart | undefined {
    return this.#part;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Times the sound ran dry. */
  get underruns(): number {
    return this.#underruns;
  }

  /** Whether a browser's voice was heard. */
  get hasVoice(): boolean {
    return this.#hasVoice;
  }

  /** ms of sound that left the loudspeaker. */
  get ms(): number {
    return Math.round((this.#samples * 1000) / V2_SAMPLE_RATE);
  }

  /** Samples `from` to `to` of the utterance went by. */
  hear(part: AudioPart, from: number, to: number, isAudible: boolean): void {
    this.#part = part;
    this.#isDone = to >= part.pts + part.length;
    if (!isAudible) return;
    this.#samples += Math.max(0, to - Math.max(from, this.#upTo));
    this.#upTo = Math.max(this.#upTo, to);
  }

  /** A sentence without sound begins to be read. */
  beginReading(part: ReadPart): void {
    this.#part = part;
    this.#isDone = false;
  }

  /** The reading is over. @param isDone to its end @param wasHeard by a browser's voice */
  endReading(part: ReadPart, isDone: boolean, wasHeard: boolean): void {
    this.#hasVoice ||= wasHeard;
    if (!isDone) return;
    this.#part = part;
    this.#isDone = true;
  }

  /** The sound ran dry. */
  ranDry(): void {
    this.#underruns += 1;
  }
}

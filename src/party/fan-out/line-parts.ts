import type { WordTime } from "../../core/dsp/audio.ts";
import type { DeliveryReport } from "../../core/protocol/api.ts";
import type { SpeechFallbackMessage } from "../../core/protocol/v2.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { AudioClip, AudioFrame } from "./audio-frame.ts";
import type { MessageNumbers } from "./message-log.ts";

/** What the listeners of a line are told of it, in this order; it can be written as JSON. Times called `at` are ms since the epoch. */
export type LineMessage =
  /** All of its text at once, for dm20. */
  | { is: "whole"; text: string; at: number }
  /** A sentence of its text; on dm20 too, where the text is still being written. */
  | { is: "sentence"; sentence: number; text: string; at: number }
  /** When the words of a sentence are said, counted from its beginning at `atMs` of the line. */
  | {
      is: "times";
      sentence: number;
      text: string;
      atMs: number;
      words: readonly WordTime[];
      estimated: boolean;
    }
  /** A sound of the place is heard there in the line: name of a built-in one, or id of a file. */
  | { is: "sound"; sound: string; gain: number; seed: number; atMs: number }
  /** A sentence has no sound. */
  | {
      is: "fallback";
      sentence: number;
      mode: SpeechFallbackMessage["mode"];
      reason: string;
      atMs: number;
    }
  /** From that place on those in step hear it from that time on. */
  | { is: "move"; fromMs: number; startAt: number }
  /** It waits for its turn, and that is another one now. */
  | { is: "turn"; priority: number; order: number }
  | { is: "cancel" }
  /** Everybody has heard all that they will; what is known of all of them. */
  | { is: "over"; report?: DeliveryReport | undefined }
  /** All of it was made: so many frames, of so many samples, and so many clips; −1 frames: whoever made it is gone. */
  | { is: "end"; isBroken: boolean; frames: number; samples: number; clips: number };

/** Where the maker of a line puts what the line is made of. It does not know who listens, and where. */
export interface LineSink {
  message(message: LineMessage): void;
  /** A sentence is begun in these encodings. */
  beginSentence(encodings: readonly Encoding[]): void;
  frame(frame: AudioFrame): void;
  clip(clip: Omit<AudioClip, "fromMs">): void;
  /** The sentence is complete. */
  endSentence(): void;
  /** Nothing more of the sentence is made, whether it is complete or not. */
  leaveSentence(): void;
}

/** What the maker of a line asks about those who listen. */
export interface LineDemand {
  readonly hasListeners: boolean;
  /** The encodings that the next sentence is needed in. */
  readonly encodings: readonly Encoding[];
  /** Waits until somebody has begun the last sentence that was made. False where nobody listens any more. */
  wanted(): Promise<boolean>;
}

/** What listeners in this process need of a line that is made in another one. */
export interface LineNeed {
  /** The furthest sentence that one of them has asked for; −1: none. */
  asked: number;
  /** How many read its sound. */
  readers: number;
  encodings: readonly Encoding[];
}

/** What listeners in other processes need of a line that is made here. */
export interface NeedElsewhere extends LineNeed {
  /** ms that one of those in step needs from sending to hearing; undefined: none of them has said. */
  latencyMs: number | undefined;
}

/**
 * A line whose listeners are in several processes. Everything that it is made of comes to `ActiveUtterance` from here, in
 * the same order in all of them, also where it is made in this one.
 */
export interface CarriedLine {
  /** The same in all processes. */
  readonly numbers: MessageNumbers;
  /** Where it is made here: where its maker puts what it makes, to be carried. */
  readonly sink: LineSink | undefined;
  /** Where it is made here: what the others need. */
  readonly elsewhere: NeedElsewhere;
  /** Resolves when the others have said what they need, or have had the time to. Never rejects. */
  known(): Promise<void>;
  /** Calls back when the others need more, or something else. */
  onNeed(listener: () => void): void;
  /** Where it is made elsewhere: what is needed here is to be looked at. */
  needs(look: () => LineNeed): void;
  /** Where it is made elsewhere: somebody in step here is free to hear it from that time on. */
  start(freeAt: number): void;
  /** Where it is made elsewhere: this process ends, and what its listeners need stands as it is until they come back elsewhere. */
  leave(): void;
  /** Where it is made elsewhere: resolves when it is over there, so that nobody comes back to it any more. */
  readonly over: Promise<void>;
  /** Where it is made elsewhere: nobody has said here what became of it at all listeners. */
  readonly isUnknown: boolean;
  /** Has it cancelled for everybody. */
  cancel(): void;
  /** What is known so far of those who listen in other processes. */
  readonly reports: readonly DeliveryReport[];
  /** How far those have heard it by now who listen in other processes, ms; undefined: not at all. */
  readonly heardMs: number | undefined;
  /**
   * Takes what is known of the listeners here. Resolves with what is known of all, where it is made here or has been told.
   * Never rejects.
   * @param isWhole whether all of it was made that should have been heard
   */
  report(stage: ReportStage, own: DeliveryReport, isWhole: boolean): Promise<DeliveryReport>;
}

/** What is known of a line: that all of it was handed over, and at last how it was heard. */
export type ReportStage = "handed-over" | "done";

import { Timeline } from "../../core/clock/timeline.ts";
import {
  type SpeechBeginMessage,
  type SpeechFallbackMessage,
  V2_SAMPLE_RATE,
} from "../../core/protocol/v2.ts";
import type { LineFrame } from "../session/table-events.ts";
import { HeardProgress, type LastHeard } from "./heard-progress.ts";
import type { CreateOpusDecoder } from "./opus.ts";
import type { AudioPart, PlaybackPart, ReadPart } from "./playback-part.ts";
import { ReorderBuffer } from "./reorder-buffer.ts";
import { SentenceTimes } from "./sentence-times.ts";
import { samplesIn, UtteranceDecoder } from "./utterance-decoder.ts";

/** Times come in whole ms. */
const ROUNDING = V2_SAMPLE_RATE / 1000;

/**
 * One line: its frames in order and what has no sound in its place, from the beginning of the sentence
 * being heard to the last that came; and how far it was given out.
 */
export class UtterancePlayback {
  readonly id: string;
  readonly texts: SentenceTimes = new SentenceTimes();
  readonly heard: HeardProgress = new HeardProgress();
  begin: SpeechBeginMessage;
  /** When each of its moments is heard by everyone in step. */
  readonly timeline: Timeline = new Timeline();
  /** It was held up here alone: its rest is heard as soon as possible. */
  isOutOfStep = false;
  /** What came last of it came too late to be heard in step. */
  isLate = false;
  /** Where its sample 0 stands on the stage; undefined: wherever there is room. */
  anchor: number | undefined;
  /** Its place among what sounds is fixed. */
  hasStarted = false;
  hasFrames = false;
  /** When its last frame came, counted over the frames of all lines. */
  lastFrame = 0;
  /** Another line spoke into it, so that lines after it may come before its rest. */
  wasInterrupted = false;
  /** ms at which it was found to have run dry. */
  drySince: number | undefined;
  /** Its sound cannot be decoded here. */
  isUndecodable = false;
  readonly #reorder = new ReorderBuffer<LineFrame>();
  readonly #decoder: UtteranceDecoder;
  #parts: PlaybackPart[] = [];
  #pending: ReadPart[] = [];
  #at = 0;
  #received = 0;
  #end = Infinity;
  #isOver = false;

  constructor(begin: SpeechBeginMessage, createOpus: CreateOpusDecoder) {
    this.id = begin.utterance;
    this.begin = begin;
    this.renew(begin);
    this.#decoder = new UtteranceDecoder(createOpus);
  }

  /** It is announced again, to one who comes back. */
  renew(begin: SpeechBeginMessage): void {
    this.begin = begin;
    if (begin.startAt !== undefined) this.timeline.move(0, begin.startAt);
  }

  /** What is to be given out next. */
  get next(): PlaybackPart | undefined {
    return this.#parts[this.#at];
  }

  /** Nothing more of it comes. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Samples kept, given out or not. */
  get length(): number {
    return this.#parts.reduce((sum, part) => sum + (part.kind === "audio" ? part.length : 0), 0);
  }

  /** Takes a frame that came at `now` ms. */
  add(frame: LineFrame, now: number): void {
    if (this.#isOver) return;
    for (const ready of this.#reorder.push(frame, now)) this.#append(ready);
  }

  /** Waits no longer for frames that are missing at `now` ms. */
  settle(now: number): void {
    for (const ready of this.#reorder.due(now)) this.#append(ready);
  }

  /** A sentence has no sound; its place is before all that stands at `atMs` or later. */
  addFallback({ sentence, mode, atMs }: SpeechFallbackMessage): void {
    if (this.#isOver) return;
    const part: ReadPart = { kind: "read", sentence, mode, pts: atMs * ROUNDING, begins: true };
    this.#pending.push(part);
    if (part.pts <= this.#received + ROUNDING) this.#placePending(this.#received + ROUNDING);
  }

  /** No frame follows. */
  close(): void {
    for (const frame of this.#reorder.flush()) this.#append(frame);
    this.#placePending(Infinity);
    this.#isOver = true;
  }

  /** Nothing after that many samples is wanted. */
  cutAt(end: number): void {
    this.#end = end;
    this.close();
    this.#parts = this.#parts.filter(({ pts }) => pts < end);
    for (const part of this.#parts) {
      if (part.kind === "audio") part.length = Math.min(part.length, end - part.pts);
    }
    this.#at = Math.min(this.#at, this.#parts.length);
  }

  /** Whether the part is the last and was cut. */
  isCut(part: AudioPart): boolean {
    return part.pts + part.length === this.#end;
  }

  /** @throws Error where there is no decoder */
  async decode(part: AudioPart): Promise<void> {
    const { samples, concealment } = await this.#decoder.decode(part.frame, part.coding, part.gap);
    part.samples = samples;
    part.concealment = concealment;
  }

  /** The next part was given out. */
  advance(): void {
    this.#at += 1;
    this.drySince = undefined;
  }

  /** Back to the part in which that sample stands, where it was given out already. */
  rewindTo(pts: number): void {
    const at = this.#parts.findIndex((part) => part.kind === "audio" && part.pts + part.length > pts);
    if (at >= 0) this.#at = Math.min(this.#at, at);
  }

  /** Back to the beginning of the sentence that was, or will have been, heard last. */
  rewind(last: LastHeard = this.heard): void {
    this.anchor = undefined;
    const { part, isDone } = last;
    const after = part ? this.#parts.indexOf(part) + 1 : 0;
    const isSentenceDone = isDone && (this.#parts[after]?.begins ?? this.#isOver);
    this.#at = part && !isSentenceDone ? Math.max(0, this.#sentenceOf(part)) : after;
  }

  /** Forgets the sentences before the one being heard. */
  prune(): void {
    const first = this.heard.part ? this.#sentenceOf(this.heard.part) : 0;
    if (first <= 0) return;
    this.#parts.splice(0, first);
    this.#at -= first;
  }

  free(): void {
    this.#parts = [];
    this.#decoder.free();
  }

  #sentenceOf(part: PlaybackPart): number {
    let at = this.#parts.indexOf(part);
    while (at > 0 && !this.#parts[at]?.begins) at -= 1;
    return at;
  }

  #append(frame: LineFrame): void {
    const { ptsSamples: pts, sequence } = frame;
    const coding = { codec: this.begin.codec, preSkip: this.begin.preSkip };
    const length = samplesIn(frame, coding);
    const isLate = !this.hasFrames && sequence > 0;
    this.hasFrames = true;
    // Who comes late does not hear what the others have heard.
    if (isLate) this.#pending = this.#pending.filter((part) => part.pts >= pts - ROUNDING);
    if (frame.discontinuity) this.#placePending(pts + ROUNDING);
    if (pts < this.#received || length === 0) return;
    const gap = pts - this.#received;
    this.#parts.push({ kind: "audio", frame, coding, pts, length, gap, begins: frame.discontinuity });
    this.#received = pts + length;
    this.#placePending(this.#received + ROUNDING);
  }

  /** Puts what has no sound where it belongs, as far as that is known. */
  #placePending(until: number): void {
    const due = this.#pending.filter(({ pts }) => pts <= until).sort((a, b) => a.sentence - b.sentence);
    this.#pending = this.#pending.filter(({ pts }) => pts > until);
    for (const part of due) {
      const later = this.#parts.findIndex(
        (other, index) =>
          index >= this.#at && other.kind === "audio" && other.begins && other.pts >= part.pts - ROUNDING,
      );
      this.#parts.splice(later < 0 ? this.#parts.length : later, 0, part);
    }
  }
}

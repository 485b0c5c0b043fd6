import { Timeline } from "../../core/clock/timeline.ts";
import {
  type SpeechBeginMessage,
  type SpeechFallbackMessage,
  V2_SAMPLE_RATE,
} from "../../core/protocol/v2.ts";
import type { LineFrame } from "../session/table-events.ts";
import { Transcript } from "../session/transcript.ts";
import { HeardProgress, type LastHeard } from "./heard-progress.ts";
import type { CreateOpusDecoder } from "./opus.ts";
import type { AudioPart, PlaybackPart, ReadPart } from "./playback-part.ts";
import { ReorderBuffer } from "./reorder-buffer.ts";
import { samplesIn, UtteranceDecoder } from "./utterance-decoder.ts";

/** Times come in whole ms. */
const ROUNDING = V2_SAMPLE_RATE / 1000;
const ALMOST_HALF = 0.4999;

/**
 * One utterance on its way to a sink: its frames in order and what has no sound in its place, from the sentence being
 * heard to the last that came; how far that was given out, and where it stands on the sink.
 */
export class UtterancePlayback {
  readonly id: string;
  /** How much of it was heard. */
  readonly heard: HeardProgress = new HeardProgress();
  readonly transcript: Transcript = new Transcript();
  #begin: SpeechBeginMessage;
  readonly #timeline = new Timeline();
  readonly #reorder = new ReorderBuffer<LineFrame>();
  readonly #decoder: UtteranceDecoder;
  #parts: PlaybackPart[] = [];
  /** Sentences without sound that have no place yet. */
  #pending: ReadPart[] = [];
  /** The next part to be given out. */
  #at = 0;
  /** Samples that came. */
  #received = 0;
  #end = Infinity;
  #isOver = false;
  #isUndecodable = false;
  #hasFrames = false;
  #lastFrame = 0;
  #drySince: number | undefined;
  #wasInterrupted = false;
  #anchor: number | undefined;
  #isOutOfStep = false;
  #isLate = false;

  constructor(begin: SpeechBeginMessage, createOpus: CreateOpusDecoder) {
    this.id = begin.utterance;
    this.#begin = begin;
    this.#decoder = new UtteranceDecoder(createOpus);
    this.renew(begin);
  }

  /** As it was announced last. */
  get begin(): SpeechBeginMessage {
    return this.#begin;
  }

  /** The part to be given out next. */
  get next(): PlaybackPart | undefined {
    return this.#parts[this.#at];
  }

  /** Nothing more of it comes. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Its sound cannot be decoded here. */
  get isUndecodable(): boolean {
    return this.#isUndecodable;
  }

  /** Something of its sound came, and is in order. */
  get hasFrames(): boolean {
    return this.#hasFrames;
  }

  /** When its last frame came, counted over the frames of all utterances. */
  get lastFrame(): number {
    return this.#lastFrame;
  }

  /** Another utterance interrupted it, so that those after it may come before its rest. */
  get wasInterrupted(): boolean {
    return this.#wasInterrupted;
  }

  /** Where its sample 0 stands on the sink; undefined: wherever there is room. */
  get anchor(): number | undefined {
    return this.#anchor;
  }

  /** What came of it last came too late to be heard in step. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** Samples that came and were not given out, and holes between them. */
  get waiting(): number {
    return this.next ? this.#received - this.next.pts : 0;
  }

  /** It is announced again, after a lost connection. */
  renew(begin: SpeechBeginMessage): void {
    this.#begin = begin;
    if (begin.startAt !== undefined) this.move(0, begin.startAt);
  }

  /** From that place on everyone in step hears it from `startAt` on. */
  move(fromMs: number, startAt: number): void {
    this.#timeline.move(fromMs, startAt);
  }

  /** Takes a frame that came at `now` ms, the `count`th of all utterances. */
  add(frame: LineFrame, now: number, count: number): void {
    this.#lastFrame = count;
    if (this.#isOver) return;
    for (const ready of this.#reorder.push(frame, now)) this.#append(ready);
  }

  /** Gives up frames that are still missing at `now` ms. */
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

  /** Decodes a part; false where that cannot be done here. */
  async decode(part: AudioPart): Promise<boolean> {
    try {
      Object.assign(part, await this.#decoder.decode(part.frame, part.coding, part.gap));
    } catch {
      this.#isUndecodable = true;
    }
    return !this.#isUndecodable;
  }

  /** The next part was given out. */
  advance(): void {
    this.#at += 1;
    this.#drySince = undefined;
  }

  /** For how many ms, at `now`, it has had nothing to give out. */
  dryMs(now: number): number {
    this.#drySince ??= now;
    return now - this.#drySince;
  }

  /** Another utterance interrupts it. */
  interrupt(): void {
    this.#wasInterrupted = true;
  }

  /** It was placed on the sink: its sample 0 stands there. */
  place(anchor: number): void {
    this.#anchor = anchor;
  }

  /** Its next part stands wherever there is room. */
  unplace(): void {
    this.#anchor = undefined;
  }

  /** Whether its rest is heard in step. Where it was delayed on this device only, it is heard as soon as possible. */
  keepStep(inStep: boolean): void {
    this.#isOutOfStep = !inStep;
  }

  /** Its latest part came in time to be heard in step, or too late. */
  arrive(isLate: boolean): void {
    if (isLate && !this.#isLate && this.#anchor !== undefined) this.heard.ranDry();
    this.#isLate = isLate;
  }

  /**
   * The stretch without a pause that contains that sample, if it is heard in step: its first sample, and when that is
   * heard, ms on the server's clock.
   */
  stretchAt(pts: number): { startAt: number; pts: number } | undefined {
    const segment = this.#isOutOfStep ? undefined : this.#timeline.segmentOf(placeOf(pts));
    return segment && { startAt: segment.startAt, pts: samplesOf(segment.fromMs) };
  }

  /** The next sample after that one at which it pauses or jumps for those in step. */
  seamAfter(pts: number): number {
    return samplesOf(this.#timeline.seamAfter(placeOf(pts)));
  }

  /** Goes back to the part that contains that sample, if it was given out already. */
  rewindTo(pts: number): void {
    const at = this.#parts.findIndex((part) => part.kind === "audio" && part.pts + part.length > pts);
    if (at >= 0) this.#at = Math.min(this.#at, at);
  }

  /** Goes back to the beginning of the sentence that was, or will have been, heard last. */
  rewind(last: LastHeard = this.heard): void {
    this.unplace();
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
    const coding = { codec: this.#begin.codec, preSkip: this.#begin.preSkip };
    const length = samplesIn(frame, coding);
    const isLate = !this.#hasFrames && sequence > 0;
    this.#hasFrames = true;
    // A listener who joins late is not read what the others have heard.
    if (isLate) this.#pending = this.#pending.filter((part) => part.pts >= pts - ROUNDING);
    if (frame.discontinuity) this.#placePending(pts + ROUNDING);
    if (pts < this.#received || length === 0) return;
    const gap = pts - this.#received;
    this.#parts.push({ kind: "audio", frame, coding, pts, length, gap, begins: frame.discontinuity });
    this.#received = pts + length;
    this.#placePending(this.#received + ROUNDING);
  }

  /** Puts sentences without sound in their place, where that is known. */
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

/** Samples of an utterance, of so many ms. */
export function samplesOf(ms: number): number {
  return Math.round((ms * V2_SAMPLE_RATE) / 1000);
}

/** Where that sample stands, ms: seams are placed to the sample, and one may lie up to half of one after it. */
function placeOf(pts: number): number {
  return ((pts + ALMOST_HALF) * 1000) / V2_SAMPLE_RATE;
}

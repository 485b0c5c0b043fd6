import { type Deferred, deferred } from "../../core/async/deferred.ts";
import type { TimeSlicer } from "../../core/async/time-slicer.ts";
import type { Codec } from "../../core/protocol/v2.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { UtteranceLimits } from "../request/utterance-limits.ts";
import { type AudioClip, type AudioFrame, isMadeIn, msOf } from "./audio-frame.ts";
import { BroadcastBuffer, type BufferObserver } from "./broadcast-buffer.ts";
import { FrameBatches } from "./frame-batches.ts";

/** ms of sound that listeners have still to hear, with which nobody needs to hurry. */
const AMPLE_MS = 500;
/** How long the end of a sentence waits for the next one then… */
const COMPANY_MS = 50;
/** …and with so much ahead nothing is made meanwhile. */
const FAR_MS = 10_000;

/** The sound of one utterance in both wires' forms, and whether more of it is wanted. */
export class UtteranceAudio {
  readonly clips: BroadcastBuffer<AudioClip>;
  readonly frames: BroadcastBuffer<AudioFrame>;
  readonly batches: FrameBatches;
  #sentences = 0;
  #clipSentences = 0;
  #frameSentences = 0;
  /** The last frame is of a sentence of which more may come. */
  #isInside = false;
  /** The encodings of the sentence that is being made. */
  #making: readonly Encoding[] | undefined;
  #clipsMs = 0;
  /** The furthest sentence that a reader has asked for. */
  #asked = -1;
  #ended = false;
  #news: Deferred<void> = deferred();
  /** When listeners will have heard all that was written, and all that was announced. */
  #heardAt = 0;
  #toldUntil = 0;
  /** Sentences of which they were told all. */
  #told = 0;
  #late: { timer: ReturnType<typeof setTimeout>; at: number } | undefined;
  /** Readers in other processes. */
  #elsewhere = 0;
  /** Where it is made in another process: called when the readers here need more, or are others. */
  onNeed: (() => void) | undefined;

  /**
   * @param limits.retainBytes kept for slow readers, on each wire
   * @param limits.keepMs for which it is kept for those who come later or come back
   */
  constructor(
    { retainBytes: limitBytes, keepMs }: Pick<UtteranceLimits, "retainBytes" | "keepMs">,
    timeSlicer: TimeSlicer,
  ) {
    const ask = (sentence: number): void => this.#ask(sentence);
    const observer: BufferObserver<{ sentence: number }> = {
      read: ({ sentence }) => ask(sentence),
      waits: () => ask(this.#sentences),
      left: () => {
        this.#news.resolve();
        this.onNeed?.();
      },
    };
    this.clips = new BroadcastBuffer<AudioClip>({ limitBytes, keepMs }, observer, timeSlicer);
    this.frames = new BroadcastBuffer<AudioFrame>({ limitBytes, keepMs }, observer, timeSlicer);
    this.batches = new FrameBatches(this.frames);
  }

  /** Readers on both wires. */
  get readers(): number {
    return this.clips.readers + this.frames.readers;
  }

  /** Nothing more of it is written. */
  get isOver(): boolean {
    return this.#ended;
  }

  /** The furthest sentence that a reader has asked for; −1: none. */
  get asked(): number {
    return this.#asked;
  }

  /** What readers in other processes need. */
  needElsewhere({ asked, readers }: { asked: number; readers: number }): void {
    this.#elsewhere = readers;
    this.#ask(asked);
    this.#news.resolve();
  }

  /** Length of all the clips so far, ms. */
  get clipsMs(): number {
    return this.#clipsMs;
  }

  /** Sentences that have sound, so far. */
  get sentences(): number {
    return this.#sentences;
  }

  /** Whether there are sentences with sound that nobody wanted as clips when they were made: who came later lacks them. */
  get lacksClips(): boolean {
    return this.#clipSentences < this.#sentences;
  }

  /** The same of frames. */
  get lacksFrames(): boolean {
    return this.#frameSentences < this.#sentences;
  }

  /** Whether the next frame may go on in the middle of a sentence. */
  get isInside(): boolean {
    return this.#isInside;
  }

  /** Whether somebody who has what is before it may go on with a frame: it is kept, the next, or on its way from elsewhere. */
  mayBegin(index: number): boolean {
    const isOnItsWay = this.onNeed !== undefined && !this.#ended && index > this.frames.head;
    return isOnItsWay || this.frames.reaches(index);
  }

  /** Whether the frames from `index` on are kept, and are made for somebody who listens in that codec. */
  hasFrames(index: number, codec: Codec): boolean {
    if (this.lacksFrames || !this.frames.reaches(index)) return false;
    if (this.#making && !isMadeIn(this.#making, codec)) return false;
    for (let at = index; at < this.frames.head; at++) {
      const frame = this.frames.peek(at);
      if (!frame || !isMadeIn([...frame.messages.keys()], codec)) return false;
    }
    return true;
  }

  /**
   * A frame goes out at once while listeners have little to hear. Later it waits for its sentence to end, or
   * for them to run short: what a burst costs is one system call for each of them, however long it is.
   */
  addFrame(frame: AudioFrame): void {
    const now = performance.now();
    this.#heardAt = Math.max(this.#heardAt, now) + msOf(frame);
    this.frames.append(frame);
    if (frame.begins) this.#frameSentences += 1;
    this.#isInside = true;
    const aheadMs = this.#toldUntil - now;
    this.#tellWithin(aheadMs < AMPLE_MS ? 0 : aheadMs / 2);
  }

  addClip(clip: Omit<AudioClip, "fromMs">): void {
    this.clips.append({ ...clip, fromMs: this.#clipsMs });
    this.#clipSentences += 1;
    this.#clipsMs += clip.durationMs;
    this.clips.announce();
  }

  /** Nobody who comes later hears clips of this utterance. */
  forgetClips(): void {
    this.clips.cut();
  }

  /** A sentence is begun. */
  beginSentence(encodings: readonly Encoding[]): void {
    this.#making = encodings;
  }

  /** Nothing more of the sentence is made, whether it is complete or not. */
  leaveSentence(): void {
    this.#making = undefined;
    this.#isInside = false;
  }

  /** A sentence is complete. */
  endSentence(): void {
    this.#sentences += 1;
    const isAmple = this.#toldUntil - performance.now() >= AMPLE_MS;
    this.#tellWithin(isAmple ? COMPANY_MS : 0);
  }

  /** Nothing more is written; readers take what is there. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#late?.timer);
    this.clips.end();
    this.frames.end();
    this.#news.resolve();
  }

  /** Nothing more is written or read. */
  cut(): void {
    this.clips.cut();
    this.frames.cut();
    this.end();
  }

  /**
   * Waits until somebody has begun the last sentence that was written, so that speech is made one sentence
   * ahead of the fastest listener; what waits for company does not count. False where nobody reads any more.
   * @param elsewhere what readers in other processes need, where there are any
   */
  async wanted(elsewhere?: { asked: number; readers: number }): Promise<boolean> {
    if (elsewhere) this.needElsewhere(elsewhere);
    while (!this.#ended && this.readers + this.#elsewhere > 0) {
      if (this.#asked >= Math.max(0, this.#sentences - 1)) return true;
      if (this.#isUntold && this.#heardAt - performance.now() < FAR_MS) return true;
      if (this.#isUntold) this.#tell();
      this.#news = deferred();
      await this.#news.promise;
    }
    return false;
  }

  #ask(sentence: number): void {
    if (sentence <= this.#asked) return;
    this.#asked = sentence;
    this.#news.resolve();
    this.onNeed?.();
  }

  get #isUntold(): boolean {
    return this.#sentences > this.#told;
  }

  /** Tells readers of frames what there is, in so many ms at the latest. */
  #tellWithin(ms: number): void {
    if (ms <= 0) {
      this.#tell();
      return;
    }
    const at = performance.now() + ms;
    if (this.#late && this.#late.at <= at) return;
    clearTimeout(this.#late?.timer);
    this.#late = { timer: setTimeout(() => this.#tell(), ms), at };
  }

  #tell(): void {
    clearTimeout(this.#late?.timer);
    this.#late = undefined;
    this.#toldUntil = this.#heardAt;
    this.#told = this.#sentences;
    this.frames.announce();
  }
}

import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { AudioFrame } from "../../party/fan-out/audio-frame.ts";
import type { LineTeller } from "../../party/speaking/line/line-teller.ts";
import type { BurstHead, FrameMeta, SoundBurst } from "./sound-burst.ts";
import { SoundRecovery, type SoundThere } from "./sound-recovery.ts";

/** ms that a frame waits for its other encodings. */
const COMPANY_MS = 100;

/** A frame of which not all encodings have come. */
interface Pending {
  meta: FrameMeta;
  made: readonly string[];
  messages: Map<FrameEncoding, Uint8Array<ArrayBuffer>>;
  /** No other encoding of it comes any more. */
  isFinal: boolean;
}

/** A clip that is not whole yet, or has come before another one. */
interface PendingClip {
  items: readonly Uint8Array<ArrayBuffer>[];
  isWhole: boolean;
  durationMs: number;
  sentence: number;
  done: number;
}

/** What an inlet is told of its line. */
export interface InletLine {
  listeners: () =>
    | Pick<LineTeller, "frame" | "clip" | "beginSentence" | "leaveSentence" | "endSentence" | "skip">
    | undefined;
  /** Encodings of frames that come to this node. */
  encodings: () => ReadonlySet<string>;
  /** What somebody here listens to, if anybody does. */
  needs: () => { isAny: boolean; frames: boolean; clips: boolean };
  /** Asks for the sound from that frame and clip on; how much there is, is answered by `expect`. */
  missing: (from: { frames: number; clips: number }) => void;
}

/** Puts the sound of a line that is made elsewhere in order: its frames with all encodings that somebody here listens to. */
export class LineInlet {
  readonly #line: InletLine;
  readonly #pending = new Map<number, Pending>();
  /** What is known to be complete behind which frame. */
  #marks: { end: number; done: number; inside: boolean }[] = [];
  #next = 0;
  #samples = 0;
  #clips = 0;
  #done = 0;
  readonly #pendingClips = new Map<number, PendingClip>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What there is of it where it is made, as far as is known. */
  #there: SoundThere = { frames: 0, clips: 0 };
  readonly #recovery = new SoundRecovery(
    () => this.#line.missing({ frames: this.#next, clips: this.#clips }),
    () => this.#goOnWithout(),
  );
  #end: { frames: number; clips: number; then: () => void } | undefined;

  constructor(line: InletLine) {
    this.#line = line;
  }

  /** Frames and clips that have come in order. */
  get frames(): number {
    return this.#next;
  }

  get clips(): number {
    return this.#clips;
  }

  take({ head, items }: SoundBurst): void {
    if (head.clip) this.#takeClip(head, head.clip, items);
    else this.#takeFrames(head, items);
    this.#append();
    this.look();
  }

  /** So much there is of it where it is made. */
  expect({ frames, clips, keptFrames = 0 }: SoundThere): void {
    const there = this.#there;
    this.#there = { frames: Math.max(there.frames, frames), clips: Math.max(there.clips, clips) };
    if (this.#isWanted.frames && keptFrames > this.#next) this.#skip(keptFrames);
    this.look();
  }

  /** All of the line was made: calls back when what is needed of it here is there, or does not come in time. */
  end(made: { frames: number; clips: number }, then: () => void): void {
    this.#end = { ...made, then };
    this.look();
  }

  /** What is needed here may be something else than before. Where nobody listens, somebody may still come. */
  look(): void {
    const wanted = this.#isWanted;
    const isHere = !(this.#lacksFrames && wanted.frames) && !(this.#lacksClips && wanted.clips);
    if (!isHere) this.#recovery.begin();
    else if (!wanted.frames || this.#pending.size === 0) this.#recovery.end();
    if (isHere && wanted.isAny && this.#end) this.finish();
  }

  /** No more of it comes. */
  finish(): void {
    const { then } = this.#end ?? {};
    clearTimeout(this.#timer);
    this.#recovery.end();
    this.#end = undefined;
    then?.();
  }

  get #isWanted(): { isAny: boolean; frames: boolean; clips: boolean } {
    return this.#line.needs();
  }

  get #lacksFrames(): boolean {
    return this.#next < Math.max(this.#there.frames, this.#end?.frames ?? 0);
  }

  get #lacksClips(): boolean {
    return this.#pendingClips.size > 0 || this.#clips < Math.max(this.#there.clips, this.#end?.clips ?? 0);
  }

  #takeFrames({ enc, made, from, frames = [], done, inside }: BurstHead, items: SoundBurst["items"]): void {
    const encoding = enc as FrameEncoding;
    for (const [at, meta] of frames.entries()) {
      const sequence = from + at;
      const bytes = items[at];
      if (sequence < this.#next || !bytes) continue;
      const pending = this.#pending.get(sequence) ?? { meta, made, messages: new Map(), isFinal: false };
      pending.messages.set(encoding, bytes);
      this.#pending.set(sequence, pending);
    }
    // All encodings of a stretch leave in one turn: what is before this one is as complete as it will be.
    for (const [sequence, pending] of this.#pending) if (sequence < from) pending.isFinal = true;
    this.#marks.push({ end: from + frames.length, done, inside });
  }

  #takeClip(
    { from, done }: BurstHead,
    { at = 0, more, ms, sentence }: NonNullable<BurstHead["clip"]>,
    items: SoundBurst["items"],
  ): void {
    if (from < this.#clips) return;
    const before = at === 0 ? [] : (this.#pendingClips.get(from)?.items ?? []);
    // Where a part of it is missing it is asked for anew.
    if (before.length !== at) return;
    const clip = { items: [...before, ...items], isWhole: !more, durationMs: ms, sentence, done };
    this.#pendingClips.set(from, clip);
    this.#appendClips();
  }

  #appendClips(): void {
    const decoder = new TextDecoder();
    for (
      let next = this.#pendingClips.get(this.#clips);
      next?.isWhole;
      next = this.#pendingClips.get(this.#clips)
    ) {
      const { items, durationMs, sentence, done } = next;
      const messages = items.map((bytes) => decoder.decode(bytes));
      const bytes = messages.reduce((sum, { length }) => sum + length, 0);
      this.#pendingClips.delete(this.#clips);
      this.#clips += 1;
      this.#recovery.advance();
      this.#line.listeners()?.clip({ begins: true, bytes, sentence, durationMs, messages });
      this.#reach(done);
    }
  }

  #append(): void {
    clearTimeout(this.#timer);
    const wanted = this.#line.encodings();
    for (let next = this.#pending.get(this.#next); next; next = this.#pending.get(this.#next)) {
      const { made, messages } = next;
      const isWhole = made.every((each) => !wanted.has(each) || messages.has(each as FrameEncoding));
      if (!isWhole && !next.isFinal) break;
      this.#pending.delete(this.#next);
      this.#give(next);
    }
    this.#passMarks();
    if (this.#pending.size === 0) return;
    if (this.#pending.has(this.#next)) this.#timer = setTimeout(() => this.#goOnWithEncodings(), COMPANY_MS);
    else this.#recovery.begin();
  }

  /** Another encoding of the next frame does not come. */
  #goOnWithEncodings(): void {
    const next = this.#pending.get(this.#next);
    if (next) next.isFinal = true;
    this.#append();
    this.look();
  }

  /** What is missing does not come: listeners go on with a later sentence, or the line is over without it. */
  #goOnWithout(): void {
    this.#there = { frames: 0, clips: 0 };
    const wanted = this.#isWanted;
    const isLost = wanted.clips && this.#lacksClips;
    for (const [at, { isWhole }] of this.#pendingClips) if (!isWhole) this.#pendingClips.delete(at);
    if (isLost && this.#pendingClips.size > 0) this.#clips = Math.min(...this.#pendingClips.keys());
    this.#appendClips();
    if (this.#pending.size > 0) this.#skip(Math.min(...this.#pending.keys()));
    this.#append();
    if (this.#end) this.finish();
  }

  #skip(to: number): void {
    for (const sequence of [...this.#pending.keys()]) if (sequence < to) this.#pending.delete(sequence);
    this.#next = to;
    this.#samples = this.#pending.get(to)?.meta[2] ?? this.#samples;
    this.#line.listeners()?.skip(this.#next, this.#samples);
  }

  #give({ meta: [sentence, samples, ptsSamples, begins], messages, made }: Pending): void {
    let bytes = 0;
    for (const { length } of messages.values()) bytes += length;
    const sequence = this.#next;
    if (ptsSamples !== this.#samples) this.#line.listeners()?.skip(sequence, ptsSamples);
    const frame: AudioFrame = { begins, bytes, sentence, sequence, ptsSamples, samples, messages };
    this.#line.listeners()?.beginSentence(made as BurstHead["made"]);
    this.#line.listeners()?.frame(frame);
    this.#next += 1;
    this.#samples = ptsSamples + samples;
    this.#recovery.advance();
  }

  #passMarks(): void {
    for (let mark = this.#marks[0]; mark && mark.end <= this.#next; mark = this.#marks[0]) {
      this.#marks.shift();
      this.#reach(mark.done);
      if (!mark.inside) this.#line.listeners()?.leaveSentence();
    }
  }

  #reach(done: number): void {
    while (this.#done < done) {
      this.#done += 1;
      this.#line.listeners()?.endSentence();
    }
  }
}

import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { AudioFrame } from "../../party/fan-out/audio-frame.ts";
import type { LineTeller } from "../../party/speaking/line/line-teller.ts";
import type { BurstHead, FrameMeta, SoundBurst } from "./sound-burst.ts";

/** ms that a frame waits for its other encodings, and what is missing for being sent again. */
const COMPANY_MS = 100;
const MISSING_MS = 500;

/** A frame of which not all encodings have come. */
interface Pending {
  meta: FrameMeta;
  made: readonly string[];
  messages: Map<FrameEncoding, Uint8Array<ArrayBuffer>>;
  /** No other encoding of it comes any more. */
  isFinal: boolean;
}

/** What an inlet is told of its line. */
export interface InletLine {
  listeners: Pick<LineTeller, "frame" | "clip" | "beginSentence" | "leaveSentence" | "endSentence" | "skip">;
  /** Encodings of frames that come to this node. */
  encodings: () => ReadonlySet<string>;
  /** What somebody here listens to, if anybody does. */
  needs: () => { isAny: boolean; frames: boolean; clips: boolean };
  /** Asks for the frames from that one on. */
  missing: (from: number) => void;
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
  #clip: Uint8Array<ArrayBuffer>[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #missingSince: number | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
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

  /** All of the line was made: calls back when what is needed of it here is there, or does not come in time. */
  end(made: { frames: number; clips: number }, then: () => void): void {
    this.#end = { ...made, then };
    this.look();
  }

  /** What is needed here may be something else than before. Where nobody listens, somebody may still come. */
  look(): void {
    const { frames, clips } = this.#end ?? {};
    const needs = this.#line.needs();
    if (frames === undefined || clips === undefined || !needs.isAny) return;
    const isThere = (!needs.frames || this.#next >= frames) && (!needs.clips || this.#clips >= clips);
    if (isThere) this.finish();
    else if (this.#patience === undefined) {
      this.#line.missing(this.#next);
      this.#patience = setTimeout(() => this.finish(), 4 * MISSING_MS);
    }
  }

  /** No more of it comes. */
  finish(): void {
    const { then } = this.#end ?? {};
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
    this.#end = undefined;
    then?.();
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
    clip: NonNullable<BurstHead["clip"]>,
    items: SoundBurst["items"],
  ): void {
    if (from < this.#clips) return;
    this.#clip.push(...items);
    if (clip.more) return;
    const decoder = new TextDecoder();
    const messages = this.#clip.map((bytes) => decoder.decode(bytes));
    this.#clip = [];
    const bytes = messages.reduce((sum, { length }) => sum + length, 0);
    this.#clips = from + 1;
    this.#line.listeners.clip({
      begins: true,
      bytes,
      sentence: clip.sentence,
      durationMs: clip.ms,
      messages,
    });
    this.#reach(done);
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
    if (this.#pending.size === 0) this.#missingSince = undefined;
    else this.#timer = setTimeout(() => this.#wait(), COMPANY_MS);
  }

  /** Either another encoding of the next frame does not come, or the next frame itself. */
  #wait(): void {
    const next = this.#pending.get(this.#next);
    if (next) next.isFinal = true;
    else if (this.#missingSince === undefined) {
      this.#missingSince = performance.now();
      this.#line.missing(this.#next);
    } else if (performance.now() - this.#missingSince > MISSING_MS) this.#skip();
    this.#append();
  }

  /** What is missing is not kept any more: listeners go on with a later sentence. */
  #skip(): void {
    const from = Math.min(...this.#pending.keys());
    this.#next = from;
    this.#samples = this.#pending.get(from)?.meta[2] ?? this.#samples;
    this.#missingSince = undefined;
    this.#line.listeners.skip(this.#next, this.#samples);
  }

  #give({ meta: [sentence, samples, ptsSamples, begins], messages, made }: Pending): void {
    let bytes = 0;
    for (const { length } of messages.values()) bytes += length;
    const sequence = this.#next;
    const frame: AudioFrame = { begins, bytes, sentence, sequence, ptsSamples, samples, messages };
    this.#line.listeners.beginSentence(made as BurstHead["made"]);
    this.#line.listeners.frame(frame);
    this.#next += 1;
    this.#samples = ptsSamples + samples;
  }

  #passMarks(): void {
    for (let mark = this.#marks[0]; mark && mark.end <= this.#next; mark = this.#marks[0]) {
      this.#marks.shift();
      this.#reach(mark.done);
      if (!mark.inside) this.#line.listeners.leaveSentence();
    }
  }

  #reach(done: number): void {
    while (this.#done < done) {
      this.#done += 1;
      this.#line.listeners.endSentence();
    }
  }
}

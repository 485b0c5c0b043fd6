import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { AudioSink } from "../output/audio-sink.ts";
import type { LastHeard } from "./heard-progress.ts";
import { JitterDelay } from "./jitter-delay.ts";
import type { AudioPart } from "./playback-part.ts";
import type { UtterancePlayback } from "./utterance-playback.ts";

/** A start nearer than this may already be late when the audio thread sees it. */
const EARLIEST_START = V2_SAMPLE_RATE / 50;
const FADE = V2_SAMPLE_RATE / 100;

/** A stretch of a part as it stands on the sink. */
interface Piece {
  playback: UtterancePlayback;
  part: AudioPart;
  /** Where in the utterance it begins. */
  pts: number;
  from: number;
  to: number;
  /** How far it was heard. */
  heard: number;
  /** It was taken back, and is heard until another speaks into it. */
  isLeaving: boolean;
}

/** Places the parts of utterances on a sink, sample after sample, and knows which of them is being heard. */
export class PlayoutBuffer {
  readonly #jitterDelay = new JitterDelay();
  #sink: AudioSink;
  #pieces: Piece[] = [];
  #end = 0;

  constructor(sink: AudioSink) {
    this.#sink = sink;
  }

  get sink(): AudioSink {
    return this.#sink;
  }

  get isLoud(): boolean {
    return this.#sink.isLoud;
  }

  /** ms that are held back at a start. */
  get jitterDelayMs(): number {
    return this.#jitterDelay.ms;
  }

  /** ms on the sink that are still to be heard. */
  get bufferedMs(): number {
    return Math.max(0, ((this.#end - this.#sink.playhead) * 1000) / V2_SAMPLE_RATE);
  }

  /** Whether anything of the utterance is still to be heard. */
  holds(playback: UtterancePlayback): boolean {
    return this.#pieces.some((piece) => piece.playback === playback);
  }

  /**
   * Places a part: in step where the utterance has a time, else behind what is there; where it has a hole,
   * behind that. What comes too late to be heard in step is passed over.
   */
  place(playback: UtterancePlayback, part: AudioPart): void {
    const end = part.pts + part.length;
    // The samples of a moved part that were placed before stay where they are.
    const standing = this.#pieces.filter((piece) => piece.part === part && !piece.isLeaving);
    for (let pts = Math.max(part.pts, ...standing.map(endOf)); pts < end; ) {
      const until = Math.min(end, this.#seamAfter(playback, pts));
      this.#placeStretch(playback, part, pts, until);
      pts = until;
    }
    if (playback.isCut(part)) this.#sink.fade(playback, this.#end - FADE);
  }

  /** Where that sample of the utterance is to stand in step; undefined where it is not in step. */
  #dueOf(playback: UtterancePlayback, pts: number): number | undefined {
    const begin = this.beginOf(playback, pts);
    return begin === undefined ? undefined : begin + pts - (playback.stretchAt(pts)?.pts ?? 0);
  }

  /** Where the stretch in which that sample stands begins for all; undefined where it is not in step. */
  beginOf(playback: UtterancePlayback, pts: number): number | undefined {
    const stretch = playback.stretchAt(pts);
    return stretch && this.#sink.positionOf(stretch.startAt);
  }

  /**
   * Takes utterances off the sink from `at` on, what sounds of them then with a fade; they begin again at their
   * sentence.
   */
  takeBack(playbacks: readonly UtterancePlayback[], at: number = this.#sink.now): void {
    const end = Math.max(at, this.#sink.now);
    for (const playback of playbacks) {
      if (playback.anchor === undefined && !this.holds(playback)) continue;
      this.#sink.fade(playback, at);
      playback.rewind(this.#lastBefore(playback, end));
    }
    for (const piece of this.#pieces) {
      if (!playbacks.includes(piece.playback)) continue;
      piece.to = Math.min(piece.to, end);
      piece.isLeaving = true;
    }
    this.#removeWhere(({ from, to }) => from >= to);
  }

  /** The utterance is heard at another time from `pts` on: what stands of that on the sink is to be placed anew. */
  retime(playback: UtterancePlayback, pts: number): void {
    if (this.#sink.positionOf(0) === undefined) return;
    const isMoved = (piece: Piece): boolean =>
      piece.playback === playback && !piece.isLeaving && endOf(piece) > pts;
    for (const piece of this.#pieces.filter(isMoved)) {
      const from = piece.from + Math.max(0, pts - piece.pts);
      this.#sink.erase(playback, from, piece.to);
      piece.to = from;
    }
    this.#removeWhere(({ from, to }) => from >= to);
    playback.keepStep(true);
    playback.rewindTo(pts);
  }

  /** Lets go of what the utterance has on the sink after `pts` samples of it; what waits behind it moves up. */
  cut(playback: UtterancePlayback, pts: number): void {
    const beyond = this.#pieces.filter((piece) => piece.playback === playback && endOf(piece) > pts);
    if (beyond.length === 0) return;
    const places = beyond.map((piece) => piece.from + Math.max(0, pts - piece.pts));
    const end = Math.max(Math.min(...places), this.#sink.now + FADE);
    this.#sink.fade(playback, end - FADE);
    for (const piece of this.#pieces) if (piece.playback === playback) piece.to = Math.min(piece.to, end);
    this.#removeWhere(({ from, to }) => from >= to);
    this.takeBack(this.#behind(playback));
  }

  /** Takes an utterance off the sink for good; what has not begun to sound behind it moves up, unless it is in step. */
  drop(playback: UtterancePlayback): void {
    this.takeBack([playback, ...this.#behind(playback)]);
    this.#removeWhere((piece) => piece.playback === playback);
  }

  /** Goes on elsewhere: everything begins again at its sentence. */
  moveTo(sink: AudioSink, playbacks: readonly UtterancePlayback[]): void {
    this.takeBack(playbacks);
    this.#removeWhere(() => true);
    this.#sink = sink;
  }

  /** Notes what went by since the last time; returns the utterance being heard and its sample. */
  listen(isAudible: boolean): { playback: UtterancePlayback; pts: number } | undefined {
    const { playhead } = this.#sink;
    let current: { playback: UtterancePlayback; pts: number } | undefined;
    for (const piece of this.#pieces) {
      if (piece.from > playhead) continue;
      const { playback, part, pts, from, heard } = piece;
      piece.heard = Math.max(heard, Math.min(playhead, piece.to));
      playback.heard.hear(
        part,
        pts + heard - from,
        pts + piece.heard - from,
        isAudible && !playback.isUndecodable,
      );
      this.#jitterDelay.rest(((piece.heard - heard) * 1000) / V2_SAMPLE_RATE);
      if (playhead < piece.to) current = { playback, pts: pts + playhead - from };
    }
    this.#pieces = this.#pieces.filter(({ to }) => to > playhead);
    return current;
  }

  /** Those behind that one that have not begun to sound, and those that are about to fall silent for it. */
  #behind(playback: UtterancePlayback): UtterancePlayback[] {
    const { now } = this.#sink;
    const own = this.#pieces.filter((piece) => piece.playback === playback && !piece.isLeaving);
    const start = Math.min(...own.map(({ from }) => from));
    const others = this.#pieces.filter((piece) => piece.playback !== playback);
    const begun = new Set(
      others.filter(({ from, isLeaving }) => from <= now && !isLeaving).map((piece) => piece.playback),
    );
    const behind = others.filter(({ from, to, isLeaving }) => (isLeaving ? to : from) >= start);
    return [...new Set(behind.map((piece) => piece.playback))].filter((other) => !begun.has(other));
  }

  /** What is heard of the utterance last, where it falls silent at `end`; undefined where that is nothing more. */
  #lastBefore(playback: UtterancePlayback, end: number): LastHeard | undefined {
    const last = this.#pieces.findLast((piece) => piece.playback === playback && piece.from < end);
    if (!last) return undefined;
    return { part: last.part, isDone: last.to <= end && endOf(last) >= last.part.pts + last.part.length };
  }

  #placeStretch(playback: UtterancePlayback, part: AudioPart, pts: number, until: number): void {
    const due = this.#dueNow(playback, pts);
    const at = due ?? this.#soonest(playback, pts);
    const to = at + until - pts;
    const { now } = this.#sink;
    if (due !== undefined) this.#noteLate(playback, part, now - due);
    const isRun = playback.anchor !== undefined && at === playback.anchor + pts;
    playback.place(at - pts);
    if (part.concealment && pts === part.pts && isRun && at - part.gap === this.#end && this.#end > now) {
      this.#sink.place(part.concealment, at - part.gap, playback);
    }
    if (part.samples) this.#sink.place(part.samples.subarray(pts - part.pts, until - part.pts), at, playback);
    this.#end = to;
    this.#pieces.push({
      playback,
      part,
      pts,
      from: at,
      to,
      heard: Math.max(at, Math.min(now, to)),
      isLeaving: false,
    });
  }

  /** Where a sample is due in step; the utterance falls out of step where the listener is still hearing another. */
  #dueNow(playback: UtterancePlayback, pts: number): number | undefined {
    const due = this.#dueOf(playback, pts);
    if (due === undefined || playback.anchor !== undefined) return due;
    const isHeldUp = this.#end > Math.max(due, this.#sink.playhead) + EARLIEST_START;
    // A listener who heard an interruption that others did not hear has missed nothing yet.
    const isInStep = !isHeldUp && !(playback.wasInterrupted && due < this.#sink.now);
    playback.keepStep(isInStep);
    return isInStep ? due : undefined;
  }

  #noteLate(playback: UtterancePlayback, part: AudioPart, samples: number): void {
    const isLate = samples > 0;
    const isFirst = part.frame.sequence === 0 && !playback.heard.part;
    if (isLate && isFirst) this.#sink.tooLate?.(samples);
    playback.arrive(isLate);
  }

  #soonest(playback: UtterancePlayback, pts: number): number {
    const { now, isLoud } = this.#sink;
    const afterDelay = now + Math.ceil((this.#jitterDelay.ms * V2_SAMPLE_RATE) / 1000);
    const wanted = playback.anchor === undefined ? this.#end : playback.anchor + pts;
    if (wanted >= now + EARLIEST_START) return wanted;
    if (playback.anchor === undefined || !isLoud) return Math.max(this.#end, afterDelay);
    this.#jitterDelay.grow();
    playback.heard.ranDry();
    return now + Math.ceil((this.#jitterDelay.ms * V2_SAMPLE_RATE) / 1000);
  }

  /** Where the utterance next pauses or jumps, if it is in step. */
  #seamAfter(playback: UtterancePlayback, pts: number): number {
    return this.#dueOf(playback, pts) === undefined ? Infinity : playback.seamAfter(pts);
  }

  #removeWhere(isGone: (piece: Piece) => boolean): void {
    this.#pieces = this.#pieces.filter((piece) => !isGone(piece));
    this.#end = Math.max(0, ...this.#pieces.map(({ to, isLeaving }) => (isLeaving ? 0 : to)));
  }
}

/** Up to where in its utterance it goes. */
function endOf({ pts, from, to }: Piece): number {
  return pts + to - from;
}

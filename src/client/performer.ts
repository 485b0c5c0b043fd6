import { V2_SAMPLE_RATE } from "../core/v2.ts";
import { Cushion } from "./cushion.ts";
import type { LastHeard } from "./line-heard.ts";
import type { AudioPart } from "./line-part.ts";
import type { LineTrack } from "./line-track.ts";
import type { Stage } from "./stage.ts";

/** A start nearer than this may already be late when the audio thread sees it. */
const SHORTEST_LEAD = V2_SAMPLE_RATE / 50;
const FADE = V2_SAMPLE_RATE / 100;

const ALMOST_HALF = 0.4999;

/** A stretch of a part as it stands on the stage. */
interface Piece {
  track: LineTrack;
  part: AudioPart;
  /** Where in the line it begins. */
  pts: number;
  from: number;
  to: number;
  /** How far it was heard. */
  heard: number;
  /** It was taken back, and is heard until another line speaks into it. */
  isLeaving: boolean;
}

/** Puts the parts of lines on a stage, sample after sample, and says which of them is being heard. */
export class Performer {
  readonly #cushion = new Cushion();
  #stage: Stage;
  #pieces: Piece[] = [];
  #end = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get isLoud(): boolean {
    return this.#stage.isLoud;
  }

  /** ms that are held back at a start. */
  get cushionMs(): number {
    return this.#cushion.ms;
  }

  /** ms on the stage that are still to be heard. */
  get leadMs(): number {
    return Math.max(0, ((this.#end - this.#stage.ear) * 1000) / V2_SAMPLE_RATE);
  }

  /** Whether anything of the line is still to be heard. */
  holds(track: LineTrack): boolean {
    return this.#pieces.some((piece) => piece.track === track);
  }

  /**
   * Places a part: in step where the line has a time, else behind what is there; where the line has a hole,
   * behind that. What comes too late to be heard in step is passed over.
   */
  place(track: LineTrack, part: AudioPart): void {
    const end = part.pts + part.length;
    // What stands already of a part whose rest was moved stays.
    const standing = this.#pieces.filter((piece) => piece.part === part && !piece.isLeaving);
    for (let pts = Math.max(part.pts, ...standing.map(endOf)); pts < end; ) {
      const until = Math.min(end, this.#seamAfter(track, pts));
      this.#placeStretch(track, part, pts, until);
      pts = until;
    }
    if (track.isCut(part)) this.#stage.fade(track, this.#end - FADE);
  }

  /** Where that sample of the line is to stand in step; undefined where the line is not in step. */
  dueOf(track: LineTrack, pts: number): number | undefined {
    const stretch = this.#stretchOf(track, pts);
    return stretch && stretch.start + pts - stretch.pts;
  }

  /** Where the stretch of the line in which that sample stands begins for all; undefined where it is not in step. */
  beginOf(track: LineTrack, pts: number): number | undefined {
    return this.#stretchOf(track, pts)?.start;
  }

  /**
   * Takes lines off the stage from `at` on, what sounds of them then with a fade; they begin again at their
   * sentence.
   */
  takeBack(tracks: readonly LineTrack[], at: number = this.#stage.now): void {
    const end = Math.max(at, this.#stage.now);
    for (const track of tracks) {
      if (track.anchor === undefined && !this.holds(track)) continue;
      this.#stage.fade(track, at);
      track.rewind(this.#lastBefore(track, end));
    }
    for (const piece of this.#pieces) {
      if (!tracks.includes(piece.track)) continue;
      piece.to = Math.min(piece.to, end);
      piece.isLeaving = true;
    }
    this.#removeWhere(({ from, to }) => from >= to);
  }

  /** The line is heard at another time from `pts` on: what stands of that on the stage is to be placed anew. */
  retime(track: LineTrack, pts: number): void {
    if (this.#stage.positionOf(0) === undefined) return;
    const isMoved = (piece: Piece): boolean =>
      piece.track === track && !piece.isLeaving && endOf(piece) > pts;
    for (const piece of this.#pieces.filter(isMoved)) {
      const from = piece.from + Math.max(0, pts - piece.pts);
      this.#stage.erase(track, from, piece.to);
      piece.to = from;
    }
    this.#removeWhere(({ from, to }) => from >= to);
    track.isOutOfStep = false;
    track.rewindTo(pts);
  }

  /** Lets go of what the line has on the stage after `pts` samples of it; what waits behind it moves up. */
  cut(track: LineTrack, pts: number): void {
    const beyond = this.#pieces.filter((piece) => piece.track === track && endOf(piece) > pts);
    if (beyond.length === 0) return;
    const places = beyond.map((piece) => piece.from + Math.max(0, pts - piece.pts));
    const end = Math.max(Math.min(...places), this.#stage.now + FADE);
    this.#stage.fade(track, end - FADE);
    for (const piece of this.#pieces) if (piece.track === track) piece.to = Math.min(piece.to, end);
    this.#removeWhere(({ from, to }) => from >= to);
    this.takeBack(this.#behind(track));
  }

  /** Takes a line off the stage for good; what has not begun to sound behind it moves up, unless it is in step. */
  drop(track: LineTrack): void {
    this.takeBack([track, ...this.#behind(track)]);
    this.#removeWhere((piece) => piece.track === track);
  }

  /** Goes on elsewhere: everything begins again at its sentence. */
  moveTo(stage: Stage, tracks: readonly LineTrack[]): void {
    this.takeBack(tracks);
    this.#removeWhere(() => true);
    this.#stage = stage;
  }

  /** Notes what went by since the last time; returns the line being heard and where, in samples of the line. */
  listen(isAudible: boolean): { track: LineTrack; pts: number } | undefined {
    const { ear } = this.#stage;
    let current: { track: LineTrack; pts: number } | undefined;
    for (const piece of this.#pieces) {
      if (piece.from > ear) continue;
      const { track, part, pts, from, heard } = piece;
      piece.heard = Math.max(heard, Math.min(ear, piece.to));
      track.heard.hear(part, pts + heard - from, pts + piece.heard - from, isAudible && !track.isUndecodable);
      this.#cushion.rest(((piece.heard - heard) * 1000) / V2_SAMPLE_RATE);
      if (ear < piece.to) current = { track, pts: pts + ear - from };
    }
    this.#pieces = this.#pieces.filter(({ to }) => to > ear);
    return current;
  }

  /** Lines behind that one that have not begun to sound, and those that are about to fall silent for it. */
  #behind(track: LineTrack): LineTrack[] {
    const { now } = this.#stage;
    const own = this.#pieces.filter((piece) => piece.track === track && !piece.isLeaving);
    const start = Math.min(...own.map(({ from }) => from));
    const others = this.#pieces.filter((piece) => piece.track !== track);
    const begun = new Set(
      others.filter(({ from, isLeaving }) => from <= now && !isLeaving).map((piece) => piece.track),
    );
    const behind = others.filter(({ from, to, isLeaving }) => (isLeaving ? to : from) >= start);
    return [...new Set(behind.map((piece) => piece.track))].filter((other) => !begun.has(other));
  }

  /** What is heard of the line last, where it falls silent at `end`; undefined where that is nothing more. */
  #lastBefore(track: LineTrack, end: number): LastHeard | undefined {
    const last = this.#pieces.findLast((piece) => piece.track === track && piece.from < end);
    if (!last) return undefined;
    return { part: last.part, isDone: last.to <= end && endOf(last) >= last.part.pts + last.part.length };
  }

  #placeStretch(track: LineTrack, part: AudioPart, pts: number, until: number): void {
    const due = this.#dueNow(track, pts);
    const at = due ?? this.#soonest(track, pts);
    const to = at + until - pts;
    const { now } = this.#stage;
    if (due !== undefined) this.#noteLate(track, part, now - due);
    const isRun = track.anchor !== undefined && at === track.anchor + pts;
    track.anchor = at - pts;
    if (part.concealment && pts === part.pts && isRun && at - part.gap === this.#end && this.#end > now) {
      this.#stage.place(part.concealment, at - part.gap, track);
    }
    if (part.samples) this.#stage.place(part.samples.subarray(pts - part.pts, until - part.pts), at, track);
    this.#end = to;
    this.#pieces.push({
      track,
      part,
      pts,
      from: at,
      to,
      heard: Math.max(at, Math.min(now, to)),
      isLeaving: false,
    });
  }

  /** Where a sample is due in step; the line falls out of step where the listener is still hearing another. */
  #dueNow(track: LineTrack, pts: number): number | undefined {
    const due = this.dueOf(track, pts);
    if (due === undefined || track.anchor !== undefined) return due;
    const isHeldUp = this.#end > Math.max(due, this.#stage.ear) + SHORTEST_LEAD;
    // Who heard an interruption that the others did not hear has missed nothing yet.
    track.isOutOfStep = isHeldUp || (track.wasInterrupted && due < this.#stage.now);
    return track.isOutOfStep ? undefined : due;
  }

  #noteLate(track: LineTrack, part: AudioPart, samples: number): void {
    const isLate = samples > 0;
    const isFirst = part.frame.sequence === 0 && !track.heard.part;
    if (isLate && isFirst) this.#stage.tooLate?.(samples);
    if (isLate && !track.isLate && track.anchor !== undefined) track.heard.underruns += 1;
    track.isLate = isLate;
  }

  #soonest(track: LineTrack, pts: number): number {
    const { now, isLoud } = this.#stage;
    const afterCushion = now + Math.ceil((this.#cushion.ms * V2_SAMPLE_RATE) / 1000);
    const wanted = track.anchor === undefined ? this.#end : track.anchor + pts;
    if (wanted >= now + SHORTEST_LEAD) return wanted;
    if (track.anchor === undefined || !isLoud) return Math.max(this.#end, afterCushion);
    this.#cushion.grow();
    track.heard.underruns += 1;
    return now + Math.ceil((this.#cushion.ms * V2_SAMPLE_RATE) / 1000);
  }

  /** A stretch that is heard without a pause: where it begins on the stage, and in the line. */
  #stretchOf(track: LineTrack, pts: number): { start: number; pts: number } | undefined {
    const segment = track.isOutOfStep ? undefined : track.timeline.segmentOf(placeOf(pts));
    const start = segment && this.#stage.positionOf(segment.startAt);
    return start === undefined ? undefined : { start, pts: samplesOf(segment?.fromMs ?? 0) };
  }

  /** Where the line next pauses or jumps, if it is in step. */
  #seamAfter(track: LineTrack, pts: number): number {
    if (this.dueOf(track, pts) === undefined) return Infinity;
    return samplesOf(track.timeline.seamAfter(placeOf(pts)));
  }

  #removeWhere(isGone: (piece: Piece) => boolean): void {
    this.#pieces = this.#pieces.filter((piece) => !isGone(piece));
    this.#end = Math.max(0, ...this.#pieces.map(({ to, isLeaving }) => (isLeaving ? 0 : to)));
  }
}

/** Up to where in its line it goes. */
function endOf({ pts, from, to }: Piece): number {
  return pts + to - from;
}

function samplesOf(ms: number): number {
  return Math.round((ms * V2_SAMPLE_RATE) / 1000);
}

/** Where that sample stands in its line, ms: seams are placed to the sample, and one may lie up to half of one after it. */
function placeOf(pts: number): number {
  return ((pts + ALMOST_HALF) * 1000) / V2_SAMPLE_RATE;
}

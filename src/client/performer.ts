import { V2_SAMPLE_RATE } from "../core/v2.ts";
import { Cushion } from "./cushion.ts";
import type { AudioPart, LineTrack } from "./line-track.ts";
import type { Stage } from "./stage.ts";

/** A start nearer than this may already be late when the audio thread sees it. */
const SHORTEST_LEAD = V2_SAMPLE_RATE / 50;
const FADE = V2_SAMPLE_RATE / 100;

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
    for (let pts = part.pts; pts < end; ) {
      const until = Math.min(end, this.#seamAfter(track, pts));
      this.#placeStretch(track, part, pts, until);
      pts = until;
    }
    if (track.isCut(part)) this.#stage.fade(track, this.#end - FADE);
  }

  /** Where that sample of the line is to stand in step; undefined where the line is not in step. */
  dueOf(track: LineTrack, pts: number): number | undefined {
    const segment = track.isOutOfStep ? undefined : track.timeline.segmentOf((pts * 1000) / V2_SAMPLE_RATE);
    const start = segment && this.#stage.positionOf(segment.startAt);
    return start === undefined ? undefined : start + pts - samplesOf(segment?.fromMs ?? 0);
  }

  /**
   * Takes lines off the stage from `at` on, what sounds of them with a fade; they begin again at their
   * sentence.
   */
  takeBack(tracks: readonly LineTrack[], at: number = this.#stage.now): void {
    for (const track of tracks) {
      if (track.anchor === undefined) continue;
      this.#stage.fade(track, at);
      track.rewind();
    }
    this.#removeWhere(({ track }) => tracks.includes(track));
  }

  /** The line is heard at another time from `pts` on: what stands of that on the stage is to be placed anew. */
  retime(track: LineTrack, pts: number): void {
    if (this.#stage.positionOf(0) === undefined) return;
    const isMoved = (piece: Piece): boolean =>
      piece.track === track && piece.pts + piece.to - piece.from > pts;
    for (const piece of this.#pieces.filter(isMoved)) {
      this.#stage.erase(piece.from + Math.max(0, pts - piece.pts), piece.to);
    }
    this.#removeWhere(isMoved);
    track.isOutOfStep = false;
    track.rewindTo(pts);
  }

  /** Lets go of what the line has on the stage after `pts` samples of it. */
  cut(track: LineTrack, pts: number): void {
    if (track.anchor === undefined || !this.holds(track)) return;
    const end = Math.max(track.anchor + pts, this.#stage.now + FADE);
    if (this.#pieces.some((piece) => piece.track === track && piece.to > end)) {
      this.#stage.fade(track, end - FADE);
    }
    this.#removeWhere((piece) => piece.track === track && piece.from >= end);
    for (const piece of this.#pieces) if (piece.track === track) piece.to = Math.min(piece.to, end);
    this.#end = Math.max(0, ...this.#pieces.map(({ to }) => to));
  }

  /** Takes a line off the stage for good; what has not begun to sound behind it moves up, unless it is in step. */
  drop(track: LineTrack): void {
    const sounding = this.#pieces.find(({ from }) => from <= this.#stage.ear)?.track;
    const waiting = new Set(this.#pieces.map((piece) => piece.track));
    if (sounding && sounding !== track) waiting.delete(sounding);
    this.takeBack([track, ...waiting]);
  }

  /** Goes on elsewhere: everything begins again at its sentence. */
  moveTo(stage: Stage, tracks: readonly LineTrack[]): void {
    this.takeBack(tracks);
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
    this.#pieces.push({ track, part, pts, from: at, to, heard: Math.max(at, Math.min(now, to)) });
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
    if (isLate && part.frame.sequence === 0) this.#stage.tooLate?.(samples);
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

  /** Where the line next pauses or jumps, if it is in step. */
  #seamAfter(track: LineTrack, pts: number): number {
    if (this.dueOf(track, pts) === undefined) return Infinity;
    return samplesOf(track.timeline.seamAfter((pts * 1000) / V2_SAMPLE_RATE));
  }

  #removeWhere(isGone: (piece: Piece) => boolean): void {
    this.#pieces = this.#pieces.filter((piece) => !isGone(piece));
    this.#end = Math.max(0, ...this.#pieces.map(({ to }) => to));
  }
}

function samplesOf(ms: number): number {
  return Math.round((ms * V2_SAMPLE_RATE) / 1000);
}

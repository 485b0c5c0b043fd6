import { V2_SAMPLE_RATE } from "../core/v2.ts";
import { Cushion } from "./cushion.ts";
import type { AudioPart, LineTrack } from "./line-track.ts";
import type { Stage } from "./stage.ts";

/** A start nearer than this may already be late when the audio thread sees it. */
const SHORTEST_LEAD = V2_SAMPLE_RATE / 50;
const FADE = V2_SAMPLE_RATE / 100;

/** A part as it stands on the stage. */
interface Piece {
  track: LineTrack;
  part: AudioPart;
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

  /** Places a part behind what is there; where the line has a hole, behind that. */
  place(track: LineTrack, part: AudioPart): void {
    const at = this.#placeFor(track, part);
    const isRun = track.anchor !== undefined && at === track.anchor + part.pts;
    track.anchor = at - part.pts;
    if (part.concealment && isRun && at - part.gap === this.#end && this.#end > this.#stage.now) {
      this.#stage.place(part.concealment, at - part.gap, track);
    }
    if (part.samples) this.#stage.place(part.samples.subarray(0, part.length), at, track);
    this.#end = at + part.length;
    this.#pieces.push({ track, part, from: at, to: this.#end, heard: at });
    if (track.isCut(part)) this.#stage.fade(track, this.#end - FADE);
  }

  /** Takes lines off the stage, what sounds of them with a fade; they begin again at their sentence. */
  takeBack(tracks: readonly LineTrack[]): void {
    for (const track of tracks) {
      if (track.anchor === undefined) continue;
      this.#stage.fade(track, this.#stage.now);
      track.rewind();
    }
    this.#pieces = this.#pieces.filter(({ track }) => !tracks.includes(track));
    this.#end = Math.max(0, ...this.#pieces.map(({ to }) => to));
  }

  /** Lets go of what the line has on the stage after `pts` samples of it. */
  cut(track: LineTrack, pts: number): void {
    if (track.anchor === undefined || !this.holds(track)) return;
    const end = Math.max(track.anchor + pts, this.#stage.now + FADE);
    if (this.#pieces.some((piece) => piece.track === track && piece.to > end)) {
      this.#stage.fade(track, end - FADE);
    }
    this.#pieces = this.#pieces.filter((piece) => piece.track !== track || piece.from < end);
    for (const piece of this.#pieces) if (piece.track === track) piece.to = Math.min(piece.to, end);
    this.#end = Math.max(0, ...this.#pieces.map(({ to }) => to));
  }

  /** Takes a line off the stage for good; what has not begun to sound behind it moves up. */
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
      const { track, part, from, heard } = piece;
      piece.heard = Math.min(ear, piece.to);
      track.heard.hear(
        part,
        part.pts + heard - from,
        part.pts + piece.heard - from,
        isAudible && !track.isUndecodable,
      );
      this.#cushion.rest(((piece.heard - heard) * 1000) / V2_SAMPLE_RATE);
      if (ear < piece.to) current = { track, pts: part.pts + ear - from };
    }
    this.#pieces = this.#pieces.filter(({ to }) => to > ear);
    return current;
  }

  #placeFor(track: LineTrack, part: AudioPart): number {
    const { now, isLoud } = this.#stage;
    const afterCushion = now + Math.ceil((this.#cushion.ms * V2_SAMPLE_RATE) / 1000);
    const wanted = track.anchor === undefined ? this.#end : track.anchor + part.pts;
    if (wanted >= now + SHORTEST_LEAD) return wanted;
    if (track.anchor === undefined || !isLoud) return Math.max(this.#end, afterCushion);
    this.#cushion.grow();
    track.heard.underruns += 1;
    return now + Math.ceil((this.#cushion.ms * V2_SAMPLE_RATE) / 1000);
  }
}

import { placeOf } from "./audio-frame.ts";
import type { BroadcastBuffer, BufferItem } from "./broadcast-buffer.ts";
import type { UtteranceAudio } from "./utterance-audio.ts";

/** Where in an utterance somebody begins to listen who was not there from its beginning. */
export interface Entrance {
  /** Of the first item in the buffer; undefined: the next one that begins a sentence. */
  index: number | undefined;
  /** Where in the utterance that is, ms. */
  fromMs: number;
  /** Something was heard by the others before it. */
  isLate: boolean;
}

/** From the beginning. */
export const BEGINNING: Entrance = { index: 0, fromMs: 0, isLate: false };

/** With whom somebody is to hear an utterance. */
export interface Company {
  /** How far they have heard it, ms; undefined: not at all. */
  heardMs: number | undefined;
  /** Whether to join in the middle of a sentence, at the place the others hear now. */
  inStep: boolean;
  /** No sentence follows those that have sound. */
  isLast: boolean;
}

/** Begins with a sentence, at the frame that the company hheard now. */
export function entranceToFrames(
  { frames, isInside }: Pick<UtteranceAudio, "frames" | "isInside">,
  lengthMs: number,
  company: Company,
): Entrance {
  return entranceTo(frames, placeOf, lengthMs, company, isInside);
}

/** The same with clips. */
export function entranceToClips({ clips, clipsMs }: UtteranceAudio, company: Company): Entrance {
  return entranceTo(clips, ({ fromMs }) => fromMs, clipsMs, company);
}

/** With the frame `sequence`, after all that came before it. */
export function entranceAt({ frames }: UtteranceAudio, sequence: number, lengthMs: number): Entrance {
  const frame = frames.peek(sequence);
  return { index: sequence, fromMs: frame ? placeOf(frame) : lengthMs, isLate: false };
}

function entranceTo<T extends BufferItem>(
  buffer: BroadcastBuffer<T>,
  msOf: (item: T) => number,
  lengthMs: number,
  { heardMs, inStep, isLast }: Company,
  isInside = false,
): Entrance {
  if (heardMs === undefined && buffer.reaches(0)) return BEGINNING;
  const heard = heardMs ?? 0;
  const begun = (): number | undefined => buffer.findLast((item) => item.begins && msOf(item) <= heard);
  const next = (): number | undefined => buffer.find((item) => item.begins && msOf(item) >= heard);
  // Nobody hheard half a sentence out of step, unless it is the last.
  const rest = isLast && (heard < lengthMs || isInside) ? begun() : undefined;
  const index = (inStep && heard < lengthMs ? begun() : undefined) ?? next() ?? rest;
  const first = index === undefined ? undefined : buffer.peek(index);
  return {
    // What comes next goes on in the middle of a sentence whose beginning is not kept any more.
    index: index ?? (isLast && !isInside ? buffer.head : undefined),
    fromMs: first ? msOf(first) : lengthMs,
    isLate: true,
  };
}

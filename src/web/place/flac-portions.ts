import { joinBytes } from "../../core/bytes.ts";
import { type FlacFile, type FlacFrame, flacFile } from "../../core/dsp/flac-frames.ts";
import { BESIDE_MS, PORTION_SECONDS, type Portion, placeAt24 } from "./portion.ts";

const STREAM_BYTES = 34;
/** Of a description with nothing behind it but frames: its head says that it is the last one. */
const HEAD = [0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, STREAM_BYTES];
/** Where in it the samples are counted: four bits before that place belong to it, too. */
const TOTAL_AT = 14;
const SUM_AT = 18;

/** Each frame can be decoded by itself. Undefined where the file is not whole. */
export function flacPortions(file: Uint8Array): Portion[] | undefined {
  const flac = flacFile(file);
  if (!flac) return undefined;
  const { frames, rate, end } = flac;
  const total = (frames.at(-1)?.place ?? 0) + (frames.at(-1)?.samples ?? 0);
  const close: FlacFrame = { at: end, place: total, samples: 0 };
  // Every portion begins with the first frame behind its time.
  const portionOf = (frame: FlacFrame | undefined): number =>
    frame ? Math.floor(frame.place / (PORTION_SECONDS * rate)) : -1;
  const starts = [...frames.keys()].filter(
    (index) => portionOf(frames[index]) > portionOf(frames[index - 1]),
  );
  const beside = (rate * BESIDE_MS) / 1000;
  return starts.map((start, index) => {
    const next = starts[index + 1] ?? frames.length;
    const [from, to] = [frames[start] ?? close, frames[next] ?? close];
    const first = frames.findLast(({ place }) => place <= from.place - beside) ?? frames[0] ?? close;
    const last = frames.find(({ place }) => place >= to.place + beside) ?? close;
    return {
      from: placeAt24(from.place, rate),
      to: placeAt24(to.place, rate),
      begins: placeAt24(first.place, rate),
      ends: placeAt24(last.place, rate),
      bytes: () =>
        joinBytes([headOf(file, flac, last.place - first.place), file.subarray(first.at, last.at)]),
    };
  });
}

/** What describes a stretch of a file. */
function headOf(file: Uint8Array, { streamAt }: FlacFile, samples: number): Uint8Array {
  const stream = file.slice(streamAt, streamAt + STREAM_BYTES);
  const view = new DataView(stream.buffer);
  view.setUint8(TOTAL_AT - 1, view.getUint8(TOTAL_AT - 1) & 0xf0);
  view.setUint32(TOTAL_AT, samples);
  // Of the whole file: zeros say that nobody has summed it up.
  stream.fill(0, SUM_AT);
  return joinBytes([Uint8Array.from(HEAD), stream]);
}

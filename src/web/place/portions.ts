import { joinBytes } from "../../core/bytes.ts";
import { mp3Frames } from "../../core/dsp/mp3-frames.ts";
import { flacPortions } from "./flac-portions.ts";
import { BESIDE_MS, PORTION_SECONDS, type Portion } from "./portion.ts";
import { SOUND_RATE } from "./sound-loop.ts";

/** A decoder that lacks something at the beginning gives less: what it gives ends where it should. */
export function beginOf({ begins, ends }: Portion, length: number): number {
  return ends - begins - length > TOLERANCE ? ends - length : begins;
}

/** Samples by which what a decoder gives may be longer or shorter for no other reason than its arithmetic. */
const TOLERANCE = 2;
/** Frames of an mp3 file are looked at so many together: at each rate that is a whole number of samples at 24 kHz. */
const FRAMES = 49;
/** Page headers of Ogg (RFC 3533 §6). */
const PAGE_HEAD = 27;
const CONTINUES = 1;
/** Head pages of Vorbis and Opus come before any sound. */
const NO_GRANULE = 0n;

/** A long file, cut where it can be; undefined where it can be decoded as a whole alone. */
export function portionsOf(file: Uint8Array): Portion[] | undefined {
  return (
    wavPortions(file) ??
    oggPortions(file) ??
    (isLetters(file, 0, "fLaC") ? flacPortions(file) : mp3Portions(file))
  );
}

function isLetters(bytes: Uint8Array, at: number, letters: string): boolean {
  return [...letters].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function wavPortions(file: Uint8Array): Portion[] | undefined {
  if (!isLetters(file, 0, "RIFF") || !isLetters(file, 8, "WAVE")) return undefined;
  const view = viewOf(file);
  let format: Uint8Array | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const size = view.getUint32(at + 4, true);
    if (isLetters(file, at, "fmt ")) format = file.subarray(at, at + 8 + size);
    else if (isLetters(file, at, "data") && format)
      return wavStretches(format, file.subarray(at + 8, Math.min(file.length, at + 8 + size)));
    at += 8 + size + (size % 2);
  }
  return undefined;
}

function wavStretches(format: Uint8Array, data: Uint8Array): Portion[] {
  const view = viewOf(format);
  const rate = view.getUint32(12, true);
  const size = view.getUint16(20, true);
  // A head that makes no sense is left to the browser.
  const count = size > 0 && rate > 0 ? Math.floor(data.length / size) : 0;
  const placeOf = (frame: number): number => Math.round((frame * SOUND_RATE) / rate);
  const beside = Math.round((rate * BESIDE_MS) / 1000);
  const portions: Portion[] = [];
  for (let from = 0; from < count; from += PORTION_SECONDS * rate) {
    const to = Math.min(count, from + PORTION_SECONDS * rate);
    const [first, last] = [Math.max(0, from - beside), Math.min(count, to + beside)];
    portions.push({
      from: placeOf(from),
      to: placeOf(to),
      begins: placeOf(first),
      ends: placeOf(last),
      bytes: () => wavOf(format, data.subarray(first * size, last * size)),
    });
  }
  return portions;
}

function wavOf(format: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(8);
  head.set(new TextEncoder().encode("data"));
  viewOf(head).setUint32(4, data.length, true);
  const riff = new Uint8Array(12);
  riff.set(new TextEncoder().encode("RIFF    WAVE"));
  viewOf(riff).setUint32(4, 4 + format.length + head.length + data.length, true);
  return joinBytes([riff, format, head, data]);
}

/** Each frame leans on some before it, and the decoder on the last one. */
function mp3Portions(file: Uint8Array): Portion[] {
  /** Of every group of frames: where it begins, in bytes and in samples. */
  const groups: { at: number; place: number }[] = [];
  let padding: Padding | undefined;
  let [samples, count, end] = [0, 0, 0];
  for (const frame of mp3Frames(file)) {
    padding ??= paddingIn(file.subarray(frame.at, frame.at + frame.bytes), frame.rate);
    end = frame.at + frame.bytes;
    // It tells of the file, and nothing of it is heard.
    if (padding.isFrame && count === 0 && samples === 0) {
      padding = { ...padding, isFrame: false };
      continue;
    }
    if (count++ % FRAMES === 0) groups.push({ at: frame.at, place: Math.round(samples) - padding.before });
    samples += (frame.samples * SOUND_RATE) / frame.rate;
  }
  const { before = 0, behind = 0 } = padding ?? {};
  groups.push({ at: Math.min(end, file.length), place: Math.round(samples) - before });
  const whole = groups.length - 1;
  const perGroup = whole > 1 ? (groups[1]?.place ?? 0) + before : SOUND_RATE;
  const length = Math.round(samples) - before - behind;
  const step = Math.max(1, Math.round((PORTION_SECONDS * SOUND_RATE) / perGroup));
  const group = (index: number) => groups[Math.max(0, Math.min(whole, index))] ?? { at: 0, place: 0 };
  return Array.from({ length: Math.ceil(whole / step) }, (_, portion) => {
    const index = portion * step;
    const [first, last] = [group(index - 1), group(index + step + 1)];
    return {
      from: Math.max(0, group(index).place),
      to: Math.min(length, group(index + step).place),
      begins: first.place,
      ends: last.place,
      bytes: () => joinBytes([file.subarray(first.at, last.at)]),
    };
  });
}

/** Silence that an encoder has put around a sound; samples at 24 kHz. */
interface Padding {
  before: number;
  behind: number;
  /** Whether this is told by a frame of its own, at the beginning. */
  isFrame: boolean;
}

/** Samples by which every decoder of mp3 is late. */
const MP3_DELAY = 529;
/** Where LAME's tag has the padding, from the word `Xing` or `Info` on. */
const PADDING_AT = 141;

function paddingIn(frame: Uint8Array, rate: number): Padding {
  const start = [13, 21, 36].find((at) => isLetters(frame, at, "Xing") || isLetters(frame, at, "Info"));
  if (start === undefined) return { before: 0, behind: 0, isFrame: false };
  const [a = 0, b = 0, c = 0] = frame.subarray(start + PADDING_AT, start + PADDING_AT + 3);
  const [delay, rest] = [(a << 4) | (b >> 4), ((b & 15) << 8) | c];
  const scaled = (samples: number): number => Math.round((Math.max(0, samples) * SOUND_RATE) / rate);
  if (delay === 0) return { before: 0, behind: 0, isFrame: true };
  return { before: scaled(delay + MP3_DELAY), behind: scaled(rest - MP3_DELAY), isFrame: true };
}

/** A page that begins with a packet, and where the sound before it ends. */
interface PageCut {
  at: number;
  place: number;
}

function oggPortions(file: Uint8Array): Portion[] | undefined {
  if (!isLetters(file, 0, "OggS")) return undefined;
  const view = viewOf(file);
  const packet = PAGE_HEAD + (file[PAGE_HEAD - 1] ?? 0);
  const isOpus = isLetters(file, packet, "OpusHead");
  const rate = isOpus ? 48_000 : view.getUint32(packet + 12, true);
  const skip = isOpus ? view.getUint16(packet + 10, true) : 0;
  const placeOf = (granule: bigint): number =>
    Math.max(0, Math.round(((Number(granule) - skip) * SOUND_RATE) / rate));
  const cuts: PageCut[] = [];
  let headEnd = 0;
  let place = 0;
  for (let at = 0; at + PAGE_HEAD <= file.length && isLetters(file, at, "OggS"); ) {
    const lacing = file.subarray(at + PAGE_HEAD, at + PAGE_HEAD + (file[at + PAGE_HEAD - 1] as number));
    const size = PAGE_HEAD + lacing.length + lacing.reduce((sum, byte) => sum + byte, 0);
    const granule = view.getBigInt64(at + 6, true);
    if (granule <= NO_GRANULE && cuts.length === 0) headEnd = at + size;
    else if (((file[at + 5] as number) & CONTINUES) === 0) cuts.push({ at, place });
    if (granule > NO_GRANULE) place = placeOf(granule);
    at += size;
  }
  const head = file.subarray(0, headEnd);
  const end: PageCut = { at: file.length, place };
  // Every portion begins with the first page behind its time.
  const starts = cuts.filter(
    (cut, index) =>
      index === 0 ||
      Math.floor(cut.place / (PORTION_SECONDS * SOUND_RATE)) >
        Math.floor((cuts[index - 1]?.place ?? 0) / (PORTION_SECONDS * SOUND_RATE)),
  );
  return starts.map((start, index) => {
    const next = starts[index + 1] ?? end;
    const of = (cut: PageCut): number => (cut === end ? cuts.length : cuts.indexOf(cut));
    // Two pages more on either side: sound leans on what is beside it.
    const first = cuts[Math.max(0, of(start) - 2)] ?? start;
    const last = cuts[of(next) + 2] ?? end;
    return {
      from: start.place,
      to: next.place,
      begins: first.place,
      ends: last.place,
      bytes: () => joinBytes([head, file.subarray(first.at, last.at)]),
    };
  });
}

import { isMp3Header } from "./mp3-frames.ts";

/** What bytes turn out to be by how they begin. */
export type Sniffed =
  /** @member from where it begins; a few bytes before it are none of it */
  | { is: "wav" | "mp3" | "flac" | "ogg-opus"; from: number }
  | { is: "text" }
  /** Sound, or what is no sound at all, for which there is no reader. */
  | { is: "foreign"; name: string }
  /** Nothing that is known: samples without a container look so. */
  | { is: "unknown" };

/** Bytes of the longest signature that is looked for at the beginning. */
const SIGNATURE_BYTES = 12;
/** Bytes that are enough for Ogg's, to tell text from samples, and to find what begins behind a line of something else. */
const MOST_BYTES = 64;

/** The share of letters and the like among so many bytes or more that no samples have. */
const MOST_ASCII = 7 / 8;
const MOST_ASCII_BYTES = 24;

/** What files begin with that are read; by chance no samples look so. */
const WAV = /(RIFF|RF64|BW64)[\s\S]{4}WAVE/;
const OGG = /OggS/;
/** Of what begins so more is wanted to be certain. */
const MORE_TO_COME = /RIFF|RF64|BW64|^APETAGEX/;

/** Signatures: where they stand, and of what. */
const FOREIGN: readonly (readonly [at: number, signature: string, name: string])[] = [
  [0, "\x1aE\xdf\xa3", "WebM"],
  [4, "ftyp", "MP4"],
  [4, "styp", "MP4"],
  [8, "AIFF", "AIFF"],
  [8, "AIFC", "AIFF"],
  [0, "FORM", "IFF"],
  [0, "RIFX", "big-endian WAV"],
  [8, "AVI ", "AVI"],
  [0, "RIFF", "RIFF without WAVE"],
  [0, "riff\x2e\x91\xcf\x11", "Wave64"],
  [0, "caff", "CAF"],
  [0, ".snd", "AU"],
  [0, "Creative Voi", "VOC"],
  [0, "NIST_1A", "SPHERE"],
  [0, "\x64\xa3", "IRCAM"],
  [0, "#!AMR", "AMR"],
  [0, "\x30\x26\xb2\x75", "WMA"],
  [0, "\x0b\x77", "AC-3"],
  [0, "\x7f\xfe\x80\x01", "DTS"],
  [0, "wvpk", "WavPack"],
  [0, "TTA1", "TTA"],
  [0, "MAC ", "Monkey's Audio"],
  [0, "MPCK", "Musepack"],
  [0, "MThd", "MIDI"],
  [0, "FLV\x01", "FLV"],
  [0, ".RMF", "RealMedia"],
  [0, "nut/multimed", "NUT"],
  [0, "\x1f\x8b\x08", "gzip"],
  [0, "BZh", "bzip2"],
  [0, "\xfd7zXZ", "xz"],
  [0, "\x28\xb5\x2f\xfd", "Zstandard"],
  [0, "PK\x03\x04", "a ZIP file"],
  [0, "%PDF", "a PDF file"],
  [0, "\x93NUMPY", "a NumPy array"],
  [0, "\x7fELF", "a program"],
  [0, "\x89PNG", "a picture"],
  [0, "GIF8", "a picture"],
  [0, "\xff\xd8\xff", "a picture"],
];
/** What else is in Ogg. */
const IN_OGG: readonly (readonly [signature: string, name: string])[] = [
  ["\x01vorbis", "Ogg Vorbis"],
  ["Speex ", "Ogg Speex"],
];

/** @returns undefined where more bytes are wanted to tell, if there are more */
export function sniff(head: Uint8Array, { isAll }: { isAll: boolean }): Sniffed | undefined {
  if (!isAll && head.length < SIGNATURE_BYTES) return undefined;
  const sniffed = look(head.subarray(0, MOST_BYTES));
  const isEarly =
    sniffed.is === "text" || (sniffed.is === "unknown" ? MORE_TO_COME : OGG).test(latinOf(head));
  return isEarly && !isAll && head.length < MOST_BYTES ? undefined : sniffed;
}

function look(head: Uint8Array): Sniffed {
  const latin = latinOf(head);
  const [wav, ogg, flac] = [latin.search(WAV), latin.search(OGG), latin.indexOf("fLaC")];
  if (wav >= 0) return { is: "wav", from: wav };
  if (ogg >= 0) return inOgg(latin, ogg);
  if (flac >= 0) return { is: "flac", from: flac };
  const foreign = FOREIGN.find(([at, signature]) => latin.startsWith(signature, at));
  if (foreign) return { is: "foreign", name: foreign[2] };
  // PCM that looks so would begin with a click.
  if (isMp3Header(head)) return { is: "mp3", from: 0 };
  if (isAdtsFrame(head)) return { is: "foreign", name: "AAC" };
  return { is: isText(head) ? "text" : "unknown" };
}

function inOgg(latin: string, from: number): Sniffed {
  if (latin.includes("OpusHead")) return { is: "ogg-opus", from };
  if (latin.includes("\x7fFLAC")) return { is: "flac", from };
  const name = IN_OGG.find(([signature]) => latin.includes(signature))?.[1];
  return { is: "foreign", name: name ?? "Ogg without Opus or FLAC" };
}

function latinOf(head: Uint8Array): string {
  return String.fromCharCode(...head.subarray(0, MOST_BYTES));
}

/** Whether it begins with the header of an AAC frame (ISO/IEC 13818-7, 6.2): the sync word, a rate and a length that exist. */
function isAdtsFrame([first = 0, second = 0, third = 0, fourth = 0, fifth = 0]: Uint8Array): boolean {
  const isSync = first === 0xff && (second & 0xf6) === 0xf0;
  const length = ((fourth & 3) << 11) | (fifth << 3);
  return isSync && ((third >> 2) & 0x0f) < 13 && length > 8;
}

/** In which code text is, by the mark that it begins with. */
export function textCode([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

/**
 * Whether all of it is text, in UTF-8, or in UTF-16 with its mark, or nearly all of it in any code that has ASCII in it:
 * samples go up and down, and are 0 now and then. One character over and over is none: silence may look so.
 */
function isText(head: Uint8Array): boolean {
  const code = textCode(head);
  if (code !== "utf-8") {
    const text = new TextDecoder(code).decode(head.subarray(0, head.length & ~1));
    return text.length > 3 && /^[\t\n\r\x20-\x7e]+$/.test(text);
  }
  if (head.length >= MOST_ASCII_BYTES && shareOfAscii(head) >= MOST_ASCII) return true;
  try {
    // The last character may be cut in two.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return new Set(text).size > 1 && !/[^\P{Cc}\t\n\r\f]/u.test(text);
  } catch {
    return false;
  }
}

function shareOfAscii(head: Uint8Array): number {
  const isPrinted = (byte: number): boolean =>
    (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d;
  return new Set(head).size > 2 ? head.filter(isPrinted).length / head.length : 0;
}

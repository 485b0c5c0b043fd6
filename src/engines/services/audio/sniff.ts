/** What bytes turn out to be by how they begin. */
export type Sniffed =
  | { is: "wav" | "mp3" | "flac" | "ogg-opus" | "text" }
  /** Sound, or what is no sound at all, for which there is no reader. */
  | { is: "foreign"; name: string }
  /** Nothing that is known: samples without a container look so. */
  | { is: "unknown" };

/** Bytes of the longest signature but one, and bytes that are enough for Ogg's, and to tell text from samples. */
const SIGNATURE_BYTES = 12;
const MOST_BYTES = 64;

/** Signatures: where they stand, and of what. */
const FOREIGN: readonly (readonly [at: number, signature: string, name: string])[] = [
  [0, "OggS", "Ogg without Opus or FLAC"],
  [0, "\x1aE\xdf\xa3", "WebM"],
  [4, "ftyp", "MP4"],
  [4, "styp", "MP4"],
  [0, "FORM", "AIFF"],
  [0, "RIFX", "big-endian WAV"],
  [0, "RIFF", "RIFF without WAVE"],
  [0, "caff", "CAF"],
  [0, ".snd", "AU"],
  [0, "#!AMR", "AMR"],
  [0, "\x30\x26\xb2\x75", "WMA"],
  [0, "\x1f\x8b\x08", "gzip"],
  [0, "PK\x03\x04", "a ZIP file"],
  [0, "%PDF", "a PDF file"],
  [0, "\x89PNG", "a picture"],
  [0, "\xff\xd8\xff", "a picture"],
];

/** @returns undefined where more bytes are wanted to tell, if there are more */
export function sniff(head: Uint8Array, { isAll }: { isAll: boolean }): Sniffed | undefined {
  if (!isAll && head.length < SIGNATURE_BYTES) return undefined;
  const sniffed = look(head.subarray(0, MOST_BYTES));
  const isEarly = sniffed.is === "text" || startsWith(head, "OggS");
  return isEarly && !isAll && head.length < MOST_BYTES ? undefined : sniffed;
}

function look(head: Uint8Array): Sniffed {
  const latin = String.fromCharCode(...head);
  if (/^(RIFF|RF64)/.test(latin) && latin.startsWith("WAVE", 8)) return { is: "wav" };
  if (latin.startsWith("ID3") || isMp3Frame(head)) return { is: "mp3" };
  if (latin.startsWith("OggS") && latin.includes("OpusHead")) return { is: "ogg-opus" };
  if (latin.startsWith("fLaC") || (latin.startsWith("OggS") && latin.includes("\x7fFLAC")))
    return { is: "flac" };
  const found = FOREIGN.find(([at, signature]) => latin.startsWith(signature, at));
  if (found) return { is: "foreign", name: found[2] };
  if (isAdtsFrame(head)) return { is: "foreign", name: "AAC" };
  return { is: isText(head) ? "text" : "unknown" };
}

function startsWith(head: Uint8Array, signature: string): boolean {
  return String.fromCharCode(...head.subarray(0, signature.length)) === signature;
}

/**
 * Whether it begins with the header of an MP3 frame (ISO/IEC 11172-3, 2.4.1.3): the sync word, layer III, a bitrate
 * and a sample rate that exist. PCM that looks so would begin with a click.
 */
function isMp3Frame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08;
  const bitrate = third >> 4;
  return isLayer3 && bitrate > 0 && bitrate < 15 && (third & 0x0c) !== 0x0c;
}

/** Whether it begins with the header of an AAC frame (ISO/IEC 13818-7, 6.2): the sync word, a rate and a length that exist. */
function isAdtsFrame([first = 0, second = 0, third = 0, fourth = 0, fifth = 0]: Uint8Array): boolean {
  const isSync = first === 0xff && (second & 0xf6) === 0xf0;
  const length = ((fourth & 3) << 11) | (fifth << 3);
  return isSync && ((third >> 2) & 0x0f) < 13 && length > 8;
}

/**
 * Whether all of it is text, in UTF-8, or in UTF-16 with its mark: samples go up and down, and are 0 now and then. One
 * character over and over is none: silence may look so.
 */
function isText(head: Uint8Array): boolean {
  const [first, second] = head;
  const utf16 =
    first === 0xff && second === 0xfe
      ? "utf-16le"
      : first === 0xfe && second === 0xff
        ? "utf-16be"
        : undefined;
  if (utf16 !== undefined) {
    const text = new TextDecoder(utf16).decode(head.subarray(0, head.length & ~1));
    return text.length > 3 && /^[\t\n\r\x20-\x7e]+$/.test(text);
  }
  try {
    // The last character may be cut in two.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return new Set(text).size > 1 && !/[^\P{Cc}\t\n\r\f]/u.test(text);
  } catch {
    return false;
  }
}

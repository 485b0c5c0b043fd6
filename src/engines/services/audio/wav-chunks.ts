/**
 * Where samples end in a WAV file that does not say how many there are: chunks behind them, or the next file, are
 * told by their form.
 * @module
 */

/** Id and size. */
export const CHUNK_HEADER_BYTES = 8;
/** Id, size and what kind of file: what is looked at to tell that one begins. */
const FILE_HEADER_BYTES = 12;
/** Chunks that writers put behind the samples, and bytes that such a one may have. */
const KNOWN: ReadonlySet<string> = new Set(
  "LIST,id3 ,ID3 ,bext,iXML,axml,_PMX,fact,cue ,smpl,inst,PEAK,JUNK,junk,FLLR,PAD ,DISP,acid,cart,afsp".split(
    ",",
  ),
);
const MAX_KNOWN = 4 * 1024 * 1024;
/** Bytes of a chunk that nobody knows: samples may look like one, and would wait until so many more are there. */
const MAX_UNKNOWN = 64 * 1024;

/** The four characters there. */
export function idAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** Whether a chunk may begin there: letters, digits, spaces. */
export function isId(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i] ?? 0;
    const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
    const isOther = byte === 0x20 || byte === 0x5f || (byte >= 0x30 && byte <= 0x39);
    if (!isLetter && !isOther) return false;
  }
  return true;
}

/** What a file begins with; the two last have room for sizes of 64 bits (EBU Tech 3306, ITU-R BS.2088). */
const FILES: ReadonlySet<string> = new Set(["RIFF", "RF64", "BW64"]);

/** Whether a file begins there, as far as four bytes tell. */
export function isFileId(bytes: Uint8Array, at: number): boolean {
  return FILES.has(idAt(bytes, at));
}

/** Whether a file begins there, with all 12 bytes of its header. */
export function isFile(bytes: Uint8Array, at: number): boolean {
  return isFileId(bytes, at) && idAt(bytes, at + 8) === "WAVE";
}

/** Whether what stands behind samples can be a chunk, by its id and size: samples may look like an id. */
export function isChunkBehind(bytes: Uint8Array, at: number): boolean {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 4, true);
  return isId(bytes, at) && size <= (KNOWN.has(idAt(bytes, at)) ? MAX_KNOWN : MAX_UNKNOWN);
}

/**
 * How many of the bytes are samples for certain, and whether something else follows them.
 * @param bytes from an even place in the file, all that there are of it by now
 * @param isEnd whether no more come
 */
export function endOfSamples(bytes: Uint8Array, isEnd: boolean): { samples: number; isOver: boolean } {
  let at = 0;
  for (
    ;
    at + FILE_HEADER_BYTES <= bytes.length || (isEnd && at + CHUNK_HEADER_BYTES <= bytes.length);
    at += 2
  ) {
    if (!isId(bytes, at)) continue;
    const verdict = isFile(bytes, at) ? "yes" : chunkAt(bytes, at, isEnd);
    if (verdict !== "no") return { samples: at, isOver: verdict === "yes" };
  }
  return { samples: isEnd ? bytes.length : at, isOver: false };
}

/** A chunk ends where another one begins, or where all ends. */
function chunkAt(bytes: Uint8Array, at: number, isEnd: boolean): "yes" | "no" | "perhaps" {
  if (!isChunkBehind(bytes, at)) return "no";
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 4, true);
  const end = at + CHUNK_HEADER_BYTES + size;
  const next = end + (size % 2);
  if (next + 4 <= bytes.length) return isId(bytes, next) ? "yes" : "no";
  if (!isEnd) return "perhaps";
  return KNOWN.has(idAt(bytes, at)) || end === bytes.length || next === bytes.length ? "yes" : "no";
}

/** Bytes of an ID3v2 header, and of its footer; of a header of APEv2. */
const ID3_BYTES = 10;
const APE_BYTES = 32;
/** Set where a footer follows, in the flags of ID3v2. */
const HAS_FOOTER = 0x10;

/** Bytes of the tag that begins there (ID3v2, APEv2): titles and pictures before the sound; 0 where none does. */
export function tagLength(bytes: Uint8Array): number {
  const id = String.fromCharCode(...bytes.subarray(0, 8));
  if (id.startsWith("ID3") && bytes.length >= ID3_BYTES) {
    const [version = 0, , flags = 0, ...size] = bytes.subarray(3, ID3_BYTES);
    const isId3 = version >= 2 && version <= 4 && size.every((byte) => byte < 0x80);
    const footer = flags & HAS_FOOTER ? ID3_BYTES : 0;
    return isId3 ? ID3_BYTES + size.reduce((sum, byte) => sum * 128 + byte, 0) + footer : 0;
  }
  if (id !== "APETAGEX" || bytes.length < APE_BYTES) return 0;
  return APE_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
}

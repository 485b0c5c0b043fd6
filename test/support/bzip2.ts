/**
 * Packs bytes as bzip2, for small things only: blocks are small and sorted naively, codes have one length.
 * @module
 */

/** Bytes in a block. */
const BLOCK_BYTES = 4000;
/** Symbols that one table of codes serves. */
const GROUP = 50;
/** Equal bytes after which a count follows, and the most that it counts. */
const RUN = 4;
const MAX_COUNT = 251;

/** bzip2 of the bytes. */
export function bzip2(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const bits = new BitWriter();
  for (const char of "BZh9") bits.write(8, char.charCodeAt(0));
  let total = 0;
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    const check = checksum(block);
    total = (((total << 1) | (total >>> 31)) ^ check) >>> 0;
    writeBlock(bits, block, check);
  }
  bits.write(24, 0x177245);
  bits.write(24, 0x385090);
  bits.write(32, total);
  return bits.finish();
}

function writeBlock(bits: BitWriter, block: Uint8Array, check: number): void {
  const { last, origin } = sorted(runLengths(block));
  const used = [...new Set(last)].sort((one, other) => one - other);
  const symbols = moveToFront(last, used);
  bits.write(24, 0x314159);
  bits.write(24, 0x265359);
  bits.write(32, check);
  bits.write(1, 0);
  bits.write(24, origin);
  const rows = Array.from({ length: 16 }, (_, row) => used.filter((byte) => byte >> 4 === row));
  for (const row of rows) bits.write(1, row.length > 0 ? 1 : 0);
  for (const row of rows.filter((each) => each.length > 0)) {
    for (let column = 0; column < 16; column++)
      bits.write(1, row.some((byte) => (byte & 15) === column) ? 1 : 0);
  }
  const codes = used.length + 2;
  const width = Math.max(1, Math.ceil(Math.log2(codes)));
  // Two tables are the fewest; all groups use the first.
  bits.write(3, 2);
  const groups = Math.ceil(symbols.length / GROUP);
  bits.write(15, groups);
  for (let group = 0; group < groups; group++) bits.write(1, 0);
  for (let table = 0; table < 2; table++) {
    bits.write(5, width);
    for (let code = 0; code < codes; code++) bits.write(1, 0);
  }
  for (const symbol of symbols) bits.write(width, symbol);
}

/** Four equal bytes are followed by how many more there are. */
function runLengths(block: Uint8Array): number[] {
  const out: number[] = [];
  for (let at = 0; at < block.length; ) {
    const byte = block[at] as number;
    let length = 1;
    while (length < RUN + MAX_COUNT && block[at + length] === byte) length += 1;
    out.push(...Array.from({ length: Math.min(length, RUN) }, () => byte));
    if (length >= RUN) out.push(length - RUN);
    at += length;
  }
  return out;
}

/** The last column of all rotations, sorted (Burrows and Wheeler, 1994), and where the text itself is. */
function sorted(text: readonly number[]): { last: number[]; origin: number } {
  const rotations = text
    .map((_, at) => at)
    .sort((one, other) => {
      for (let i = 0; i < text.length; i++) {
        const difference =
          (text[(one + i) % text.length] as number) - (text[(other + i) % text.length] as number);
        if (difference !== 0) return difference;
      }
      return 0;
    });
  const last = rotations.map((at) => text[(at + text.length - 1) % text.length] as number);
  return { last, origin: rotations.indexOf(0) };
}

/** Places in a list whose first is the byte seen last; runs of zeros in two symbols, like digits; the end. */
function moveToFront(bytes: readonly number[], used: readonly number[]): number[] {
  const list = [...used];
  const out: number[] = [];
  let zeros = 0;
  const flush = (): void => {
    for (; zeros > 0; zeros = (zeros - 1) >> 1) out.push((zeros - 1) & 1);
    zeros = 0;
  };
  for (const byte of bytes) {
    const place = list.indexOf(byte);
    list.splice(place, 1);
    list.unshift(byte);
    if (place === 0) zeros += 1;
    else {
      flush();
      out.push(place + 1);
    }
  }
  flush();
  return [...out, used.length + 1];
}

function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return ~sum >>> 0;
}

class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #count = 0;

  write(width: number, value: number): void {
    for (let bit = width - 1; bit >= 0; bit--) {
      this.#held = (this.#held << 1) | ((value >>> bit) & 1);
      this.#count += 1;
      if (this.#count < 8) continue;
      this.#bytes.push(this.#held);
      this.#held = 0;
      this.#count = 0;
    }
  }

  finish(): Uint8Array<ArrayBuffer> {
    while (this.#count > 0) this.write(1, 0);
    return Uint8Array.from(this.#bytes);
  }
}

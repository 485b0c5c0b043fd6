import { BardcastError } from "../../../core/errors.ts";
import { BitInput } from "./bit-input.ts";
import { unpackBlock } from "./bzip2-block.ts";

/** Bytes that the largest block takes packed: 900,000 words of 20 bits, and its tables. */
const MAX_PACKED_BLOCK = 2_400_000;
const STREAM_MARK = 0x425a68;
const BLOCK_MARK = 0x314159265359;
const END_MARK = 0x177245385090;

/** How often what comes out may be larger than what went in; voices come to twice their archive. */
const MAX_RATIO = 100;
/** Bytes that may come out whatever went in. */
const FREE_BYTES = 64 * 1024 * 1024;

export interface Bunzip2Limits {
  /** Times that what comes out may be larger than what went in; default 100. */
  maxRatio?: number;
  /** Bytes that may come out whatever went in; default 64 MiB. */
  freeBytes?: number;
}

/**
 * Unpacks bzip2, as fast as it is taken: a block of 900 kB at the most is in memory, and a piece of what it holds.
 * @throws BardcastError `bad-request` where it is not bzip2, or broken; `payload-too-large` where it is made to unpack
 * to what no voice needs
 */
export async function* bunzip2(
  source: AsyncIterable<Uint8Array>,
  { maxRatio = MAX_RATIO, freeBytes = FREE_BYTES }: Bunzip2Limits = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const input = new BitInput(source);
  let unpacked = 0;
  try {
    await input.fill(MAX_PACKED_BLOCK);
    do {
      for await (const piece of unpackStream(input)) {
        unpacked += piece.length;
        if (unpacked > Math.max(freeBytes, maxRatio * input.takenBytes)) {
          const message = `the archive is not unpacked: it is made to become more than ${maxRatio} times as large`;
          throw new BardcastError("payload-too-large", message);
        }
        yield piece;
      }
      // Archives may stand one behind the other.
    } while (!input.isEmpty);
  } finally {
    await input.close();
  }
}

async function* unpackStream(input: BitInput): AsyncGenerator<Uint8Array, void, undefined> {
  const mark = input.read(24);
  const level = input.read(8) - "0".charCodeAt(0);
  if (mark !== STREAM_MARK || level < 1 || level > 9) throw notBzip2();
  const work = new Uint32Array(100_000 * level);
  let check = 0;
  for (;;) {
    await input.fill(MAX_PACKED_BLOCK);
    const kind = input.read(48);
    if (kind === END_MARK) break;
    if (kind !== BLOCK_MARK) throw notBzip2();
    const own = yield* unpackBlock(input, work);
    check = ((check << 1) | (check >>> 31)) ^ own;
  }
  if ((input.read(32) | 0) !== check) throw notBzip2();
  input.toNextByte();
  await input.fill(MAX_PACKED_BLOCK);
}

function notBzip2(): BardcastError {
  return new BardcastError("bad-request", "it is not a whole bzip2 archive");
}

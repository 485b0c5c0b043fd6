import { BardcastError } from "../../../core/errors.ts";
import type { BitInput } from "./bit-input.ts";
import { type PrefixCode, readCode } from "./prefix-code.ts";

/** Symbols that one code serves before the next is chosen. */
const GROUP = 50;
/** Groups of the largest block; what some programs write beyond is passed over. */
const MAX_GROUPS = 18_002;
/** Symbols that are digits of a run's length. */
const RUN_A = 0;
const RUN_B = 1;
/** Equal bytes after which a count of further ones follows. */
const RUN = 4;
/** Bytes that are given out at once. */
const PIECE_BYTES = 64 * 1024;

/** CRC-32 with the highest bit first, of each byte. */
const CHECKS: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let check = byte << 24;
  for (let bit = 0; bit < 8; bit++) check = check < 0 ? (check << 1) ^ 0x04c11db7 : check << 1;
  return check;
});

/**
 * Unpacks one block of bzip2, whose mark has been read, a piece at a time: it may hold 50 times what a block is large.
 * @param work as many places as a block has at most; what was in it is lost
 * @returns its checksum
 * @throws BardcastError `bad-request` where it is broken
 */
export function* unpackBlock(input: BitInput, work: Uint32Array): Generator<Uint8Array, number, undefined> {
  const expected = input.read(32) | 0;
  if (input.read(1) === 1) throw broken("it is randomised, as nobody has written for decades");
  const origin = input.read(24);
  const count = readTransformed(input, work);
  input.requireWhole();
  if (origin >= count) throw broken("its beginning is outside");
  link(work, count);
  const check = yield* unlinked(work, count, origin);
  if (check !== expected) throw broken("a checksum is wrong");
  return check;
}

/** The bytes as the sorting has left them, into the low bits of `work`; returns how many. */
function readTransformed(input: BitInput, work: Uint32Array): number {
  const used = readUsed(input);
  const { groups, codes } = readGroups(input, used.length + 2);
  const end = used.length + 1;
  let [count, run, digit] = [0, 0, 1];
  for (let at = 0; ; at++) {
    const code = codes[groups[Math.floor(at / GROUP)] as number];
    if (!code) throw broken("it has too few groups");
    const symbol = code.read(input);
    if (symbol === RUN_A || symbol === RUN_B) {
      run += digit << symbol;
      digit <<= 1;
      // Checked with each digit: a number that overflows would be no length at all.
      if (run > work.length - count) throw broken("it is larger than it may be");
      continue;
    }
    if (run > 0) work.fill(used[0] as number, count, count + run);
    count += run;
    [run, digit] = [0, 1];
    if (symbol === end) return count;
    if (count >= work.length) throw broken("it is larger than it may be");
    const byte = used[symbol - 1] as number;
    used.copyWithin(1, 0, symbol - 1);
    used[0] = byte;
    work[count++] = byte;
  }
}

/** The bytes that occur at all, in order. */
function readUsed(input: BitInput): Uint8Array {
  const rows = input.read(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = input.read(16);
    for (let column = 0; column < 16; column++) {
      if (columns & (0x8000 >> column)) used.push(16 * row + column);
    }
  }
  if (used.length === 0) throw broken("it has no bytes");
  return Uint8Array.from(used);
}

/** Which code serves which group of symbols. */
function readGroups(input: BitInput, symbols: number): { groups: Uint8Array; codes: PrefixCode[] } {
  const kinds = input.read(3);
  if (kinds < 2 || kinds > 6) throw broken("it has an impossible number of codes");
  const told = input.read(15);
  const groups = new Uint8Array(Math.min(told, MAX_GROUPS)).fill(kinds);
  const recent = Array.from({ length: kinds }, (_, kind) => kind);
  for (let group = 0; group < told; group++) {
    let place = 0;
    while (input.read(1) === 1) place += 1;
    const [kind] = recent.splice(place, 1);
    if (kind === undefined) throw broken("it names a code that is not there");
    recent.unshift(kind);
    groups[group] = kind;
  }
  return { groups, codes: Array.from({ length: kinds }, () => readCode(input, symbols)) };
}

/** Into the high bits, where each byte's successor stands (Burrows and Wheeler, 1994). */
function link(work: Uint32Array, count: number): void {
  const counts = new Uint32Array(256);
  for (let at = 0; at < count; at++) {
    const byte = (work[at] as number) & 255;
    counts[byte] = (counts[byte] as number) + 1;
  }
  const places = new Uint32Array(256);
  for (let byte = 1; byte < 256; byte++)
    places[byte] = (places[byte - 1] as number) + (counts[byte - 1] as number);
  for (let at = 0; at < count; at++) {
    const byte = (work[at] as number) & 255;
    const place = places[byte] as number;
    places[byte] = place + 1;
    work[place] = (work[place] as number) | (at << 8);
  }
}

/** Follows the links, and unfolds runs. */
function* unlinked(
  work: Uint32Array,
  count: number,
  origin: number,
): Generator<Uint8Array, number, undefined> {
  let piece = new Uint8Array(PIECE_BYTES);
  let [filled, check, run, last] = [0, -1, 0, -1];
  let at = (work[origin] as number) >>> 8;
  for (let done = 0; done < count; done++) {
    const entry = work[at] as number;
    at = entry >>> 8;
    const byte = entry & 255;
    const isCount = run === RUN;
    const copies = isCount ? byte : 1;
    if (!isCount) {
      run = byte === last ? run + 1 : 1;
      last = byte;
    }
    for (let copy = 0; copy < copies; copy++) {
      piece[filled++] = last;
      check = (check << 8) ^ (CHECKS[(check >>> 24) ^ last] as number);
      if (filled < PIECE_BYTES) continue;
      yield piece;
      piece = new Uint8Array(PIECE_BYTES);
      filled = 0;
    }
    if (isCount) [run, last] = [0, -1];
  }
  if (filled > 0) yield piece.subarray(0, filled);
  return ~check;
}

function broken(what: string): BardcastError {
  return new BardcastError("bad-request", `it is not a whole bzip2 archive (${what})`);
}

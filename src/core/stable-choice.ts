/** 32 bits: FNV-1a over UTF-16 units, stirred by MurmurHash3's finaliser so that similar texts differ. */
export function stableHash(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * One of the names for `who`, the same on every machine, next week too. The highest hash wins (rendezvous hashing), not
 * a position: a name more or less leaves the others their choice. @returns undefined where there is none
 */
export function stableChoice<Name extends string>(who: string, names: readonly Name[]): Name | undefined {
  let best: { name: Name; rank: number } | undefined;
  for (const name of names) {
    const rank = stableHash(`${who}|${name}`);
    if (!best || rank > best.rank) best = { name, rank };
  }
  return best?.name;
}

/** How often a page looks at what leaves its device, at least. */
export const STAMP_MS = 25;
/** By so much more often, now and then: contexts render every so many ms, and looks in time with that would see one side of it. */
const STAMP_SPREAD_MS = 5;
const GOLDEN = 0.618;

/** ms to the next look. @param looks so far */
export function stampWaitMs(looks: number): number {
  return STAMP_MS - STAMP_SPREAD_MS * ((looks * GOLDEN) % 1);
}

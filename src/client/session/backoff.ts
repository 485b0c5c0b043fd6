/** The longest first wait, and the longest of all. */
export const FIRST_RETRY_MS = 250;
export const LONGEST_RETRY_MS = 10_000;

/**
 * How long to wait before trying again: exponential with full jitter, so that a whole table does not come
 * back in the same instant (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * @param attempt failures so far, from 0
 * @param random 0…1
 */
export function retryDelayMs(attempt: number, random: number = Math.random()): number {
  return Math.round(random * Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt));
}

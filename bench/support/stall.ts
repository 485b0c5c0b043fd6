const EVERY_MS = 5;

/** Watches this thread. @returns how late the latest of a row of timers of 5 ms has come since it was asked last, ms */
export function watchStalls(): () => number {
  let worst = 0;
  let before = performance.now();
  setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - before - EVERY_MS);
    before = now;
  }, EVERY_MS);
  return () => {
    const ms = Math.max(worst, performance.now() - before - EVERY_MS);
    worst = 0;
    return ms;
  };
}

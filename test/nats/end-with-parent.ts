/** ms between two looks. */
const LOOK_MS = 250;

/** Ends this process once the one that started it is gone, which a broken-off test does not do. */
export function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, LOOK_MS);
}

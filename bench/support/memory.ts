/** Bytes of memory that this process has, once it has thrown away what it can. */
export async function rssAfterGc(): Promise<number> {
  const { Bun, gc } = globalThis as { Bun?: { gc(force: boolean): void }; gc?: () => void };
  // V8 takes an argument as a wish for its young objects alone.
  const collect = (): void => (Bun ? Bun.gc(true) : gc?.());
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().rss;
}

/** Bytes of memory that this process has, once it has thrown away what it can. */
export async function rssAfterGc(): Promise<number> {
  const { gc } = globalThis as { gc?: () => void };
  const collect = (globalThis as { Bun?: { gc(force: boolean): void } }).Bun?.gc ?? gc ?? (() => undefined);
  for (let round = 0; round < 3; round++) {
    collect(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().rss;
}

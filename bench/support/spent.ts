/** A process that used less than this in a window is done. */
const QUIET_MS = 1.5;
const WINDOW_MS = 60;
const MOST_WINDOWS = 60;

/** CPU ms of this process, all threads, for some work and until what it has caused is over. */
export async function spent(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  let all = since(before);
  for (let window = 0; window < MOST_WINDOWS; window++) {
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
    const now = since(before);
    if (now - all < QUIET_MS) break;
    all = now;
  }
  return since(before);
}

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

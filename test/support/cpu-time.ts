/** Long enough for the clock of the processor's time, ms. */
const ENOUGH_MS = 4;
const ROUNDS = 4;

/**
 * The least of the processor's time that a run takes in several rounds, ms. What else the machine does makes it wait,
 * but does not add to it.
 */
export function leastCpuMs(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    let [ms, runs] = [0, 0];
    do {
      run();
      runs += 1;
      const { user, system } = process.cpuUsage(start);
      ms = (user + system) / 1000;
    } while (ms < ENOUGH_MS);
    least = Math.min(least, ms / runs);
  }
  return least;
}

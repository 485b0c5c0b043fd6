import { quantile } from "../row.ts";

const ROUNDS = 10;

/** CPU ms of this process, median of some rounds, until its sockets have drained. */
export async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  for (let round = 0; round < 3; round++) await work();
  for (let round = 0; round < ROUNDS; round++) {
    await Bun.sleep(200);
    const before = process.cpuUsage();
    await work();
    await Bun.sleep(300);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000);
  }
  return quantile(costs, 0.5);
}

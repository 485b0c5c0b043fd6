import { BardcastError } from "../../core/errors.ts";
import type { ClusterNode } from "./cluster.ts";

/**
 * For what knows the listeners of its own process alone.
 * @param what as a person would say it: `a room is tuned`
 * @throws BardcastError `bad-request` where several processes serve the table
 */
export function requireOneProcess({ cluster }: { cluster: ClusterNode | undefined }, what: string): void {
  if (cluster) throw new BardcastError("bad-request", `${what} only where one process serves the table`);
}

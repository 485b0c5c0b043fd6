import type { LeaseClock, LeaseStore, Liveness } from "./lease-store.ts";

/** What leases are kept with. */
export interface KeeperParts {
  store: LeaseStore;
  liveness: Liveness;
  clock: LeaseClock;
}

/** `LeaseOptions` with everything decided. */
export interface KeeperOptions {
  node: string;
  beatMs: number;
  silenceMs: number;
  probeMs: number;
  log: (message: string) => void;
}

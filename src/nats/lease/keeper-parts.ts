import type { LeaseClock, LeaseStore, Liveness } from "./lease-store.ts";

/** What leases are kept with. */
export interface KeeperParts {
  store: LeaseStore;
  liveness: Liveness;
  clock: LeaseClock;
  /** Another text each time, which tells the sessions of one node apart. */
  life: () => string;
}

/** `LeaseOptions` with everything decided. */
export interface KeeperOptions {
  node: string;
  beatMs: number;
  silenceMs: number;
  probeMs: number;
  log: (message: string) => void;
}

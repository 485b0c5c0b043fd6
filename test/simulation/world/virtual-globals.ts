/**
 * The globals from which the product takes time, randomness, hashes and files, switched to a virtual world while there is one.
 * To be imported before anything of the product, part of which keeps `setImmediate` from the beginning.
 * @module
 */
import { syncSubtle } from "./sync-subtle.ts";
import type { VirtualWorld } from "./virtual-world.ts";

/** Wall time at which evenings begin. */
const EVENING_MS = Date.UTC(2026, 0, 5, 19);

let world: VirtualWorld | undefined;

const real = {
  setTimeout: globalThis.setTimeout,
  setInterval: globalThis.setInterval,
  clearTimeout: globalThis.clearTimeout,
  clearInterval: globalThis.clearInterval,
  setImmediate: globalThis.setImmediate,
  now: performance.now.bind(performance),
  Date: globalThis.Date,
  random: Math.random,
  getRandomValues: crypto.getRandomValues.bind(crypto),
  randomUUID: crypto.randomUUID.bind(crypto),
  subtle: crypto.subtle,
  timeout: AbortSignal.timeout,
  getBuiltinModule: process.getBuiltinModule.bind(process),
};

/** A turn of the real event loop. */
export function realTurn(): Promise<void> {
  return new Promise((resolve) => real.setImmediate(resolve));
}

/** ms that really passed. */
export const realNow: () => number = real.now;

/** From now on everything happens in `next`; undefined: in reality. */
export function enter(next: VirtualWorld | undefined): void {
  world = next;
}

function wallNow(): number {
  return world ? EVENING_MS + world.time.now + world.realm.wallOffsetMs : real.Date.now();
}

class VirtualDate extends real.Date {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(wallNow());
    else super(...(args as [number]));
  }
  static override now(): number {
    return wallNow();
  }
}

function asMs(ms: unknown): number {
  const number = Number(ms ?? 0);
  return number >= 0 && number < 2 ** 31 ? number : 1;
}

type Work = (...args: unknown[]) => void;

const virtual = {
  setTimeout: (work: Work, ms?: number, ...args: unknown[]): unknown =>
    world ? world.setTimer(() => work(...args), asMs(ms)) : real.setTimeout(work, ms, ...args),
  setInterval: (work: Work, ms?: number, ...args: unknown[]): unknown =>
    world ? world.setTimer(() => work(...args), asMs(ms), asMs(ms)) : real.setInterval(work, ms, ...args),
  clearTimeout: (timer: unknown): void => {
    if (world) world.clearTimer(timer);
    else real.clearTimeout(timer as number);
  },
  clearInterval: (timer: unknown): void => {
    if (world) world.clearTimer(timer);
    else real.clearInterval(timer as number);
  },
  setImmediate: (work: Work, ...args: unknown[]): unknown =>
    world ? world.setImmediate(() => work(...args)) : real.setImmediate(work, ...args),
  Date: VirtualDate,
};

Object.assign(globalThis, virtual);
Object.defineProperty(performance, "now", { value: () => (world ? world.time.now : real.now()) });
Math.random = () => (world ? world.random() : real.random());
AbortSignal.timeout = (ms) => {
  if (!world) return real.timeout(ms);
  // Nobody's timer: it keeps no process alive, and what it ends is over long before.
  const abort = new AbortController();
  world.in(ms, world.realm, () => abort.abort(new DOMException("timed out", "TimeoutError")));
  return abort.signal;
};
Object.defineProperty(process, "getBuiltinModule", {
  value: (name: string) =>
    (name === "fs/promises" ? world?.files?.(world.realm) : undefined) ?? real.getBuiltinModule(name),
});
Object.defineProperties(crypto, {
  getRandomValues: {
    value: <T extends Uint8Array<ArrayBuffer>>(bytes: T): T => {
      const { random } = world ?? {};
      if (!random) return real.getRandomValues(bytes);
      for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256);
      return bytes;
    },
  },
  subtle: { get: () => (world ? syncSubtle : real.subtle) },
});

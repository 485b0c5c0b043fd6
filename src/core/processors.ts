/** How many threads the machine runs at once. */
export function processors(): number {
  const known = globalThis.navigator?.hardwareConcurrency;
  return known ?? globalThis.process?.getBuiltinModule?.("os")?.availableParallelism() ?? 1;
}

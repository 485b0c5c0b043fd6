export const RUNTIMES = ["bun", "deno", "node"] as const;
export type RuntimeName = (typeof RUNTIMES)[number];

/** Which of them runs this. */
export function ownRuntime(): RuntimeName {
  const { bun, deno } = process.versions as { bun?: string; deno?: string };
  if (bun !== undefined) return "bun";
  return deno === undefined ? "node" : "deno";
}

import type { BardcastServer, ServeOptions } from "../server/serve-options.ts";

/** The adapter of the runtime that runs this. */
export function importAdapter(): Promise<{ serve(options: ServeOptions): Promise<BardcastServer> }> {
  if ("Bun" in globalThis) return import("../server/bun.ts");
  if ("Deno" in globalThis) return import("../server/deno.ts");
  return import("../server/node.ts");
}

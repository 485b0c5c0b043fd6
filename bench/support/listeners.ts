/**
 * Listeners in a process of their own, so that a measured process pays for serving only. They read and say
 * nothing. Run as a script: `listeners.ts <ws url> <count>`.
 * @module
 */
import { fileURLToPath } from "node:url";

export interface Listeners {
  close(): void;
}

/** Connects `count` listeners to `url`; resolves when `connected()` says so. */
export async function listeners(url: string, count: number, connected: () => number): Promise<Listeners> {
  const child = Bun.spawn([process.execPath, fileURLToPath(import.meta.url), url, String(count)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  while (connected() < count) await Bun.sleep(10);
  return { close: () => child.kill() };
}

if (import.meta.main) {
  const [url = "", count = "0"] = process.argv.slice(2);
  for (let i = 0; i < Number(count); i++) new WebSocket(url).onmessage = () => undefined;
  // A bench that died must not leave its listeners behind.
  setTimeout(() => process.exit(0), 120_000);
}

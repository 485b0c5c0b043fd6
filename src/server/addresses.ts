import type { NetworkInterfaceInfo } from "node:os";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const EVERYWHERE = new Set(["0.0.0.0", "::"]);

/** IPv4 addresses of this machine on its networks, none where the runtime does not tell. */
export function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === "IPv4" && !address.internal)
    .map((address) => address.address);
}

/**
 * Where others reach a server that was asked for on this machine: a link to `localhost` is of no use to a
 * phone. Undefined where the address that was asked for serves others too.
 * @param host the server listens on
 */
export function publicUrl(requested: URL, host: string): string | undefined {
  if (!LOOPBACK.has(requested.hostname) || !EVERYWHERE.has(host)) return undefined;
  const [first] = lanAddresses();
  return first === undefined ? undefined : `${requested.protocol}//${first}:${requested.port}`;
}

/** The address of a server for this machine's own use. @param host it listens on */
export function localUrl(host: string, port: number): string {
  const name = EVERYWHERE.has(host) ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function networkInterfaces(): Record<string, NetworkInterfaceInfo[] | undefined> {
  try {
    return globalThis.process?.getBuiltinModule?.("os").networkInterfaces() ?? {};
  } catch {
    // Deno was not allowed to tell.
    return {};
  }
}

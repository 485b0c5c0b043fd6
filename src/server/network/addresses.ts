import type { NetworkInterfaceInfo } from "node:os";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const EVERYWHERE = new Set(["0.0.0.0", "::"]);

/** IPv4 addresses of this machine on its networks; undefined where the runtime does not tell. */
export function lanAddresses(): string[] | undefined {
  return networkInterfaces()
    ?.filter((address) => address.family === "IPv4" && !address.internal)
    .map((address) => address.address);
}

/** Whether a server that listens on a host can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return /^127\./.test(host) || LOOPBACK.has(host.includes(":") ? `[${host}]` : host);
}

/** Whether a server that listens on a host can be reached by every address of this machine. */
export function isEverywhere(host: string): boolean {
  return EVERYWHERE.has(host);
}

/**
 * Where others reach a server that was asked for on this machine: a link to `localhost` is of no use to a
 * phone. Undefined where the address that was asked for serves others too, or is that of a proxy.
 * @param own what the server listens on
 */
export function publicUrl(requested: URL, own: { host: string; port: number }): string | undefined {
  const isOwn = LOOPBACK.has(requested.hostname) && Number(requested.port || 80) === own.port;
  if (!isOwn || !EVERYWHERE.has(own.host)) return undefined;
  const [first] = lanAddresses() ?? [];
  return first === undefined ? undefined : `${requested.protocol}//${first}:${requested.port}`;
}

/** The address of a server for this machine's own use. @param host it listens on */
export function localUrl(host: string, port: number): string {
  const name = EVERYWHERE.has(host) ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function networkInterfaces(): NetworkInterfaceInfo[] | undefined {
  try {
    const interfaces = globalThis.process?.getBuiltinModule?.("os").networkInterfaces();
    return interfaces && Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  } catch {
    // Deno was not allowed to tell.
    return undefined;
  }
}

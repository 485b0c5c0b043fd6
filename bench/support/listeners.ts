/**
 * Listeners in a process of their own, so that a measured process pays for serving only. They read and
 * answer pings. Run as a script: `listeners.ts <ws url> <count> [codec]`.
 * @module
 */
import { fileURLToPath } from "node:url";
import { V2_SUBPROTOCOL } from "../../src/core/v2.ts";

export interface Listeners {
  close(): void;
}

/**
 * Connects `count` listeners to `url`; resolves when `connected()` says so.
 * @param codec makes them speak the v2 wire
 */
export async function listeners(
  url: string,
  count: number,
  connected: () => number,
  codec = "",
): Promise<Listeners> {
  const child = Bun.spawn([process.execPath, fileURLToPath(import.meta.url), url, String(count), codec], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  while (connected() < count) await Bun.sleep(10);
  return { close: () => child.kill() };
}

const PING = '{"type":"ping"}';

if (import.meta.main) {
  const [url = "", count = "0", codec = ""] = process.argv.slice(2);
  for (let i = 0; i < Number(count); i++) {
    const socket = codec ? new WebSocket(url, V2_SUBPROTOCOL) : new WebSocket(url);
    socket.onmessage = ({ data }) => {
      if (data === PING) socket.send('{"type":"pong"}');
    };
    if (codec) socket.onopen = () => socket.send(JSON.stringify({ type: "hello", codecs: [codec] }));
  }
  // A bench that died must not leave its listeners behind.
  setTimeout(() => process.exit(0), 120_000);
}

import type { ServerWebSocket } from "bun";
import { cpuOf } from "./cpu.ts";
import { listeners } from "./listeners.ts";

/** A message, as `Bun.serve` takes it. */
export type BareMessage = string | Uint8Array<ArrayBuffer>;

/**
 * CPU ms of handing batches of messages to so many listeners by a bare `Bun.serve`, each batch in a turn of
 * its own, as they come from synthesis: published to a topic, or sent to one listener after the other.
 */
export async function bare(
  batches: readonly (readonly BareMessage[])[],
  count: number,
  how: "publish" | "send",
): Promise<number> {
  const sockets = new Set<ServerWebSocket<undefined>>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, own) =>
      own.upgrade(request) ? undefined : new Response("sockets only", { status: 400 }),
    websocket: {
      perMessageDeflate: false,
      backpressureLimit: 64 * 1024 * 1024,
      open(ws: ServerWebSocket<undefined>) {
        ws.subscribe("line");
        sockets.add(ws);
      },
      message: () => undefined,
    },
  });
  const crowd = await listeners(`ws://127.0.0.1:${server.port}`, count, () => sockets.size);
  const cpu = await cpuOf(async () => {
    for (const batch of batches) {
      for (const message of batch) {
        if (how === "publish") server.publish("line", message);
        else for (const ws of sockets) ws.send(message);
      }
      await Bun.sleep(1);
    }
  });
  crowd.close();
  await server.stop(true);
  return cpu;
}

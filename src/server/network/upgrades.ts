import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Socket as TcpSocket } from "node:net";
import { TimeSlicer } from "../../core/async/time-slicer.ts";
import type { Connections } from "./connections.ts";

/**
 * Node answers no request that wants another protocol (`h2c`), and hono takes only WebSockets. Of a thousand who open one at
 * once, which Node reads in one turn, each has to wait for theirs.
 */
export function takeUpgrades(server: HttpServer, connections: Pick<Connections, "busy">): void {
  const turns = new TimeSlicer();
  const upgrades = server.listeners("upgrade");
  server.removeAllListeners("upgrade");
  // One listener as before: beside a second one, hono would not answer what it refuses.
  server.on("upgrade", async (request: IncomingMessage, tcp: TcpSocket, ...rest) => {
    connections.busy(tcp);
    // Nobody listens to it any more.
    const drop = (): void => void tcp.destroy();
    tcp.on("error", drop);
    if (request.headers.upgrade?.toLowerCase() === "websocket") {
      await turns.pass();
      tcp.off("error", drop);
      if (!tcp.destroyed) for (const upgrade of upgrades) upgrade.call(server, request, tcp, ...rest);
      return;
    }
    tcp.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
}

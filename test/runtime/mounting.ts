import { beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { until } from "../support/table.ts";
import { HANDSHAKE, testDoor } from "./door.ts";
import { testLines } from "./lines.ts";
import { testPages } from "./pages.ts";
import { type Runtime, startMounted } from "./runtime.ts";
import type { ServerProcess } from "./server-process.ts";

/** The same routes under a path of somebody else's server. */
export function testMounting(runtime: () => Runtime): void {
  describe("mounted under a path", () => {
    let server: ServerProcess;
    beforeAll(async () => {
      server = await startMounted(runtime());
    });

    testPages(() => server);
    testDoor(() => server);
    testLines(() => server);

    test("on Node.js who is refused a socket and does not hang up keeps nothing open", async () => {
      // Elsewhere such a connection goes on as any other, for as long as the server's owner lets it.
      if (runtime().name !== "node") return;
      await fetch(new URL("/", server.line.url));
      const before = server.descriptors;
      const { port, pathname } = new URL(server.line.url);
      const handshake = Object.entries(HANDSHAKE).map(([name, value]) => `${name}: ${value}`);
      const request = `GET ${pathname}/ws?token=forged HTTP/1.1\r\nHost: t\r\n${handshake.join("\r\n")}\r\n\r\n`;
      const refused = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const socket = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
          socket.write(request);
          await new Promise((resolve) => socket.once("data", resolve));
          return socket;
        }),
      );
      // Some that were let go meanwhile may be its own.
      await until(() => server.descriptors < before + refused.length / 2);
      for (const socket of refused) socket.destroy();
    });

    test("leaves the rest of the server alone", async () => {
      const response = await fetch(new URL("/", server.line.url));
      expect(await response.text()).toBe("my own site");
      expect((await fetch(new URL("/healthz", server.line.url))).status).toBe(404);
    });
  });
}

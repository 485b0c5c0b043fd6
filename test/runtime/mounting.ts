import { beforeAll, describe, expect, test } from "bun:test";
import { testDoor } from "./door.ts";
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

    test("leaves the rest of the server alone", async () => {
      const response = await fetch(new URL("/", server.line.url));
      expect(await response.text()).toBe("my own site");
      expect((await fetch(new URL("/healthz", server.line.url))).status).toBe(404);
    });
  });
}

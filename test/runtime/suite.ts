/**
 * What every server does, whatever runs it. The suite knows a server only by the line it prints: everything
 * goes over real HTTP and WebSockets to a process of its own.
 * @module
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testCampaign } from "./campaign.ts";
import { testDoor } from "./door.ts";
import { testEnd } from "./end.ts";
import { testFlood } from "./flood.ts";
import { testGate } from "./gate.ts";
import { testHost } from "./host.ts";
import { testLines } from "./lines.ts";
import { testMcp } from "./mcp.ts";
import { testMounting } from "./mounting.ts";
import { testPace } from "./pace.ts";
import { testPages } from "./pages.ts";
import { testRegistry } from "./registry.ts";
import { testRestart } from "./restart.ts";
import { type Runtime, startCli } from "./runtime.ts";
import { testSecondWire } from "./second-wire.ts";
import { endServers, type ServerProcess } from "./server-process.ts";
import { testServices } from "./services.ts";
import { testSize } from "./size.ts";
import { testStuckEngine } from "./stuck-engine.ts";
import { testVoices } from "./voices.ts";
import { testWithoutWorkers } from "./without-workers.ts";

/**
 * Runs the suite.
 * @param prepare makes what is needed to run; called once, before the first server
 * @param full whether also what does not depend on where the files lie is tried: limits, storms, pace
 * @param restarts whether what outlasts the process is
 * @param casts whether engines that fail and who speaks with which of them are: the same code everywhere
 */
export function testRuntime(
  name: string,
  prepare: (campaign: string) => Promise<Runtime>,
  { full, restarts = full, casts = full }: { full: boolean; restarts?: boolean; casts?: boolean },
): void {
  describe(name, () => {
    let campaign: string;
    let runtime: Runtime;
    let server: ServerProcess;
    beforeAll(async () => {
      campaign = mkdtempSync(join(tmpdir(), "bardcast-campaign-"));
      runtime = await prepare(campaign);
      server = await startCli(runtime);
    }, 120_000);
    afterAll(async () => {
      await endServers();
      rmSync(campaign, { recursive: true, force: true });
    });

    test("it is this runtime that runs", () => {
      expect(server.program).toBe(runtime.name);
    });
    testPages(() => server);
    testDoor(() => server);
    testLines(() => server);
    testMounting(() => runtime);
    testWithoutWorkers(() => runtime);
    testVoices(() => runtime);
    if (restarts) {
      testCampaign(() => runtime);
      testRestart(() => runtime);
    }
    if (!full) return;
    testSecondWire(() => server);
    testGate(() => runtime);
    testSize(() => server);
    testMcp(
      () => runtime,
      () => server,
    );
    testPace(() => runtime);
    if (casts) {
      testServices(() => runtime);
      testStuckEngine(() => runtime);
      testRegistry(() => runtime);
    }
    testFlood(() => runtime);
    testHost(() => runtime);
    testEnd(
      () => runtime,
      () => server,
    );
  });
}

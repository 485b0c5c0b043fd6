import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SpeakingEngine } from "../../../src/engines/contract/sentence-job.ts";
import { BusConnection } from "../../../src/nats/connection.ts";
import { createBusHost } from "../../../src/nats/synthesis/create-bus-host.ts";
import { createParty } from "../../../src/party/create-party.ts";
import { codeOf, collect, job, messages, mishap } from "../../pool/speaking.ts";
import { FakeSocket } from "../../support/fake-socket.ts";
import { hasNats, NatsServer } from "../../support/nats-server.ts";

const NODE = fileURLToPath(new URL("./synth-node.ts", import.meta.url));

describe.skipIf(!hasNats)("a node that is killed in the middle of a sentence", () => {
  let server: NatsServer;
  let connection: BusConnection;
  let dir: string;
  let nodes: ChildProcess[] = [];

  beforeAll(async () => {
    server = await NatsServer.start();
    connection = await BusConnection.open({ servers: server.url }, "asks");
    dir = mkdtempSync(join(tmpdir(), "bardcast-killed-"));
  });

  beforeEach(() => {
    for (const node of nodes.splice(0)) node.kill("SIGKILL");
  });

  afterAll(async () => {
    for (const node of nodes) node.kill("SIGKILL");
    await connection?.close();
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Two nodes with an engine that dies, or hangs, in the middle of the first sentence; the next one is said. */
  async function twoNodes(
    name: string,
    what: "killed" | "hang" = "killed",
  ): Promise<ReturnType<typeof mishap>> {
    const engine = mishap({ mishap: what, after: 2, flag: join(dir, name) });
    const engines = JSON.stringify([{ ...engine, module: String(engine.module) }]);
    nodes = await Promise.all(
      [0, 1].map(async () => {
        const child = spawn(process.execPath, [NODE, server.url, engines], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        await new Promise((resolve) => child.stdout?.once("data", resolve));
        return child;
      }),
    );
    return engine;
  }

  test("costs nothing where none of it was taken: another one says it, whole", async () => {
    const engine = await twoNodes("whole");
    const host = await createBusHost(connection, { engines: [engine], hasWorkers: false });
    const events = await collect((host.engines[0] as SpeakingEngine).speak(job()));
    const undisturbed = await collect((host.engines[0] as SpeakingEngine).speak(job()));
    expect(messages(events)).toEqual(messages(undisturbed));
    expect(nodes.filter(({ signalCode }) => signalCode === "SIGKILL")).toHaveLength(1);
    await host.close();
  });

  test("costs the sentence where some of it was taken: nothing is repeated", async () => {
    const engine = await twoNodes("taken", "hang");
    const host = await createBusHost(connection, { engines: [engine], hasWorkers: false });
    let taken = 0;
    const speak = async (): Promise<void> => {
      for await (const _ of (host.engines[0] as SpeakingEngine).synthesize("Psst.", job().voice)) {
        taken += 1;
        // Whoever looked for another node to say it from its beginning would find none, and say so.
        if (taken === 2) for (const node of nodes) node.kill("SIGKILL");
      }
    };
    expect(await codeOf(speak())).toBe("worker-lost");
    expect(taken).toBe(2);
    await host.close();
  });

  test("keeps no text from a party, which hears the sentence from another node", async () => {
    const engine = await twoNodes("party");
    const party = await createParty({
      engines: [engine],
      players: ["thorin"],
      cache: false,
      log: () => undefined,
      pool: { createHost: (options) => createBusHost(connection, { ...options, hasWorkers: false }) },
    });
    const socket = new FakeSocket();
    party.connections.connect(socket, "thorin");
    const line = party.speak({ text: "The dragon roars." });
    const report = await line.handedOver;
    expect(JSON.stringify(socket.sent)).toContain("The dragon roars.");
    expect(nodes.filter(({ signalCode }) => signalCode === "SIGKILL")).toHaveLength(1);
    expect(report).toBeDefined();
    line.cancel();
    await party.close();
  });
});

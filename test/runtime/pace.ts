import { expect, test } from "bun:test";
import { Dm20Client } from "../support/server.ts";
import { until } from "../support/table.ts";
import { DeafClient } from "./deaf-client.ts";
import { type Runtime, startTable } from "./runtime.ts";
import type { ServerProcess } from "./server-process.ts";

/** Far more audio than the system buffers for a connection, about 16 MB on the wire. */
const SENTENCES = 100;
const LONG_TEXT = Array.from(
  { length: SENTENCES },
  (_, i) => `In the year ${1000 + i} the towers fell one by one.`,
).join(" ");
const DEAF_CONNECTIONS = 24;
/** The whole line is kept: on a busy machine any listener may fall behind, and must not lose a part of it. */
const KEEP_ALL = { retainBytes: 64 * 1024 * 1024 };

/** Listeners who do not keep up, or have gone without a word. */
export function testPace(runtime: () => Runtime): void {
  test("nobody waits for those who do not read, and they cost no more than their queues", async () => {
    // They are not even given up: whoever waited for them would wait for ten minutes.
    const connections = { stallMs: 600_000, connectionsPerPlayer: DEAF_CONNECTIONS };
    await using server = await startTable(runtime(), { options: { ...KEEP_ALL, connections } });
    const thorin = await server.join("thorin");
    await hearAll(server, thorin);
    // Who joins while a line is still being heard is told it.
    await server.quiet();
    const before = server.memoryBytes;

    const join = (): Promise<DeafClient> => DeafClient.connect(server.socketUrl("elara"));
    const deaf = await Promise.all(Array.from({ length: DEAF_CONNECTIONS }, join));
    const audioBytes = await hearAll(server, thorin);
    expect(server.memoryBytes - before).toBeLessThan((DEAF_CONNECTIONS * audioBytes) / 4);

    const [late, ...gone] = deaf;
    for (const client of gone) client.leave();
    late?.listen();
    // Whoever listens again hears what was kept.
    await until(() => (late?.audioBytes ?? 0) >= audioBytes);
    expect(late?.of("narrative").map((message) => message.content)).toEqual([LONG_TEXT]);
    expect(late?.closeCode).toBeUndefined();
    late?.leave();
  }, 120_000);

  test("who does not read at all is closed as too slow, having got the text", async () => {
    const options = { ...KEEP_ALL, connections: { stallMs: 2000 } };
    await using server = await startTable(runtime(), { options });
    const thorin = await server.join("thorin");
    const deaf = await DeafClient.connect(server.socketUrl("elara"));
    const all = hearAll(server, thorin);
    await until(() => thorin.of("system").some((message) => message.content === "elara left"));
    // Soon, or the socket is cut off before it can tell why.
    deaf.listen();
    await until(() => deaf.closeCode !== undefined);
    expect(deaf.closeCode).toBe(1013);
    await all;
    expect(deaf.of("narrative").map((message) => message.content)).toEqual([LONG_TEXT]);
    expect((await server.get("/healthz")).status).toBe(200);
  }, 120_000);

  test("who answers pings stays, who does not is closed", async () => {
    const connections = { heartbeatMs: 300, graceMs: 2000 };
    await using server = await startTable(runtime(), { options: { connections } });
    const thorin = await server.join("thorin");
    const silent = new Dm20Client(server.socketUrl("elara"), { pongs: false });
    await until(() => silent.closed !== undefined);
    expect(silent.closed?.code).toBe(1001);
    expect(thorin.closed).toBeUndefined();
    expect(thorin.of("ping").length).toBeGreaterThan(1);
  });
}

/** Has the long text spoken to all and heard by one; bytes of its audio on the wire. */
async function hearAll(server: ServerProcess, client: Dm20Client): Promise<number> {
  const { clips } = client;
  const heard = clips.length;
  const response = await server.speak({ text: LONG_TEXT }, { Prefer: "respond-async" });
  expect(response.status).toBe(202);
  await until(() => clips.length === heard + SENTENCES);
  const bytes = clips.slice(heard).reduce((sum, clip) => sum + clip.bytes.length, 0);
  return (bytes * 4) / 3;
}

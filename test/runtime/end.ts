import { expect, test } from "bun:test";
import type { Dm20Client } from "../support/server.ts";
import { until } from "../support/table.ts";
import { DeafClient } from "./deaf-client.ts";
import { upgradeStatus } from "./door.ts";
import type { Dictation, ServerProcess } from "./server-process.ts";

/** How the command line ends. */
export function testEnd(start: () => Promise<ServerProcess>): void {
  test("told to end, it says goodbye and is gone", async () => {
    await using server = await start();
    const thorin = await server.join("thorin");
    server.stop();
    await until(() => thorin.closed !== undefined);
    expect(thorin.closed?.code).toBe(1001);
    expect(await server.exited).toBe(0);
    expect(server.get("/healthz")).rejects.toThrow();
  });

  test("told to end, it takes nothing new and lets the line under way finish", async () => {
    await using server = await start();
    const { thorin, dictation } = await beginLine(server);
    server.stop();
    await isClosing(server);
    const refused = await server.speak({ text: "One more thing." });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: "closed" } });
    expect(await upgradeStatus(server.socketUrl("elara"))).toBe(503);
    await dictation.write(" now.");
    await dictation.end();
    const response = await dictation.response;
    expect(await response.json()).toMatchObject({ delivered: true, cancelled: false, sentences: 2 });
    await until(() => thorin.closed !== undefined);
    expect(thorin.clips.length).toBe(2);
    expect(thorin.closed?.code).toBe(1001);
    expect(await server.exited).toBe(0);
  });

  test("neither a line that does not end nor a listener who does not answer keeps it", async () => {
    await using server = await start();
    await DeafClient.connect(server.socketUrl("elara"));
    const { thorin, dictation } = await beginLine(server);
    server.stop();
    const response = await dictation.response;
    expect(await response.json()).toMatchObject({ cancelled: true, sentences: 1 });
    await until(() => thorin.closed !== undefined);
    expect(thorin.closed?.code).toBe(1001);
    expect(await server.exited).toBe(0);
  });

  test("told twice, it ends at once", async () => {
    await using server = await start();
    const { dictation } = await beginLine(server);
    dictation.response.catch(() => undefined);
    server.stop();
    await isClosing(server);
    server.stop();
    expect(await server.exited).toBe(143);
  });
}

/** A line that is being spoken and has not ended yet. */
async function beginLine(server: ServerProcess): Promise<{ thorin: Dm20Client; dictation: Dictation }> {
  const thorin = await server.join("thorin");
  const dictation = server.dictate("to=thorin");
  await dictation.write("Hear me out. Listen");
  await until(() => thorin.clips.length === 1);
  return { thorin, dictation };
}

async function isClosing(server: ServerProcess): Promise<void> {
  while ((await server.get("/healthz")).status !== 503);
}

import { expect, test } from "bun:test";
import { connect } from "node:net";
import { run } from "../support/run.ts";
import type { Dm20Client } from "../support/server.ts";
import { until } from "../support/table.ts";
import { DeafClient } from "./deaf-client.ts";
import { upgradeStatus } from "./door.ts";
import { cliCommand, type Runtime, startCli } from "./runtime.ts";
import type { Dictation, ServerProcess } from "./server-process.ts";

/** How the command line ends, and how it does not begin beside another server. */
export function testEnd(runtime: () => Runtime, other: () => ServerProcess): void {
  const start = (): Promise<ServerProcess> => startCli(runtime());

  test("a port that is taken is told in a sentence, with the next one", async () => {
    const port = Number(new URL(other().line.url).port);
    const command = cliCommand(runtime(), port);
    const { exitCode, output } = await run(command, { cwd: runtime().cwd });
    expect([exitCode, output]).toEqual([1, expect.stringContaining(`--port ${(port % 65_535) + 1}\n`)]);
  });

  test("told to end, it says goodbye and is gone", async () => {
    await using server = await start();
    const thorin = await server.join("thorin");
    server.stop();
    await until(() => thorin.closed !== undefined);
    expect(thorin.closed?.code).toBe(1001);
    expect(await server.exited).toBe(0);
    await expect(server.get("/healthz")).rejects.toThrow();
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

  test("who was refused and does not hang up does not keep it", async () => {
    await using server = await start();
    const { port } = new URL(server.line.url);
    const refused = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
    const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13";
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    refused.write(`GET /ws?token=forged HTTP/1.1\r\nHost: table\r\n${upgrade}\r\n${key}\r\n\r\n`);
    const answer = await new Promise((resolve) => refused.once("data", (data) => resolve(String(data))));
    expect(answer).toStartWith("HTTP/1.1 401 ");
    server.stop();
    expect(await server.exited).toBe(0);
    refused.destroy();
  });

  test("a request that wants another protocol is answered", async () => {
    await using server = await start();
    const headers = { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAMAAABk" };
    const { status } = await server.get("/healthz", { headers, signal: AbortSignal.timeout(5_000) });
    expect([200, 400]).toContain(status);
  });

  test("told twice, it ends at once", async () => {
    await using server = await start();
    const { dictation } = await beginLine(server);
    dictation.response.catch(() => undefined);
    server.stop();
    // As npm passes on what the terminal has sent already: one signal.
    server.stop();
    await isClosing(server);
    while (!(await Promise.race([server.exited.then(() => true), Bun.sleep(100)]))) server.stop();
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

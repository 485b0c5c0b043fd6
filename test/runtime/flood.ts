import { expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { type Runtime, startCli } from "./runtime.ts";
import type { ServerProcess } from "./server-process.ts";

/** Files and sockets that the server may have open. */
const DESCRIPTORS = 1_024;
const FLOOD = 1_400;
/** Requests in one write. */
const HASTE = 20_000;

const REQUESTS = {
  "headers that do not end": "GET /healthz HTTP/1.1\r\nHost: table\r\nX-Slow: ",
  "nothing at all": "",
} as const;

/** What strangers cannot do by leaving things unfinished. */
export function testFlood(runtime: () => Runtime): void {
  for (const [name, request] of Object.entries(REQUESTS)) {
    test(`of ${FLOOD} connections with ${name} none ends the server, and others get in again soon`, async () => {
      await using server = await startCli(withDescriptors(runtime()));
      const flood = await openFlood(server, request);
      const drip = setInterval(() => {
        for (const socket of flood) if (request !== "") socket.write("x");
      }, 500);
      await untilLetIn(server);
      const thorin = await server.join("thorin");
      expect(await (await server.speak({ text: "Still here.", to: ["thorin"] })).json()).toMatchObject({
        delivered: true,
      });
      await thorin.until("private", 1);
      clearInterval(drip);
      for (const socket of flood) socket.destroy();
    });
  }

  test("a body that does not come is given up, a text that is being written is not", async () => {
    await using server = await startCli(runtime());
    const thorin = await server.join("thorin");
    const dictation = server.dictate("to=thorin");
    await dictation.write("Hear me out. Listen");
    await thorin.untilClips(1);
    const { port } = new URL(server.line.url);
    const socket = connect({ port: Number(port), host: "127.0.0.1" });
    const head = `Authorization: Bearer ${server.line.dm.token}\r\nContent-Type: application/json`;
    socket.write(`POST /api/speak HTTP/1.1\r\nHost: t\r\n${head}\r\nContent-Length: 100\r\n\r\n{"text":`);
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    await new Promise((resolve) => socket.once("close", resolve));
    expect(answer).toMatch(/^HTTP\/1.1 408 [\s\S]*"request-timeout"/);
    await dictation.write(" now.");
    await dictation.end();
    expect(await (await dictation.response).json()).toMatchObject({ delivered: true, sentences: 2 });
    await cutsOffHaste(server);
  });
}

/** Who sends so much at once is not answered all of it while others wait. */
async function cutsOffHaste(server: ServerProcess): Promise<void> {
  const socket = connect({ port: Number(new URL(server.line.url).port), host: "127.0.0.1" });
  let answers = 0;
  socket.on("data", (data) => {
    answers += data.toString("latin1").split("HTTP/1.1 ").length - 1;
  });
  // It may be cut off while it still writes.
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write("GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n".repeat(HASTE));
  expect((await fetch(`${server.line.url}/healthz`)).status).toBe(200);
  await closed;
  expect(answers).toBeLessThan(HASTE / 2);
}

/** The same, with as few descriptors as many systems give a program. */
function withDescriptors(runtime: Runtime): Runtime {
  const shell = ["sh", "-c", `ulimit -n ${DESCRIPTORS}; exec "$0" "$@"`];
  return { ...runtime, run: [...shell, ...runtime.run] };
}

async function openFlood(server: ServerProcess, request: string): Promise<Socket[]> {
  const { port } = new URL(server.line.url);
  return Promise.all(
    Array.from({ length: FLOOD }, () => {
      const socket = connect({ port: Number(port), host: "127.0.0.1" });
      return new Promise<Socket>((resolve) => {
        socket.once("connect", () => {
          socket.write(request);
          resolve(socket);
        });
        socket.on("error", () => resolve(socket));
      });
    }),
  );
}

async function untilLetIn(server: ServerProcess): Promise<void> {
  for (;;) {
    const answer = await server
      .get("/healthz", { signal: AbortSignal.timeout(1_000) })
      .catch(() => undefined);
    if (answer?.status === 200) return;
  }
}

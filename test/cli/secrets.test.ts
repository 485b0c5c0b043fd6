import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerProcess } from "../runtime/server-process.ts";
import { ROOT, run } from "../support/run.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-secrets-"));
afterAll(() => rmSync(home, { recursive: true }));
const MAIN = [process.execPath, `${ROOT}/src/cli/main.ts`, "--json", "--port", "0", "--host", "127.0.0.1"];
const command = [...MAIN, "--campaign", home];
const NO_VOICES = { BARDCAST_VOICES_DIR: join(home, "none") };

test.each([
  ["BARDCAST_SECRET", "1"],
  ["BARDCAST_SECRET", "   "],
  ["BARDCAST_DM_TOKEN", "1"],
])("with %s=%p nothing starts, and one sentence says what to set instead", async (variable, value) => {
  const { exitCode, stdout, output } = await run(command, { env: { ...NO_VOICES, [variable]: value } });
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(output).toMatch(new RegExp(`^Bardcast could not start: .* ${variable}=\\w{32}, made just now\n$`));
});

test("links signed with a short secret outlive a restart, and the fixed token is the DM's", async () => {
  const env = { ...NO_VOICES, BARDCAST_SECRET: "dragon", BARDCAST_DM_TOKEN: "open-sesame" };
  let link: string;
  {
    await using server = await ServerProcess.start(command, ROOT, env);
    expect(server.line.dm.token).toBe("open-sesame");
    link = server.token("thorin");
  }
  await using server = await ServerProcess.start(command, ROOT, env);
  expect((await server.get(`/play?token=${link}`)).status).toBe(200);
  const socket = new WebSocket(`${server.line.url.replace("http", "ws")}/ws?token=${link}`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  socket.close();
}, 30_000);

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerProcess } from "../runtime/server-process.ts";
import { bzip2 } from "../support/bzip2.ts";
import { ROOT } from "../support/run.ts";
import { writeVitsVoice } from "../support/stand-in-voices.ts";
import { tar } from "../support/tar.ts";
import { VoiceServer } from "../support/voice-server.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-flag-"));
const server = await VoiceServer.start();
afterAll(async () => {
  await server.stop();
  rmSync(home, { recursive: true });
});

beforeAll(async () => {
  await writeVitsVoice(join(home, "source"));
  for (const name of ["tiny", "later"]) {
    const files = ["model.onnx", "tokens.txt"].map((file) => ({
      name: `${name}/${file}`,
      content: readFileSync(join(home, "source", file)),
    }));
    server.offer(`tts-models/${name}.tar.bz2`, bzip2(tar(files)));
  }
});

const COMMAND = [process.execPath, `${ROOT}/src/cli/main.ts`, "--json", "--port", "0", "--host", "127.0.0.1"];
const environment = (url: string, dir: string): Record<string, string> => ({
  BARDCAST_VOICES_DIR: join(home, dir),
  BARDCAST_VOICES_URL: url,
});
const command = (...flags: string[]): string[] => [
  ...COMMAND,
  "--campaign",
  join(home, "campaign"),
  ...flags,
];

test("--voice installs it first; the console's click installs one more, and it speaks without a new start", async () => {
  const env = environment(server.url, "voices");
  await using table = await ServerProcess.start(command("--voice", "tiny"), ROOT, env);
  const thorin = await table.join("thorin");
  expect((await (await table.speak({ text: "hello" })).json()).engines).toEqual(["sherpa"]);
  const started = await table.call("/voices/install", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: "later" }),
  });
  expect(started.status).toBe(202);
  for (;;) {
    const { install } = await (await table.call("/voices/catalogue")).json();
    if (install.state === "speaking") break;
    expect(install.state, install.problem?.message).not.toBe("failed");
    await Bun.sleep(50);
  }
  const line = { text: "hello again", voice: { voiceId: "later/2", engine: "sherpa" } };
  expect(await (await table.speak(line)).json()).toMatchObject({ engines: ["sherpa"], problems: [] });
  expect(readdirSync(join(home, "voices")).sort()).toEqual([".downloads", "later", "tiny"]);
  thorin.socket.close();
}, 40_000);

test("without internet a voice that was asked for is told in one line, and the table starts", async () => {
  const log = join(home, "log");
  const table = Bun.spawn(command("--voice", "tiny"), {
    env: { ...process.env, ...environment("http://127.0.0.1:9/", "none") },
    stdio: ["ignore", "pipe", Bun.file(log)],
  });
  try {
    const { value } = await table.stdout.getReader().read();
    expect(new TextDecoder().decode(value)).toStartWith('{"url":');
    const told = (await Bun.file(log).text()).trim().split("\n");
    expect(told.at(-1)).toStartWith("The table starts without tiny: 127.0.0.1:9 cannot be reached");
    expect(told.length).toBe(2);
  } finally {
    table.kill("SIGKILL");
    await table.exited;
  }
}, 20_000);

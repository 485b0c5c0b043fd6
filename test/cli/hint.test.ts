import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/run.ts";
import { writeVitsVoice } from "../support/stand-in-voices.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-hint-"));
afterAll(() => rmSync(home, { recursive: true }));

/** What `npm start` prints until its last line. */
async function printed(dir: string, ...flags: string[]): Promise<string> {
  const args = ["--port", "0", "--host", "127.0.0.1", "--campaign", join(home, "campaign"), ...flags];
  const server = Bun.spawn([process.execPath, `${ROOT}/src/cli/main.ts`, ...args], {
    env: { ...process.env, BARDCAST_VOICES_DIR: dir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of server.stdout) {
    text += decoder.decode(part, { stream: true });
    if (/Stop with|^\{.*\}$/m.test(text)) break;
  }
  server.kill("SIGKILL");
  await server.exited;
  return text;
}

test("who starts without a voice is told once, in one sentence, how to get a better one", async () => {
  const text = await printed(join(home, "none"));
  expect(text.match(/^For voices.*\n.*$/gm)).toEqual([
    "For voices that sound like people: npm start -- --voice kitten-nano-en\n(64 MB, Apache-2.0), or one click in the console.",
  ]);
}, 20_000);

test("who has one, or reads JSON, is not", async () => {
  await writeVitsVoice(join(home, "voices/tiny"));
  expect(await printed(join(home, "voices"))).not.toContain("For voices");
  expect(await printed(join(home, "none"), "--json")).not.toContain("For voices");
}, 20_000);

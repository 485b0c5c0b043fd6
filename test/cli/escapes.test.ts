import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Glob } from "bun";
import { bzip2 } from "../support/bzip2.ts";
import { obeyed } from "../support/obeyed.ts";
import { ROOT, run } from "../support/run.ts";
import { HttpService } from "../support/services/http-service.ts";
import { writeVitsVoice } from "../support/stand-in-voices.ts";
import { tar } from "../support/tar.ts";
import { VoiceServer } from "../support/voice-server.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-escapes-"));
afterAll(() => rmSync(home, { recursive: true }));

const MAIN = [process.execPath, `${ROOT}/src/cli/main.ts`];
/** Sets the title, erases the screen in two ways, writes backwards, and forges a line of the log. */
const EVIL = "\x1b]0;owned\x07\x1b[2J\x9b2J\u202e\r\nall is well";

/** What was said has nothing in it that a terminal obeys, and no line that somebody else wrote. */
function expectClean(output: string): void {
  expect(obeyed(output.replaceAll("\n", ""))).toEqual([]);
  expect(output.split("\n").filter((line) => line.startsWith("all is well"))).toEqual([]);
}

test("what a service answers and what keys of the registry are called reaches the log as what it is", async () => {
  await using service = await HttpService.start(() => ({
    status: 401,
    parts: [JSON.stringify({ error: { message: EVIL } })],
  }));
  const campaign = join(home, "campaign");
  mkdirSync(campaign);
  const key = JSON.stringify(`mara${EVIL}`);
  writeFileSync(
    join(campaign, "voice_registry.yaml"),
    `version: 1\nnpc_overrides:\n  ${key}: [not, a, voice]\n  pip: { engine: ${JSON.stringify(`robot${EVIL}`)} }\n`,
  );
  const log = join(home, "log");
  const env = { OPENAI_BASE_URL: `${service.url}/v1`, BARDCAST_VOICES_DIR: join(home, "none") };
  const flags = [
    "--json",
    "--port",
    "0",
    "--host",
    "127.0.0.1",
    "--campaign",
    campaign,
    "--engine",
    "openai",
  ];
  const server = Bun.spawn([...MAIN, ...flags], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", Bun.file(log)],
  });
  try {
    const { value } = await server.stdout.getReader().read();
    expect(JSON.parse(new TextDecoder().decode(value))).toHaveProperty("url");
    const told = await Bun.file(log).text();
    // However it is spelled, nothing of it is kept back.
    for (const word of [/is out of order.*owned/, /mara.*owned/, /robot.*owned/]) expect(told).toMatch(word);
    expectClean(told);
  } finally {
    server.kill("SIGKILL");
    await server.exited;
  }
}, 20_000);

test("names of flags, voices, folders and entries of an archive are shown as what they are", async () => {
  const dir = join(home, "voices");
  await writeVitsVoice(join(dir, `tiny${EVIL.replaceAll("/", "")}`));
  mkdirSync(join(dir, `broken${EVIL}`));
  await using server = await VoiceServer.start();
  server.offer("tts-models/tiny.tar.bz2", bzip2(tar([{ name: `tiny/../${EVIL}`, content: "x" }])));
  const env = { BARDCAST_VOICES_DIR: dir, BARDCAST_VOICES_URL: server.url };
  for (const args of [
    ["voices", "list"],
    ["voices", "install", "tiny"],
    ["voices", "install", `tiny${EVIL}`],
    ["voices", "remove", EVIL],
    ["voices", "try", `tiny${EVIL}`, "--out", join(home, `none${EVIL}`, "said.wav")],
    ["voices", EVIL],
    ["voices", "--url", EVIL],
    ["--engine", EVIL],
    ["--players", `thorin,${EVIL}`, "--port", "0", "--campaign", join(home, "other")],
    [`--${EVIL}`],
    ["--host", EVIL],
  ]) {
    const { output } = await run([...MAIN, ...args], { env });
    expect(output, args.join(" ")).toContain("]0;owned");
    expectClean(output);
  }
}, 60_000);

test("everything the command line shows goes through one place", async () => {
  const found: string[] = [];
  for await (const file of new Glob("src/cli/**/*.ts").scan(ROOT)) {
    const text = await Bun.file(join(ROOT, file)).text();
    for (const [name] of text.matchAll(/console\.\w+|std(?:out|err)\.write/g)) found.push(`${file}: ${name}`);
  }
  expect([...new Set(found)].sort()).toEqual([
    "src/cli/terminal.ts: console.error",
    "src/cli/terminal.ts: console.log",
  ]);
});

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { obeyed } from "../support/obeyed.ts";
import { ROOT, run } from "../support/run.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-log-"));
afterAll(() => rmSync(home, { recursive: true }));

const MAIN = [process.execPath, `${ROOT}/src/cli/main.ts`];
const TEXT = "The dragon sleeps under the hill.";

interface Started {
  url: string;
  dm: { token: string };
  players: { token: string }[];
}

/** Starts a table, has a line said, and ends it: what was logged, and what must not be in it. */
async function logOf(
  flags: string[],
  env: Record<string, string> = {},
): Promise<{ log: string; secrets: string[] }> {
  const file = join(home, `log-${crypto.randomUUID()}`);
  const here = ["--json", "--port", "0", "--host", "127.0.0.1", "--campaign", join(home, "campaign")];
  const server = Bun.spawn([...MAIN, ...here, ...flags], {
    env: { ...process.env, BARDCAST_VOICES_DIR: join(home, "none"), ...env },
    stdio: ["ignore", "pipe", Bun.file(file)],
  });
  try {
    const { value } = await server.stdout.getReader().read();
    const { url, dm, players }: Started = JSON.parse(new TextDecoder().decode(value));
    const headers = { Authorization: `Bearer ${dm.token}`, "Content-Type": "application/json" };
    const body = JSON.stringify({ text: TEXT });
    expect((await fetch(`${url}/api/speak`, { method: "POST", headers, body })).status).toBe(200);
    await fetch(`${url}/play?token=${players[0]?.token}`);
    server.kill("SIGTERM");
    await server.exited;
    return {
      log: await Bun.file(file).text(),
      secrets: [dm.token, ...players.map(({ token }) => token), "dragon"],
    };
  } finally {
    server.kill("SIGKILL");
    await server.exited;
  }
}

function expectNoSecret({ log, secrets }: Awaited<ReturnType<typeof logOf>>): void {
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
}

test("nothing is logged of an evening on which nothing is wrong", async () => {
  const { log } = await logOf([]);
  expect(log).toBe("");
});

test("asked for more, the log tells of every line by its id, a sentence a line, without a text or a token", async () => {
  const told = await logOf(["--log-level", "debug"]);
  const lines = told.log.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^info: utterance [\w-]+ begins: default, 0 listeners$/);
  expect(lines.length).toBeGreaterThan(1);
  expectNoSecret(told);
}, 20_000);

test("as JSON, each line of the log is an object with the line's id and its level, and obeyed by no terminal", async () => {
  const weak = { BARDCAST_SECRET: "orcs and elves" };
  const told = await logOf(["--log", "json", "--log-level", "info"], weak);
  const records = told.log
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(records[0]).toMatchObject({ level: "WARN", logger: "bardcast" });
  expect(records.slice(1).map(({ level, logger }) => [level, logger])).toEqual([
    ["INFO", "bardcast.utterance"],
    ["INFO", "bardcast.utterance"],
  ]);
  expect(
    new Set(records.slice(1).map(({ properties }) => (properties as { utterance: string }).utterance)).size,
  ).toBe(1);
  expect(obeyed(told.log.replaceAll("\n", ""))).toEqual([]);
  expectNoSecret(told);
}, 20_000);

test("a log may be switched off, and what no log is is said", async () => {
  expect((await logOf(["--log", "none"], { BARDCAST_SECRET: "orcs and elves" })).log).toBe("");
  const { exitCode, output } = await run([...MAIN, "--log", "loud"]);
  expect(exitCode).toBe(1);
  expect(output).toContain("'loud' is invalid. Allowed choices are text, json, none.");
}, 20_000);

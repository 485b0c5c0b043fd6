import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerProcess } from "../runtime/server-process.ts";
import { type Ran, ROOT, run } from "../support/run.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-say-"));
const campaign = join(home, "campaign");
const FILE = join(campaign, "table.json");
const MAIN = [process.execPath, `${ROOT}/src/cli/main.ts`];
const SERVE = ["--json", "--port", "0", "--host", "127.0.0.1", "--campaign", campaign];

const server = await ServerProcess.start([...MAIN, ...SERVE], ROOT);
const thorin = await server.join("thorin");
afterAll(async () => {
  server.stop();
  await server.exited;
  rmSync(home, { recursive: true });
});

/** Runs a command that finds the table by its folder. */
function ask(...args: string[]): Promise<Ran> {
  return run([...MAIN, ...args, "--campaign", campaign]);
}

/** The same with something on stdin, a part after the other. */
async function dictate(args: string[], parts: string[]): Promise<{ exitCode: number; stdout: string }> {
  const child = Bun.spawn([...MAIN, ...args, "--campaign", campaign], { stdio: ["pipe", "pipe", "inherit"] });
  for (const part of parts) {
    child.stdin.write(part);
    await child.stdin.flush();
    await Bun.sleep(20);
  }
  await child.stdin.end();
  return { stdout: await new Response(child.stdout).text(), exitCode: await child.exited };
}

/** Texts that thorin was told. */
const told = (): string[] => thorin.of("narrative").map(({ content }) => String(content));

test("a table is found by its folder, in a file that is this user's alone", () => {
  expect(JSON.parse(readFileSync(FILE, "utf8")).url).toBe(server.line.url);
  expect(statSync(FILE).mode & 0o777).toBe(0o600);
});

test("what is said is heard, and who heard it and who was not here is told", async () => {
  const { exitCode, output } = await ask("say", "The door creaks.");
  expect(output).toMatch(/^Heard by thorin: \d\.\d s\.\nNot here: elara, pip\.\n$/);
  expect(exitCode).toBe(0);
  expect(told()).toContain("The door creaks.");
});

test("a line that reached nobody has an exit code of its own", async () => {
  const { exitCode, output } = await ask("say", "Psst.", "--to", "elara");
  expect([exitCode, output]).toEqual([2, "Not here: elara.\nNobody was here to hear it.\n"]);
});

test("what the table refuses is told as it says it", async () => {
  const { exitCode, output } = await ask("say", "Psst.", "--to", "gandalf");
  expect(exitCode).toBe(1);
  expect(output).toStartWith("nobody here is called gandalf; seated: thorin, elara, pip");
  const mistyped = await ask("say", "Psst.", "--priority", "high");
  expect([mistyped.exitCode, mistyped.output]).toEqual([
    1,
    expect.stringContaining('--priority is a number, not "high"'),
  ]);
});

test("each line of stdin is a line of its own, in order, in the voice that was asked for", async () => {
  const args = ["say", "--as", "mara", "--race", "elf", "--gender", "female", "--json"];
  const { exitCode, stdout } = await dictate(args, ["One.\nTw", "o.\n\n", "Three."]);
  expect(exitCode).toBe(0);
  const reports = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(reports.map(({ delivered, absent }) => [delivered, absent])).toEqual(
    Array(3).fill([true, ["elara", "pip"]]),
  );
  expect(told().slice(-3)).toEqual(["One.", "Two.", "Three."]);
  const { recent } = await (await server.call("/status")).json();
  expect(recent.slice(0, 3).map(({ speaker }: { speaker: string }) => speaker)).toEqual([
    "mara",
    "mara",
    "mara",
  ]);
});

test("--stream says all of stdin as one line, while it is written", async () => {
  const before = thorin.of("private").length;
  const { exitCode, stdout } = await dictate(
    ["say", "--stream", "--to", "thorin"],
    ["The door ", "creaks. Nobody ", "is there."],
  );
  expect(stdout).toMatch(/^Heard by thorin: \d\.\d s\.\n$/);
  expect(exitCode).toBe(0);
  const texts = thorin
    .of("private")
    .slice(before)
    .map(({ content }) => content);
  expect(texts).toEqual(["The door creaks.", "Nobody is there."]);
});

test("--cast has characters speak whom the text names", async () => {
  const { exitCode } = await ask("say", "It is dark.\nZoe: Who goes there?", "--cast");
  expect(exitCode).toBe(0);
  const { characters } = await (await server.call("/characters")).json();
  expect(characters.map(({ name }: { name: string }) => name)).toContain("Zoe");
});

test("--no-wait answers at once with the line's id, by which it can be stopped", async () => {
  const long = "A long way down the river. ".repeat(40);
  const { exitCode, stdout } = await ask("say", long, "--no-wait");
  expect(exitCode).toBe(0);
  const stopped = await server.call(`/speak/${stdout.trim()}`, { method: "DELETE" });
  expect(await stopped.json()).toMatchObject({ cancelled: true });
});

test("Ctrl+C stops the line, and says so", async () => {
  const child = Bun.spawn([...MAIN, "say", "Far away it thunders. ".repeat(40), "--campaign", campaign], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for (let isHeard = false; !isHeard; ) {
    const { queue } = await (await server.call("/status")).json();
    isHeard = queue.some(({ text }: { text: string }) => text.startsWith("Far away"));
  }
  // By now it follows the line.
  await Bun.sleep(300);
  child.kill("SIGINT");
  expect(await new Response(child.stdout).text()).toStartWith("Stopped before its end.\n");
  expect(await child.exited).toBe(1);
  await server.quiet();
});

test("by address and token a service says something, too", async () => {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ role: "service", name: "door" });
  const { token } = await (await server.call("/guests", { method: "POST", headers, body })).json();
  const { exitCode, output } = await run([
    ...MAIN,
    "say",
    "Creak.",
    "--to",
    "thorin",
    "--url",
    server.line.url,
    "--token",
    token,
  ]);
  expect(output).toMatch(/^Heard by thorin: \d\.\d s\.\n$/);
  expect(exitCode).toBe(0);
  const refused = await run([...MAIN, "say", "Creak.", "--url", server.line.url, "--token", "wrong"]);
  expect([refused.exitCode, refused.output]).toEqual([1, "this link is not valid here\n"]);
});

test("status tells who is here, who speaks and what was said, for people and as the API answers it", async () => {
  const { exitCode, stdout } = await ask("status");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("  thorin  here\n  elara   not here\n");
  expect(stdout).toContain("  espeak: ready\n");
  expect(stdout).toMatch(/Said last:\n {2}\w+ to /);
  const json = JSON.parse((await ask("status", "--json")).stdout);
  expect(json).toMatchObject({ url: server.line.url, party: "table", store: { writable: true } });
});

test("where no table runs, that is told, also where one was killed and left its word behind", async () => {
  const folder = join(home, "other");
  mkdirSync(folder);
  const gone = Bun.spawn(["true"]);
  await gone.exited;
  const message = `no table runs in ${folder}: start one (npm start -- serve), or name it with --campaign or --url\n`;
  for (const word of [undefined, { url: "http://127.0.0.1:9", token: "x", pid: gone.pid }]) {
    if (word) writeFileSync(join(folder, "table.json"), JSON.stringify(word));
    const { exitCode, output } = await run([...MAIN, "status", "--campaign", folder]);
    expect([exitCode, output]).toEqual([1, message]);
  }
  const nobody = await run([...MAIN, "say", "Hello?", "--url", "http://127.0.0.1:9", "--token", "x"]);
  expect([nobody.exitCode, nobody.output]).toEqual([1, "no table answers at http://127.0.0.1:9\n"]);
});

test("a token that is kept out of the folder is not left there; a table that has ended leaves nothing", async () => {
  const folder = join(home, "secret");
  const env = {
    BARDCAST_DM_TOKEN: "0123456789abcdef0123456789abcdef",
    BARDCAST_VOICES_DIR: join(home, "none"),
  };
  const args = ["--json", "--port", "0", "--host", "127.0.0.1", "--campaign", folder];
  await using other = await ServerProcess.start([...MAIN, ...args], ROOT, env);
  const word = JSON.parse(readFileSync(join(folder, "table.json"), "utf8"));
  expect([word.url, word.token]).toEqual([other.line.url, undefined]);
  const without = await run([...MAIN, "status", "--campaign", folder]);
  expect([without.exitCode, without.output]).toEqual([
    1,
    `${other.line.url} wants a token: set BARDCAST_DM_TOKEN, or --token\n`,
  ]);
  expect((await run([...MAIN, "status", "--campaign", folder], { env })).exitCode).toBe(0);
  other.stop();
  await other.exited;
  expect(existsSync(join(folder, "table.json"))).toBe(false);
});

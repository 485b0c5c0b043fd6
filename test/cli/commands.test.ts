import { expect, test } from "bun:test";
import { ROOT, run } from "../support/run.ts";

const MAIN = [process.execPath, `${ROOT}/src/cli/main.ts`];

test("a command that does not exist, and an option that does not, are mistakes that say what was meant", async () => {
  const command = await run([...MAIN, "sevre"]);
  expect([command.exitCode, command.output]).toEqual([1, "unknown command 'sevre' (Did you mean serve?)\n"]);
  const option = await run([...MAIN, "--prot", "8081"]);
  expect([option.exitCode, option.output]).toEqual([
    1,
    "unknown option '--prot' (Did you mean --port?)\nSee npm start -- serve --help\n",
  ]);
});

test("--help has a line for every command, and what the exit codes mean", async () => {
  const { exitCode, stdout } = await run([...MAIN, "--help"]);
  expect(exitCode).toBe(0);
  for (const name of ["serve", "say", "render", "voices", "doctor", "status", "complete", "help"])
    expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  expect(stdout).toContain("Exit codes: 0 done; 1 not done");
});

test("what options a command takes does not depend on whether its name was typed", async () => {
  const [named, unnamed] = await Promise.all(
    [
      ["serve", "--port", "x"],
      ["--port", "x"],
    ].map((args) => run([...MAIN, ...args])),
  );
  expect(named?.output).toStartWith('--port is a number from 0 to 65535, not "x"');
  expect(unnamed?.output).toBe(named?.output ?? "");
});

test.each(["bash", "zsh", "fish"])("completion for %s is a script that asks bardcast", async (shell) => {
  const { exitCode, stdout } = await run([...MAIN, "complete", shell]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("bardcast complete --");
  if (Bun.which(shell) !== null) {
    const check = Bun.spawnSync([shell, "-n"], { stdin: new TextEncoder().encode(stdout) });
    expect(check.stderr.toString()).toBe("");
  }
});

test("what is completed are commands, options, and the values that an option takes", async () => {
  const completed = async (...words: string[]): Promise<string[]> =>
    (await run([...MAIN, "complete", "--", ...words])).stdout
      .split("\n")
      .map((line) => line.split("\t")[0] ?? "");
  expect(await completed("vo")).toContain("voices");
  expect(await completed("serve", "--po")).toContain("--port");
  expect(await completed("serve", "--log", "")).toEqual(["text", "json", "none", ":4", ""]);
});

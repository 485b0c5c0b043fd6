import { expect, spyOn, test } from "bun:test";
import manifest from "../../package.json" with { type: "json" };
import { runProgram } from "../../src/cli/program.ts";
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

/** What a command says, in this process. */
async function said(...args: string[]): Promise<[exitCode: number, output: string]> {
  const lines: string[] = [];
  const spies = [spyOn(console, "log"), spyOn(console, "error")];
  for (const spy of spies) spy.mockImplementation((line) => void lines.push(String(line)));
  try {
    return [await runProgram(args), lines.join("\n")];
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test("a command or an option of voices that does not exist is a mistake that says what was meant, too", async () => {
  const see = "See npm start -- voices";
  expect(await said("voices", "instal", "tiny")).toEqual([
    1,
    `unknown command 'instal' (Did you mean install?)\n${see} --help`,
  ]);
  expect(await said("voices", "install", "tiny", "--unverifed")).toEqual([
    1,
    `unknown option '--unverifed' (Did you mean --unverified?)\n${see} install --help`,
  ]);
});

test("--version and -V print the version of the manifest, and nothing else", async () => {
  for (const option of ["--version", "-V"]) expect(await said(option)).toEqual([0, manifest.version]);
});

test("the help of every command ends with an example, which begins as it is typed here", async () => {
  const ownHelp = /^ {2}([a-z]+)\b(?!.*display help)/gm;
  const commandsIn = (help: string): string[] => {
    const [list = ""] = (help.split("Commands:\n")[1] ?? "").split("\n\n");
    return [...list.matchAll(ownHelp)].map(([, name = ""]) => name);
  };
  const [, all] = await said("--help");
  const [, voices] = await said("voices", "--help");
  const paths = [
    ...commandsIn(all).map((name) => [name]),
    ...commandsIn(voices).map((name) => ["voices", name]),
  ];
  expect(paths.length).toBe(13);
  for (const path of paths) {
    const [exitCode, help] = await said(...path, "--help");
    expect([exitCode, path, help.trimEnd().split("\n").at(-1)]).toEqual([
      0,
      path,
      expect.stringMatching(new RegExp(`^  npm start -- ${path.join(" ")}`)),
    ]);
  }
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

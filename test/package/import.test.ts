import { describe, expect, test } from "bun:test";
import { packed } from "../support/package.ts";
import { mustRun, run, tool } from "../support/run.ts";

const { consumer } = await packed();

/** What an import called, in a process that has to end by itself. */
async function calledBy(command: string[]): Promise<string[]> {
  return JSON.parse(await mustRun(command, { cwd: consumer, timeoutMs: 10_000 }));
}

describe("importing bardcast", () => {
  test("starts, touches and says nothing, and the process ends by itself", async () => {
    expect(await calledBy([process.execPath, "watched-import.mjs", "bardcast", "fs"])).toEqual([]);
    expect(await calledBy(["node", "watched-import.mjs", "bardcast"])).toEqual([]);
  }, 30_000);

  test("needs no permission on Deno", async () => {
    const deno = [tool("deno"), "run", "--no-prompt", "--node-modules-dir=manual", "timed-import.mjs"];
    expect(await run(deno, { cwd: consumer })).toEqual({ exitCode: 0, stdout: "", output: "" });
  }, 30_000);

  test("would not go unnoticed if it did otherwise", async () => {
    const command = [process.execPath, "watched-import.mjs", "./restless.mjs", "fs"];
    const { stdout, exitCode } = await run(command, { cwd: consumer, timeoutMs: 2_000 });
    const [said, called] = stdout.trim().split("\n");
    expect(said).toBe("ready");
    expect(JSON.parse(called ?? "")).toEqual([
      "existsSync",
      "readFile",
      "setTimeout",
      "setInterval",
      "log",
      "Worker",
    ]);
    // It had to be ended.
    expect(exitCode).not.toBe(0);
  }, 30_000);
});

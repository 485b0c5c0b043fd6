import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leaveWord, runningTable } from "../../src/cli/table/table-file.ts";
import type { Processes } from "../../src/party/storage/processes.ts";

/** A machine on which every number is a process that was started then; undefined: nobody tells. */
function machine(isRunning: boolean | undefined, started: string | undefined): Processes {
  return { pid: 1, isRunning: () => isRunning, startOf: async () => started };
}

test("a table that was killed is not taken for whatever process has got its number since", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bardcast-word-"));
  try {
    await leaveWord(folder, { url: "http://127.0.0.1:9/", token: "x" });
    const own = await runningTable(folder);
    expect(own).toMatchObject({ url: "http://127.0.0.1:9/", pid: process.pid });
    expect(await runningTable(folder, machine(true, "another time"))).toBeUndefined();
    expect(await runningTable(folder, machine(true, own?.started))).toEqual(own);
    expect(await runningTable(folder, machine(false, undefined))).toBeUndefined();
    // Where nobody tells, it is asked.
    expect(await runningTable(folder, machine(undefined, undefined))).toEqual(own);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

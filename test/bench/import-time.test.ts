import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun, ROOT } from "../support/run.ts";

/** On a machine on which an empty script takes so long. More than half of what it really takes is zod's. */
const IMPORT_MS = 72;
const EMPTY_MS = 6;
/** Processes of each kind in one measurement, and measurements until one is calm enough. */
const RUNS = 9;
const ROUNDS = 6;

const home = mkdtempSync(join(tmpdir(), "bardcast-import-"));
afterAll(() => rmSync(home, { recursive: true }));

test("importing bardcast takes at most twelve times as long as an empty script on Bun, once the disk is warm", async () => {
  writeFileSync(join(home, "empty.mjs"), "");
  // As it is published: the check has built it.
  writeFileSync(join(home, "import.mjs"), `import "${ROOT}/dist/src/index.js";`);
  let ms = Number.POSITIVE_INFINITY;
  let allowed = IMPORT_MS;
  // What else the machine does only ever adds to a time; an import that is slow is slow every time.
  for (let round = 0; round < ROUNDS && ms > allowed; round++) {
    const control = await medianMs("empty.mjs");
    ms = (await medianMs("import.mjs")) - control;
    allowed = IMPORT_MS * Math.max(1, control / EMPTY_MS);
    console.log(`import "bardcast": ${ms.toFixed(1)} ms (an empty script ${control.toFixed(1)} ms)`);
  }
  expect(ms).toBeLessThanOrEqual(allowed);
}, 60_000);

/** From the start of a process to its end: the median of several. */
async function medianMs(script: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await mustRun([process.execPath, join(home, script)]);
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[RUNS >> 1] ?? Number.NaN;
}

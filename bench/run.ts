/**
 * `npm run bench`: every row stands beside a control measured in the same run. Prints a table and writes
 * `bench/results.json`. On Bun, or elsewhere, or only some of it: `npm run bench -- fan-out capacity --on node --on deno`.
 * @module
 */
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { base64 } from "./base64.ts";
import { cache } from "./cache.ts";
import { capacity } from "./capacity.ts";
import { clientMessages } from "./client-messages.ts";
import { coldStart } from "./cold-start.ts";
import { doors } from "./doors.ts";
import { ear } from "./ear.ts";
import { eventLoop } from "./event-loop.ts";
import { fanOut } from "./fan-out.ts";
import { firstAudio } from "./first-audio.ts";
import { growth } from "./growth.ts";
import { idleMemory } from "./idle-memory.ts";
import { journal } from "./journal.ts";
import { longLine } from "./long-line.ts";
import { mainThread } from "./main-thread.ts";
import { neural } from "./neural.ts";
import { reconnect } from "./reconnect.ts";
import type { Row } from "./row.ts";
import { badReaders, flooded, halfOpen, joined } from "./storms.ts";
import { RUNTIMES, type RuntimeName } from "./support/runtime-name.ts";
import { text } from "./text.ts";
import { throughput } from "./throughput.ts";
import { wireBytes } from "./wire-bytes.ts";

/** On every runtime, each with controls of its own. */
const EVERYWHERE: Readonly<Record<string, (runtime: RuntimeName) => Promise<Row[]>>> = {
  "fan-out": fanOut,
  capacity,
  "client-messages": clientMessages,
  "idle-memory": idleMemory,
  "first-audio": firstAudio,
  "main-thread": mainThread,
  "event-loop": eventLoop,
  throughput,
  doors,
  text,
  base64,
  "cold-start": coldStart,
  growth,
  "bad-readers": async (runtime) => [
    ...(await badReaders(runtime, "dm20")),
    ...(await badReaders(runtime, "opus")),
  ],
  flood: flooded,
  joining: joined,
  "half-open": halfOpen,
};
/** What does not depend on the runtime is measured on one. */
const ONCE: Readonly<Record<string, () => Promise<Row[]>>> = {
  cache,
  journal,
  "wire-bytes": wireBytes,
  reconnect,
  "long-line": longLine,
};

/** What takes as long as speech does, or needs real voices, is measured where it is asked for. */
const ON_REQUEST: Readonly<Record<string, () => Promise<Row[]>>> = { ear };
const ON_REQUEST_EVERYWHERE: Readonly<Record<string, (runtime: RuntimeName) => Promise<Row[]>>> = { neural };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { on: { type: "string", multiple: true, default: ["bun"] } },
});
const isWanted = (group: string): boolean => positionals.length === 0 || positionals.includes(group);

const rows: (Row & { runtime: RuntimeName })[] = [];
for (const runtime of RUNTIMES.filter((name) => values.on.includes(name))) {
  const isRequest = positionals.length > 0;
  const everywhere = isRequest ? { ...EVERYWHERE, ...ON_REQUEST_EVERYWHERE } : EVERYWHERE;
  const once = isRequest ? { ...ONCE, ...ON_REQUEST } : ONCE;
  const groups = runtime === "bun" ? { ...everywhere, ...once } : everywhere;
  for (const [name, measure] of Object.entries(groups)) {
    if (!isWanted(name)) continue;
    const start = performance.now();
    for (const row of await measure(runtime)) rows.push({ runtime, ...row });
    console.error(`${runtime} ${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }
}

const figure = (value: number): string => Number(value.toPrecision(3)).toString();
console.table(
  rows.map((row) => ({
    on: row.runtime,
    row: row.name,
    measured: `${figure(row.value)} ${row.unit}`,
    control: `${figure(row.control)} ${row.unit} (${row.controlName})`,
    figure: figure(row.figure),
    goal: row.goal,
    met: row.met ? "yes" : "NO",
  })),
);
const [cpu] = cpus();
const machine = {
  platform: `${process.platform} ${process.arch}`,
  cpu: cpu?.model,
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  bun: Bun.version,
};
const results = { at: new Date().toISOString(), machine, rows };
await Bun.write(new URL("results.json", import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
process.exit(0);

/**
 * `npm run bench`: every row stands beside a control measured in the same run. Prints a table and writes
 * `bench/results.json`. With arguments, only the groups named: `npm run bench -- fan-out`.
 * @module
 */
import { cache } from "./cache.ts";
import { eventLoop } from "./event-loop.ts";
import { fanOut } from "./fan-out.ts";
import { firstAudio } from "./first-audio.ts";
import { longLine } from "./long-line.ts";
import { reconnect } from "./reconnect.ts";
import type { Row } from "./row.ts";
import { secondWire } from "./second-wire.ts";

const groups: Record<string, () => Promise<Row[]>> = {
  "first-audio": firstAudio,
  cache,
  "event-loop": eventLoop,
  "fan-out": fanOut,
  "second-wire": secondWire,
  reconnect,
  "long-line": longLine,
};

const wanted = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, measure] of Object.entries(groups)) {
  if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await measure()));
}

const figure = (value: number): string => value.toPrecision(3);
console.table(
  rows.map((row) => ({
    row: row.name,
    measured: `${figure(row.value)} ${row.unit}`,
    control: `${figure(row.control)} ${row.unit} (${row.controlName})`,
    figure: figure(row.figure),
    goal: row.goal,
    met: row.met ? "yes" : "NO",
  })),
);
const runtime = { bun: Bun.version, platform: process.platform, cores: navigator.hardwareConcurrency };
await Bun.write(new URL("results.json", import.meta.url), `${JSON.stringify({ runtime, rows }, null, 2)}\n`);
process.exit(0);

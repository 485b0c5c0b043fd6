/**
 * How long a party is without a holder: after kill -9, after SIGSTOP, and how often it moves while the server stands still.
 * `bun bench/nats-lease.ts [repetitions]`. Needs a NATS server.
 * @module
 */
import { loadavg } from "node:os";
import { LeaseTable, type Times } from "../test/nats/lease/lease-table.ts";

const REPETITIONS = Number(process.argv[2] ?? 20);
const PAUSES = 4;
const PAUSE_MS = 5_000;
const DEFAULTS: Times = { beatMs: 500, silenceMs: 2_000, probeMs: 200 };

async function takeovers(times: Times, signal: "SIGKILL" | "SIGSTOP"): Promise<string> {
  const table = await LeaseTable.open(times);
  const took: number[] = [];
  try {
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      await Bun.sleep(600 + Math.random() * times.beatMs);
      const { holder } = table;
      table.signal(holder, signal);
      took.push(await table.takeover());
      if (signal === "SIGKILL") await table.launch(holder);
      else table.signal(holder, "SIGCONT");
    }
    const shared = `epochs with two speakers ${table.shared.size}, stale frames dropped ${table.stale}`;
    return `${distribution(took)}; ${shared}`;
  } finally {
    await table.close();
  }
}

async function pauses(): Promise<string> {
  const table = await LeaseTable.open(DEFAULTS);
  try {
    const before = table.epochs;
    for (let pause = 0; pause < PAUSES; pause++) {
      table.server.pause();
      await Bun.sleep(PAUSE_MS);
      table.server.goOn();
      await Bun.sleep(3_000);
    }
    return `moved ${table.epochs - before} times`;
  } finally {
    await table.close();
  }
}

function distribution(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(0);
  return `n ${sorted.length}, p50 ${at(0.5)}, p99 ${at(0.99)} ms`;
}

const rows: [string, () => Promise<string>][] = [
  ["kill -9", () => takeovers(DEFAULTS, "SIGKILL")],
  // Only silence tells: its connection is there.
  ["SIGSTOP", () => takeovers(DEFAULTS, "SIGSTOP")],
  [`server paused ${PAUSES} x ${PAUSE_MS / 1_000} s`, pauses],
];
const only = process.argv[3];
for (const [name, row] of rows) {
  if (only !== undefined && !name.includes(only)) continue;
  console.log(`${name}: ${await row()} (load ${loadavg()[0]?.toFixed(1)})`);
}

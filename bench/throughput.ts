import { availableParallelism } from "node:os";
import { atLeastRow, type Row } from "./row.ts";
import { Program } from "./support/program.ts";
import { inTurn, roundsOn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

const WINDOW_MS = 500;
const ROUNDS = 6;
/** Each worker compiles for itself what it uses often, which takes it seconds. */
const WARM_MS = 6_000;

/** What workers make of their cores: eSpeak, sound chain and Opus, beside the same on one thread. */
export async function throughput(runtime: RuntimeName): Promise<Row[]> {
  await using alone = await Program.start(runtime, "engine");
  await using pool = await Program.start(runtime, "engine");
  await alone.call("alone", WARM_MS);
  const rows: Row[] = [];
  for (let size = 1; size <= availableParallelism(); size++) {
    await pool.call("startPool", size);
    await pool.call("pooled", WARM_MS, size);
    const { value, control } = await inTurn(roundsOn(runtime, ROUNDS), {
      value: () => pool.call<number>("pooled", WINDOW_MS, size),
      control: () => alone.call<number>("alone", WINDOW_MS),
    });
    const measured = { value, control: control * size, unit: "sentences/s" };
    const name = `sentences made by ${size} worker${size === 1 ? "" : "s"}`;
    const controlName = size === 1 ? "the engine alone in one thread" : `that × ${size}`;
    rows.push(atLeastRow(name, { ...measured, controlName }, size === 1 ? 0.9 : 0.85));
  }
  return rows;
}

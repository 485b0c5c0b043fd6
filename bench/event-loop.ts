import { addedRow, quantile, type Row } from "./row.ts";
import { Program } from "./support/program.ts";
import { roundsOn, samplesInTurn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

const WINDOW_MS = 800;
const ROUNDS = 4;

/** How long the serving thread keeps others waiting while the pool synthesises without pause. */
export async function eventLoop(runtime: RuntimeName): Promise<Row[]> {
  await using program = await Program.start(runtime, "saturated");
  const delays: Record<"busy" | "idle", number[]> = { busy: [], idle: [] };
  const window = async (state: "busy" | "idle"): Promise<number> =>
    delays[state].push(...(await program.call<number[]>(state, WINDOW_MS)));
  await samplesInTurn(
    roundsOn(runtime, ROUNDS),
    { value: () => window("busy"), control: () => window("idle") },
    0,
  );
  const measured = { value: quantile(delays.busy, 0.99), control: quantile(delays.idle, 0.99), unit: "ms" };
  const name = "event-loop delay with the pool saturated, p99";
  return [addedRow(name, { ...measured, controlName: "the same process idle" }, 5)];
}

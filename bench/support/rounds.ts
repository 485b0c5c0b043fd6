import { quantile } from "../row.ts";
import type { RuntimeName } from "./runtime-name.ts";

/** Rounds that are thrown away: runtimes compile what they see often. */
const WARM_ROUNDS = 1;

/** All rounds on the runtime that the goals are set for, fewer on the others: everything has to end in minutes. */
export function roundsOn(runtime: RuntimeName, rounds: number): number {
  return runtime === "bun" ? rounds : Math.ceil(rounds / 2);
}

/** Medians of what was measured side by side. */
export interface Sides {
  value: number;
  control: number;
}

/** Measures ours and the control in turn, so that whatever else the machine does happens to both. */
export async function inTurn(
  rounds: number,
  sides: { value: () => Promise<number>; control: () => Promise<number> },
  warmRounds: number = WARM_ROUNDS,
): Promise<Sides> {
  const { values, controls } = await samplesInTurn(rounds, sides, warmRounds);
  return { value: quantile(values, 0.5), control: quantile(controls, 0.5) };
}

/** The same, every sample. */
export async function samplesInTurn(
  rounds: number,
  { value, control }: { value: () => Promise<number>; control: () => Promise<number> },
  warmRounds: number = WARM_ROUNDS,
): Promise<{ values: number[]; controls: number[] }> {
  const values: number[] = [];
  const controls: number[] = [];
  for (let round = 0; round < warmRounds + rounds; round++) {
    values.push(await value());
    controls.push(await control());
  }
  return { values: values.slice(warmRounds), controls: controls.slice(warmRounds) };
}

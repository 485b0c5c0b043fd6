import { addedRow, type Row } from "./row.ts";
import { House } from "./support/house.ts";
import { inTurn, roundsOn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

const LISTENERS = 200;
/** Of each listener, in one round. */
const REPORTS = 50;
const ROUNDS = 3;

/** What a report of how much was heard costs, of which every v2 listener sends one a second. */
export async function clientMessages(runtime: RuntimeName): Promise<Row[]> {
  await using table = await House.open(runtime, "table", { encoding: "opus" });
  await using bare = await House.open(runtime, "bare", { encoding: "opus" });
  for (const house of [table, bare]) {
    await house.fill(LISTENERS);
    await house.begin();
  }
  const { value, control } = await inTurn(roundsOn(runtime, ROUNDS), {
    value: () => table.reportsCost(REPORTS),
    control: () => bare.reportsCost(REPORTS),
  });
  const perReport = (ns: number): number => ns / 1000 / (REPORTS * LISTENERS);
  const controlName = "a bare socket and JSON.parse";
  const measured = { value: perReport(value), control: perReport(control), unit: "µs", controlName };
  return [addedRow("serving thread, per report of a listener", measured, 10)];
}

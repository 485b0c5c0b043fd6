import { type Row, ratioRow } from "./row.ts";
import { House } from "./support/house.ts";
import { inTurn, roundsOn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

const ROUNDS = 4;
const SENTENCES = 4;
const TEN = 10;
/** In 10 % of proportional. */
const MOST = 1.1;
const FEW = 50;

/** Whether ten times as much costs ten times as much. */
export async function growth(runtime: RuntimeName): Promise<Row[]> {
  return [await inListeners(runtime), await inLength(runtime), await inParties(runtime)];
}

async function inListeners(runtime: RuntimeName): Promise<Row> {
  await using few = await House.open(runtime, "table", { encoding: "opus" });
  await using many = await House.open(runtime, "table", { encoding: "opus" });
  await few.fill(100);
  await many.fill(100 * TEN);
  const { value, control } = await inTurn(roundsOn(runtime, ROUNDS), {
    value: () => many.cost(1, SENTENCES),
    control: () => few.cost(TEN, SENTENCES),
  });
  return row("10 × the listeners", value, control, "100 listeners, ten times");
}

async function inLength(runtime: RuntimeName): Promise<Row> {
  await using table = await House.open(runtime, "table", { encoding: "dm20" });
  await table.fill(FEW);
  const { value, control } = await inTurn(roundsOn(runtime, ROUNDS), {
    value: () => table.cost(1, SENTENCES * TEN),
    control: () => table.cost(TEN, SENTENCES),
  });
  return row("a line 10 × as long", value, control, "a line of 10 s, ten times");
}

async function inParties(runtime: RuntimeName): Promise<Row> {
  await using one = await House.open(runtime, "table", { encoding: "opus" });
  await using many = await House.open(runtime, "table", { encoding: "opus", parties: TEN });
  await one.fill(FEW);
  await many.fill(FEW * TEN);
  const { value, control } = await inTurn(roundsOn(runtime, ROUNDS), {
    value: () => many.cost(1, SENTENCES),
    control: () => one.cost(TEN, SENTENCES),
  });
  return row("10 × the parties", value, control, "one party of 50, ten times");
}

function row(what: string, value: number, control: number, controlName: string): Row {
  return ratioRow(`CPU for ${what}`, { value, control, unit: "ms", controlName }, MOST);
}

import { addedRow, type Row } from "./row.ts";
import { House } from "./support/house.ts";
import { inTurn, roundsOn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

const SENTENCES = 4;
const LINES = 20;
const ROUNDS = 5;

/** What the serving thread does for each message of sound that comes from a worker, for one listener. */
export async function mainThread(runtime: RuntimeName): Promise<Row[]> {
  const rows: Row[] = [];
  for (const encoding of ["dm20", "opus"] as const) {
    await using table = await House.open(runtime, "table", { encoding, pool: true });
    await using bare = await House.open(runtime, "bare", { encoding });
    for (const house of [table, bare]) await house.fill(1);
    const chunks = LINES * (await bare.server.call<number>("messages", SENTENCES));
    const { value, control } = await inTurn(roundsOn(runtime, ROUNDS), {
      value: () => table.mainThreadCost(LINES, SENTENCES),
      control: () => bare.mainThreadCost(LINES, SENTENCES),
    });
    const perChunk = (ns: number): number => ns / 1000 / chunks;
    const name = `main thread, per ${encoding === "dm20" ? "dm20 chunk" : "v2 frame"} from a worker to a socket`;
    const controlName = "a loop that sends the same to a bare socket";
    const measured = { value: perChunk(value), control: perChunk(control), unit: "µs", controlName };
    rows.push(addedRow(name, measured, 15));
  }
  return rows;
}

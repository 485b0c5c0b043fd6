import type { Encoding } from "../src/engines/contract/sentence-job.ts";
import { type Row, ratioRow } from "./row.ts";
import { House } from "./support/house.ts";
import { LINE_SECONDS } from "./support/prepared.ts";
import { inTurn, roundsOn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

/** Listeners, and how many lines make a round that can be measured. */
const CROWDS: readonly (readonly [listeners: number, lines: number])[] = [
  [1, 20],
  [50, 4],
  [200, 2],
  [1000, 1],
];
const SENTENCES = 4;
const ROUNDS = 4;
/** Said before, where one listens: what they share is all there is, and the runtime goes on compiling that for a thousand lines. */
const ALONE_WARM_LINES = 100;
const ALONE_WARM_TIMES = 10;

const NAMES: Readonly<Record<RuntimeName, string>> = {
  bun: "bare Bun.serve publish of the same messages",
  deno: "bare Deno.serve, the same messages to each",
  node: "bare ws, the same messages to each, corked",
};

/** What handing ten seconds of speech to its listeners costs a server, on each wire; the sound is there. */
export async function fanOut(runtime: RuntimeName): Promise<Row[]> {
  return [...(await wire(runtime, "dm20")), ...(await wire(runtime, "opus"))];
}

async function wire(runtime: RuntimeName, encoding: Encoding): Promise<Row[]> {
  await using table = await House.open(runtime, "table", { encoding });
  await using bare = await House.open(runtime, "bare", { encoding });
  for (const house of [table, bare]) await house.warmUp();
  const rows: Row[] = [];
  for (const [listeners, lines] of CROWDS) {
    await table.fill(listeners);
    await bare.fill(listeners);
    const sides = {
      value: () => table.cost(lines, SENTENCES),
      control: () => bare.cost(lines, SENTENCES),
    };
    if (listeners === 1) await Promise.all([table, bare].map((house) => warmAlone(house, runtime)));
    const { value, control } = await inTurn(roundsOn(runtime, ROUNDS), sides);
    const perSecond = (ms: number): number => (ms * 1000) / (lines * listeners * LINE_SECONDS);
    const measured = { value: perSecond(value), control: perSecond(control), unit: "µs" };
    const wireName = encoding === "dm20" ? "dm20" : "v2 Opus";
    const name = `CPU per listener-second, ${wireName}, ${listeners} listening`;
    rows.push(ratioRow(name, { ...measured, controlName: NAMES[runtime] }, 1.15));
  }
  return rows;
}

async function warmAlone(house: House, runtime: RuntimeName): Promise<void> {
  for (let time = 0; time < roundsOn(runtime, ALONE_WARM_TIMES); time++)
    await house.cost(ALONE_WARM_LINES, SENTENCES);
}

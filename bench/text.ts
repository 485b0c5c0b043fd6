import { addedRow, atLeastRow, type Row, ratioRow } from "./row.ts";
import { Program } from "./support/program.ts";
import { inTurn, roundsOn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

const ROUNDS = 12;
const WARM_ROUNDS = 4;
/** MB/s of plain prose, as the goal has it. */
const GOAL = 20;
/** Awkward texts, and characters of each. */
const AWKWARD: readonly (readonly [unit: string, characters: number])[] = [
  ["[", 10_000],
  ["[x](", 10_000],
  ["Dr. ", 10_000],
  ["x", 500_000],
];

/** What it costs to read a text, whole and as it is being written. */
export async function text(runtime: RuntimeName): Promise<Row[]> {
  await using program = await Program.start(runtime, "text");
  const rounds = roundsOn(runtime, ROUNDS);
  const control = { control: () => program.call<number>("segment") };
  const speed = async (name: string, ...read: readonly unknown[]): Promise<Row> => {
    const sides = { value: () => program.call<number>("read", ...read), ...control };
    const measured = await inTurn(rounds, sides, WARM_ROUNDS);
    const row = { ...measured, unit: "MB/s", controlName: "Intl.Segmenter alone, plain prose" };
    const least = read[0] === "plain" && read.length === 1 ? GOAL : 1;
    return { ...atLeastRow(name, row, 0), goal: `≥ ${least} MB/s`, met: measured.value >= least };
  };
  const rows = [
    await speed("reading plain prose", "plain"),
    await speed("reading plain prose, deltas of 4", "plain", 4),
    await speed("reading marked-up dialogue", "marked"),
    await speed("reading marked-up dialogue, deltas of 4", "marked", 4),
  ];
  for (const [unit, characters] of AWKWARD) {
    const cost = (times: number) => () => program.call<number>("cost", unit, times * characters);
    const measured = await inTurn(rounds, { value: cost(2), control: cost(1) }, WARM_ROUNDS);
    const name = `reading ${2 * characters} characters of ${unit}`;
    rows.push(ratioRow(name, { ...measured, unit: "µs", controlName: "half as many" }, 3));
  }
  const bytes = await inTurn(3, {
    value: () => program.call<number>("memory"),
    control: () => program.call<number>("nothing"),
  });
  const megabytes = { value: bytes.value / 1e6, control: bytes.control / 1e6 };
  rows.push(
    addedRow("memory while 10 MB are read", { ...megabytes, unit: "MB", controlName: "nothing" }, 10),
  );
  return rows;
}

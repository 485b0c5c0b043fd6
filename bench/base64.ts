import { type Row, ratioRow } from "./row.ts";
import { Program } from "./support/program.ts";
import { inTurn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

const ROUNDS = 200;

/** The text of a dm20 message, beside the base64 in it. */
export async function base64(runtime: RuntimeName): Promise<Row[]> {
  await using program = await Program.start(runtime, "encode");
  const measured = await inTurn(ROUNDS, {
    value: () => program.call<number>("messages"),
    control: () => program.call<number>("base64"),
  });
  return [
    ratioRow("text of a dm20 chunk", { ...measured, unit: "µs", controlName: "its base64 alone" }, 1.3),
  ];
}

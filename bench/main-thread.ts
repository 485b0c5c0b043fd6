import type { Encoding } from "../src/engines/contract/sentence-job.ts";
import { addedRow, type Row } from "./row.ts";
import { House } from "./support/house.ts";
import { inTurn, roundsOn, type Sides } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

const LINES = 40;
const ROUNDS = 5;

/** Lines of one sentence that differ in its length, and so in their frames only. */
const SHORT = "One.";
const LONG = "A long one.";

/**
 * What the serving thread does for one listener: for a line of one sentence, and for each message of sound that
 * comes from a worker more than in that.
 */
export async function mainThread(runtime: RuntimeName): Promise<Row[]> {
  return [...(await wire(runtime, "dm20")), ...(await wire(runtime, "opus"))];
}

async function wire(runtime: RuntimeName, encoding: Encoding): Promise<Row[]> {
  const short = await lines(runtime, encoding, SHORT);
  const long = await lines(runtime, encoding, LONG);
  const perChunk = (side: keyof Sides): number =>
    (long[side] - short[side]) / (long.messages - short.messages);
  const [name, message] = encoding === "dm20" ? ["dm20", "dm20 chunk"] : ["v2", "v2 frame"];
  const controlName = "a loop that sends the same to a bare socket";
  const chunk = { value: perChunk("value"), control: perChunk("control"), unit: "µs", controlName };
  const line = { value: short.value / 1000, control: short.control / 1000, unit: "ms", controlName };
  return [
    addedRow(`main thread, per ${message} from a worker to a socket`, chunk, 15),
    addedRow(`main thread, a line of one sentence, ${name}`, line, 2),
  ];
}

/** µs of the serving thread for a line, and messages of sound in it. */
async function lines(
  runtime: RuntimeName,
  encoding: Encoding,
  sentence: string,
): Promise<Sides & { messages: number }> {
  await using table = await House.open(runtime, "table", { encoding, sentence, pool: true });
  await using bare = await House.open(runtime, "bare", { encoding, sentence });
  for (const house of [table, bare]) await house.fill(1);
  const messages = await bare.server.call<number>("messages", 1);
  const cost = async (house: House): Promise<number> => (await house.mainThreadCost(LINES, 1)) / 1000 / LINES;
  const rounds = { value: () => cost(table), control: () => cost(bare) };
  return { ...(await inTurn(roundsOn(runtime, ROUNDS), rounds, 3)), messages };
}

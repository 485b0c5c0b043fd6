import { addedRow, quantile, type Row, ratioRow } from "./row.ts";
import { Program } from "./support/program.ts";
import { roundsOn, samplesInTurn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

const LISTENERS = 200;
/** Of each kind. */
const RUDE = 20;
const FLOODING = 8;
const JOINING = 1_000;
/** Two of those who join have one seat: a table has a thousand at most. */
const SEATS = LISTENERS + 2 * RUDE + FLOODING + JOINING / 2;
const ROUNDS = 30;
const WARM_ROUNDS = 3;
/** Of 2.5 s each. */
const SENTENCES = 4;
/** ms that a line's first sound may take, and between two lines. */
const HEARD_WITHIN_MS = 5_000;
const PAUSE_MS = 150;
/** So much is told to those who do not read until something waits for them: more than the kernel keeps for one. */
const FILLING_CHARS = 60_000;
const FILLINGS = 300;
const FILLED_WITHIN_MS = 10;
const JOINS = 6;
/** ms in which those who have joined, or left, are told of. */
const JOINED_MS = 1_000;
const GONE_WITHIN_MS = 60_000;

type Rudeness = "neverRead" | "readSlowly" | "flood";
/** When each listener has the text and the first sound of a line, ms after it was said; a list for each line. */
interface Heard {
  texts: number[][];
  sounds: number[][];
  /** For how many something waited before each line. */
  behind: number[];
  /** CPU ms that the serving thread and who listens needed for each line. */
  served: number[];
  read: number[];
}
type Side = "storm" | "company" | "calm";

/** The many beside some who do not take what they are sent; and beside as many who do, which is not asked of anybody. */
export async function badReaders(runtime: RuntimeName, encoding: "dm20" | "opus"): Promise<Row[]> {
  const heard = await besiege(runtime, encoding, {
    async storm(table) {
      await table.behave("neverRead", LISTENERS, RUDE);
      await table.behave("readSlowly", LISTENERS + RUDE, RUDE);
      table.keepsBehind(LISTENERS, 2 * RUDE);
    },
    company: async (table) => {
      await table.others.call("listen", await table.addresses(LISTENERS, 2 * RUDE), encoding === "opus");
    },
  });
  const wire = encoding === "opus" ? "v2" : "dm20";
  const rows = (side: Side, who: string): Row[] => {
    const row = (what: string, figure: (heard: Heard) => number): Row => {
      const measured = { value: figure(heard[side]), control: figure(heard.calm), unit: "ms" };
      const name = `${LISTENERS} beside ${who}, ${wire}, ${what}`;
      return ratioRow(name, { ...measured, controlName: "the same without those 40" }, 1.2);
    };
    return [
      row("text p99", ({ texts }) => p99OfLine(texts)),
      row("text p99 of all lines", ({ texts }) => quantile(texts.flat(), 0.99)),
      row("first sound p99", ({ sounds }) => p99OfLine(sounds)),
      row("first sound p99 of all lines", ({ sounds }) => quantile(sounds.flat(), 0.99)),
      row("CPU of the serving thread a line", ({ served }) => quantile(served, 0.5)),
      row("CPU of those who read a line", ({ read }) => quantile(read, 0.5)),
    ];
  };
  console.error(`${wire}: before each line so many of ${2 * RUDE} were behind: ${heard.storm.behind}`);
  return [...rows("storm", "20 who never read and 20 at 2 KB/s"), ...rows("company", "40 more who read")];
}

/** What one whole line does: one that the machine disturbs does not count for more. */
function p99OfLine(lines: number[][]): number {
  return quantile(
    lines.map((line) => quantile(line, 0.99)),
    0.5,
  );
}

export async function flooded(runtime: RuntimeName): Promise<Row[]> {
  const { storm, calm } = await besiege(runtime, "opus", {
    storm: (table) => table.behave("flood", LISTENERS + 2 * RUDE, FLOODING),
  });
  const row = (name: string, p99: (lines: number[][]) => number): Row => {
    const measured = { value: p99(storm.texts), control: p99(calm.texts), unit: "ms" };
    return addedRow(name, { ...measured, controlName: "the same without them" }, 50);
  };
  const name = `${LISTENERS} beside eight sockets that flood, text p99`;
  return [row(name, p99OfLine), row(`${name} of all lines`, (lines) => quantile(lines.flat(), 0.99))];
}

/** A whole crowd comes at once, on either wire, and once more where a bare server takes them. */
export async function joined(runtime: RuntimeName): Promise<Row[]> {
  const rows: Row[] = [];
  for (const encoding of ["dm20", "opus"] as const) {
    await using table = await Besieged.open(runtime, encoding);
    await table.crowd.call("listen", await table.addresses(0, LISTENERS), encoding === "opus");
    await using bare = await Program.start(runtime, "bare");
    const seated = await table.addresses(SEATS - JOINING / 2, JOINING / 2);
    const bareAddress = await bare.call<string>("address");
    const stallOf = async (server: Program, addresses: string[]): Promise<number> => {
      await server.call("stall");
      await table.others.call("join", addresses, server !== bare && encoding === "opus");
      await Bun.sleep(JOINED_MS);
      const ms = await server.call<number>("stall");
      await table.others.call("part");
      await Bun.sleep(JOINED_MS);
      return ms;
    };
    const stalls = await samplesInTurn(roundsOn(runtime, JOINS), {
      value: () => stallOf(table.server, [...seated, ...seated]),
      control: () =>
        stallOf(
          bare,
          Array.from({ length: JOINING }, () => bareAddress),
        ),
    });
    const [value, control] = [quantile(stalls.values, 0.5), quantile(stalls.controls, 0.5)];
    const measured = { value, control, unit: "ms", controlName: "a bare server" };
    const name = `longest stall while ${JOINING} join at once, ${encoding === "opus" ? "v2" : "dm20"}`;
    rows.push({ name, ...measured, figure: value, goal: "≤ 150 ms", met: value <= 150 });
  }
  return rows;
}

/** A machine that is switched off says nothing to anybody. */
export async function halfOpen(runtime: RuntimeName): Promise<Row[]> {
  await using table = await Besieged.open(runtime, "opus");
  await table.crowd.call("listen", await table.addresses(0, 10), true);
  await table.others.call("listen", await table.addresses(10, 10), true);
  const count = (): Promise<number> => table.server.call<number>("count");
  while ((await count()) < 20) await Bun.sleep(20);
  const since = performance.now();
  process.kill(table.others.pid, "SIGSTOP");
  while ((await count()) > 10 && performance.now() - since < GONE_WITHIN_MS) await Bun.sleep(250);
  const measured = { value: (performance.now() - since) / 1000, control: 0, unit: "s" };
  return [addedRow("half-open peers are gone", { ...measured, controlName: "none" }, 35)];
}

/** ms from a line to each listener's text and first sound, with a storm and without one, in turn. */
async function besiege(
  runtime: RuntimeName,
  encoding: "dm20" | "opus",
  others: Partial<Record<Side, (table: Besieged) => Promise<void>>>,
): Promise<Record<Side, Heard>> {
  const heard: Record<Side, Heard> = {
    storm: { texts: [], sounds: [], behind: [], served: [], read: [] },
    company: { texts: [], sounds: [], behind: [], served: [], read: [] },
    calm: { texts: [], sounds: [], behind: [], served: [], read: [] },
  };
  await using stack = new AsyncDisposableStack();
  const tables: [Side, Besieged][] = [];
  for (const side of ["storm", "company", "calm"] as const) {
    if (side !== "calm" && !others[side]) continue;
    const table = stack.use(await Besieged.open(runtime, encoding));
    // Whoever comes first is served first.
    await others[side]?.(table);
    await table.crowd.call("listen", await table.addresses(0, LISTENERS), encoding === "opus");
    tables.push([side, table]);
  }
  for (let round = 0; round < WARM_ROUNDS + roundsOn(runtime, ROUNDS); round++) {
    // Whoever comes first in one round comes last in the next.
    tables.push(...tables.splice(0, 1));
    for (const [side, table] of tables) {
      await table.fill();
      const before = [table.server.mainThreadNs, table.crowd.mainThreadNs] as const;
      const { texts, sounds } = await table.speak();
      if (round < WARM_ROUNDS) continue;
      heard[side].texts.push(texts);
      heard[side].sounds.push(sounds);
      heard[side].behind.push(table.behind.at(-1) ?? 0);
      heard[side].served.push((table.server.mainThreadNs - before[0]) / 1e6);
      heard[side].read.push((table.crowd.mainThreadNs - before[1]) / 1e6);
    }
  }
  return heard;
}

/** A table, its listeners, and others. */
class Besieged implements AsyncDisposable {
  readonly server: Program;
  readonly crowd: Program;
  readonly others: Program;
  /** On Node.js: on Bun a socket that nobody reads from takes all the same what it is sent. */
  readonly rude: Program;
  /** For how many something waited before each line. */
  readonly behind: number[] = [];
  #behind = { from: 0, count: 0 };
  readonly #isV2: boolean;

  private constructor(programs: Record<"server" | "crowd" | "others" | "rude", Program>, isV2: boolean) {
    this.server = programs.server;
    this.crowd = programs.crowd;
    this.others = programs.others;
    this.rude = programs.rude;
    this.#isV2 = isV2;
  }

  static async open(runtime: RuntimeName, encoding: "dm20" | "opus"): Promise<Besieged> {
    const server = await Program.start(runtime, "besieged", { encoding, seats: SEATS });
    const [crowd, others] = [await Program.start("bun", "visitors"), await Program.start("bun", "visitors")];
    const rude = await Program.start("node", "visitors");
    return new Besieged({ server, crowd, others, rude }, encoding === "opus");
  }

  addresses(from: number, count: number): Promise<string[]> {
    return this.server.call("addresses", from, count);
  }

  async behave(how: Rudeness, from: number, count: number): Promise<void> {
    await this.rude.call(how, await this.addresses(from, count), this.#isV2);
  }

  /** From now on something waits for each of these seats before a line is said; who was closed for that comes back and has read all. */
  keepsBehind(from: number, count: number): void {
    this.#behind = { from, count };
  }

  /** Has something wait for those for whom it is to. */
  async fill(): Promise<void> {
    const { from, count } = this.#behind;
    if (count === 0) return;
    let behind = 0;
    for (let told = 0; told < FILLINGS; told++) {
      behind = await this.server.call<number>("fill", from, count, FILLING_CHARS);
      if (behind === count) break;
      await Bun.sleep(FILLED_WITHIN_MS);
    }
    this.behind.push(behind);
  }

  async speak(): Promise<Record<"texts" | "sounds", number[]>> {
    await this.crowd.call("forget");
    const saidAt = await this.server.call<number>("say", SENTENCES);
    const heard = await this.crowd.call<Record<"texts" | "sounds", number[]>>(
      "heard",
      LISTENERS,
      HEARD_WITHIN_MS,
    );
    await this.server.call("stop", PAUSE_MS);
    const after = (times: number[]): number[] =>
      // Who has not heard it by then is not left out.
      Array.from({ length: LISTENERS }, (_, at) => (times[at] ?? saidAt + HEARD_WITHIN_MS) - saidAt);
    return { texts: after(heard.texts), sounds: after(heard.sounds) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const programs = [this.server, this.crowd, this.others, this.rude];
    await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()));
  }
}

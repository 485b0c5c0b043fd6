import { addedRow, quantile, type Row, ratioRow } from "./row.ts";
import { Program } from "./support/program.ts";
import { roundsOn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

const LISTENERS = 200;
/** Of each kind. */
const RUDE = 20;
const FLOODING = 8;
const JOINING = 1_000;
/** Two of those who join have one seat: a table has a thousand at most. */
const SEATS = LISTENERS + 2 * RUDE + FLOODING + JOINING / 2;
const ROUNDS = 12;
const WARM_ROUNDS = 3;
/** Of 2.5 s each. */
const SENTENCES = 4;
/** ms from a line to the next. */
const LINE_MS = 300;
const GONE_WITHIN_MS = 60_000;

type Rudeness = "neverRead" | "readSlowly" | "flood";
type Heard = Record<"texts" | "sounds", number[]>;

/** What others do to a table, and how its listeners fare beside the same table without them. */
export async function storms(runtime: RuntimeName): Promise<Row[]> {
  return [
    ...(await rude(runtime, "dm20")),
    ...(await rude(runtime, "opus")),
    ...(await flooded(runtime)),
    ...(await joined(runtime)),
    ...(await halfOpen(runtime)),
  ];
}

async function rude(runtime: RuntimeName, encoding: "dm20" | "opus"): Promise<Row[]> {
  const { storm, calm } = await besiege(runtime, encoding, async (table) => {
    await table.behave("neverRead", LISTENERS, RUDE);
    await table.behave("readSlowly", LISTENERS + RUDE, RUDE);
  });
  const row = (of: keyof Heard, name: string): Row => {
    const measured = { value: quantile(storm[of], 0.99), control: quantile(calm[of], 0.99), unit: "ms" };
    const wire = encoding === "opus" ? "v2" : "dm20";
    return ratioRow(
      `${LISTENERS} beside 20 who never read and 20 at 2 KB/s, ${wire}, ${name} p99`,
      { ...measured, controlName: "the same without those 40" },
      1.2,
    );
  };
  return [row("texts", "text"), row("sounds", "first sound")];
}

async function flooded(runtime: RuntimeName): Promise<Row[]> {
  const { storm, calm } = await besiege(runtime, "opus", (table) =>
    table.behave("flood", LISTENERS + 2 * RUDE, FLOODING),
  );
  const measured = { value: quantile(storm.texts, 0.99), control: quantile(calm.texts, 0.99), unit: "ms" };
  const name = `${LISTENERS} beside eight sockets that flood, text p99`;
  return [addedRow(name, { ...measured, controlName: "the same without them" }, 50)];
}

async function joined(runtime: RuntimeName): Promise<Row[]> {
  await using table = await Besieged.open(runtime, "opus");
  await table.crowd.call("listen", await table.addresses(0, LISTENERS), true);
  const idle: number[] = [];
  const busy: number[] = [];
  for (let round = 0; round < 2; round++) {
    await table.server.call("stall");
    await Bun.sleep(1_500);
    idle.push(await table.server.call<number>("stall"));
    const seated = await table.addresses(SEATS - JOINING / 2, JOINING / 2);
    const addresses = [...seated, ...seated];
    await table.server.call("stall");
    await table.others.call("join", addresses, true);
    busy.push(await table.server.call<number>("stall"));
    await Bun.sleep(1_000);
  }
  const measured = { value: quantile(busy, 0.5), control: quantile(idle, 0.5), unit: "ms" };
  const name = `longest stall while ${JOINING} join at once`;
  return [addedRow(name, { ...measured, controlName: "while nobody does" }, 150)];
}

/** A machine that is switched off says nothing to anybody. */
async function halfOpen(runtime: RuntimeName): Promise<Row[]> {
  await using table = await Besieged.open(runtime, "opus");
  await table.crowd.call("listen", await table.addresses(0, 10), true);
  await table.others.call("listen", await table.addresses(10, 10), true);
  const since = performance.now();
  process.kill(table.others.pid, "SIGSTOP");
  const count = (): Promise<number> => table.server.call<number>("count");
  while ((await count()) > 10 && performance.now() - since < GONE_WITHIN_MS) await Bun.sleep(250);
  const measured = { value: (performance.now() - since) / 1000, control: 0, unit: "s" };
  return [addedRow("half-open peers are gone", { ...measured, controlName: "none" }, 35)];
}

/** ms from a line to each listener's text and first sound, with a storm and without one, in turn. */
async function besiege(
  runtime: RuntimeName,
  encoding: "dm20" | "opus",
  storm: (table: Besieged) => Promise<void>,
): Promise<Record<"storm" | "calm", Heard>> {
  await using besieged = await Besieged.open(runtime, encoding);
  await using control = await Besieged.open(runtime, encoding);
  for (const table of [besieged, control])
    await table.crowd.call("listen", await table.addresses(0, LISTENERS), encoding === "opus");
  await storm(besieged);
  const heard = { storm: { texts: [], sounds: [] }, calm: { texts: [], sounds: [] } } as Record<
    string,
    Heard
  >;
  for (let round = 0; round < WARM_ROUNDS + roundsOn(runtime, ROUNDS); round++) {
    for (const [side, table] of [
      ["storm", besieged],
      ["calm", control],
    ] as const) {
      const { texts, sounds } = await table.speak();
      if (round < WARM_ROUNDS) continue;
      heard[side]?.texts.push(...texts);
      heard[side]?.sounds.push(...sounds);
    }
  }
  return heard as Record<"storm" | "calm", Heard>;
}

/** A table, its listeners, and others. */
class Besieged implements AsyncDisposable {
  readonly server: Program;
  readonly crowd: Program;
  readonly others: Program;
  readonly #isV2: boolean;

  private constructor(server: Program, crowd: Program, others: Program, isV2: boolean) {
    this.server = server;
    this.crowd = crowd;
    this.others = others;
    this.#isV2 = isV2;
  }

  static async open(runtime: RuntimeName, encoding: "dm20" | "opus"): Promise<Besieged> {
    const server = await Program.start(runtime, "besieged", { encoding, seats: SEATS });
    const crowd = await Program.start("bun", "visitors");
    return new Besieged(server, crowd, await Program.start("bun", "visitors"), encoding === "opus");
  }

  addresses(from: number, count: number): Promise<string[]> {
    return this.server.call("addresses", from, count);
  }

  async behave(how: Rudeness, from: number, count: number): Promise<void> {
    await this.others.call(how, await this.addresses(from, count), this.#isV2);
  }

  async speak(): Promise<Heard> {
    await this.crowd.call("heard");
    const saidAt = await this.server.call<number>("say", SENTENCES, LINE_MS);
    const { texts, sounds } = await this.crowd.call<Heard>("heard");
    const since = (at: number): number => at - saidAt;
    return { texts: texts.map(since), sounds: sounds.map(since) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const programs = [this.server, this.crowd, this.others];
    await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()));
  }
}

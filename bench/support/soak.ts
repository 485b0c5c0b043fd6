import { readdirSync } from "node:fs";
import { type Census, grownKinds } from "./census.ts";
import { Program } from "./program.ts";
import type { RuntimeName } from "./runtime-name.ts";

const LISTENERS = 50;

/** What a table holds while nobody is there and nothing is said; bytes and counts. */
export interface Held {
  heap: number;
  rss: number;
  /** Files and sockets that are open. */
  handles: number;
  threads: number;
  workers: number;
}
export type HeldSeries = Record<keyof Held, number[]>;

export interface Soaked {
  /** One sample after the other, evenly apart. */
  held: HeldSeries;
  /** Lines that were said, and sentences that had no sound. */
  said: number;
  problems: number;
  /** Workers that were replaced. */
  restarts: number;
  /** What listeners got: `leaks` are whispers for somebody else. */
  counts: Record<"texts" | "sounds" | "errors" | "leaks" | "visits", number>;
  /** Kinds of objects of which there are more than at the first sample. */
  grown: ReturnType<typeof grownKinds>;
}

export interface SoakOptions {
  /** For so long they come and go; then all leave, and what is left is looked at. */
  roundMs: number;
  /** Before the first sample: what is kept on purpose fills up, and runtimes compile. */
  warmRounds: number;
  rounds: number;
  /** About how long a listener stays before it comes anew. */
  stayMs: number;
  /** Told of each sample. */
  tell?: (held: Held) => void;
  /** So many kinds of objects of which there are more at the end than at the first sample are told. */
  kinds?: number;
}

/** Fifty listeners on both wires who come and go, while speech and whispers go on. */
export async function soak(runtime: RuntimeName, options: SoakOptions): Promise<Soaked> {
  const players = Array.from({ length: LISTENERS }, (_, seat) => `p${seat}`);
  await using table = await Program.start(runtime, "soaked", { players });
  await using regulars = await Program.start("bun", "regulars");
  const addresses = await table.call("addresses");
  await table.call("fill");
  const held: HeldSeries = { heap: [], rss: [], handles: [], threads: [], workers: [] };
  let census: Census | undefined;
  for (let round = 0; round < options.warmRounds + options.rounds; round++) {
    await table.call("speak");
    await regulars.call("come", addresses, players, options.stayMs);
    await Bun.sleep(options.roundMs);
    await regulars.call("leave");
    while ((await table.call<number>("count")) > 0) await Bun.sleep(20);
    await table.call("fallSilent");
    // A census takes memory itself, so it comes before what is compared.
    if (options.kinds && round >= options.warmRounds) census ??= await table.call<Census>("census");
    const sample = await look(table);
    if (round < options.warmRounds) continue;
    for (const key of Object.keys(held) as (keyof Held)[]) held[key].push(sample[key]);
    options.tell?.(sample);
  }
  const grown = census ? grownKinds(census, await table.call<Census>("census"), options.kinds ?? 0) : [];
  const { said, problems, restarts } = await table.call<Told>("held");
  const counts = await regulars.call<Soaked["counts"]>("counts");
  await table.call("end");
  return { held, said, problems, restarts, counts, grown };
}

type Told = Omit<Held, "handles" | "threads"> & Record<"said" | "problems" | "restarts", number>;

async function look(table: Program): Promise<Held> {
  const { heap, rss, workers } = await table.call<Told>("held");
  const count = (what: "fd" | "task"): number => readdirSync(`/proc/${table.pid}/${what}`).length;
  return { heap, rss, workers, handles: count("fd"), threads: count("task") };
}

/** The least of the last third of a series beside that of its first third: what is on its way comes and goes. */
export function growthOf(series: readonly number[]): { before: number; after: number } {
  const third = Math.max(1, Math.floor(series.length / 3));
  return { before: Math.min(...series.slice(0, third)), after: Math.min(...series.slice(-third)) };
}

/** By how much a series rises from one sample to the next, by least squares. */
export function slopeOf(series: readonly number[]): number {
  const middle = (series.length - 1) / 2;
  let products = 0;
  let squares = 0;
  for (const [at, value] of series.entries()) {
    products += (at - middle) * value;
    squares += (at - middle) ** 2;
  }
  return products / squares;
}

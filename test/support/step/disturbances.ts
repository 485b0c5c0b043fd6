import { quantile } from "./step-table.ts";
import { type TapRecord, timeOf } from "./tap.ts";

/** A page follows a device that has slipped within a second, and is not where it should be until then. */
const FOLLOWED_MS = 1_500;
/** Sound is rendered a third of a second ahead at most where there is no worklet. */
const MOST_STALL_MS = 200;
const AFTER_STALL_MS = 500;
/** Around something that happens at one moment. */
const AROUND_MS = 50;
const BIN_MS = 250;
/** A device that goes on elsewhere by more has slipped. */
const SLIP_MS = 2;

/**
 * When a record says nothing of the page's own code, as the machine was too busy: its device skipped frames or stood
 * still, or its thread had no processor. Known by the device and the browser alone, whatever was heard.
 */
export class Disturbances {
  /** ms since the epoch. */
  readonly #stretches: readonly (readonly [from: number, to: number])[];

  constructor(record: TapRecord) {
    const skips = record.slips.map((place) => timeOf(record, place));
    const slips = [...skips, ...stepsIn(record)];
    this.#stretches = [
      ...slips.map((at) => [at - AROUND_MS, at + FOLLOWED_MS] as const),
      ...record.stalls
        .filter(([from, to]) => to - from > MOST_STALL_MS)
        .map(([from, to]) => [from, to + AFTER_STALL_MS] as const),
    ];
  }

  /** Whether anything was in the way then, or shortly before. @param atMs since the epoch */
  at(atMs: number): boolean {
    return this.#stretches.some(([from, to]) => atMs >= from && atMs <= to);
  }
}

/** When the device went on elsewhere, by its own timestamps. */
function stepsIn({ stamps }: TapRecord): number[] {
  const bins = new Map<number, number[]>();
  for (const [at, seconds] of stamps) {
    const bin = Math.floor(at / BIN_MS);
    bins.set(bin, [...(bins.get(bin) ?? []), seconds * 1000 - at]);
  }
  const middles = [...bins].map(([bin, offsets]) => [bin * BIN_MS, quantile(offsets, 0.5)] as const);
  return middles.flatMap(([at, offset], index) => {
    const before = middles[index - 1];
    return before && Math.abs(offset - before[1]) > SLIP_MS ? [at] : [];
  });
}

/** One measured line of the table, beside the same thing done without our code. */
export interface Row {
  name: string;
  /** What was measured, and what it stands beside, in `unit`. */
  value: number;
  control: number;
  unit: string;
  /** What `controlName` is. */
  controlName: string;
  /** The figure the goal speaks of: a ratio or a difference. */
  figure: number;
  goal: string;
  met: boolean;
}

/** A row whose goal is a ratio to its control. */
export function ratioRow(
  name: string,
  measured: { value: number; control: number; unit: string; controlName: string },
  most: number,
): Row {
  const figure = measured.value / measured.control;
  return { name, ...measured, figure, goal: `≤ ${most} ×`, met: figure <= most };
}

/** A row whose goal is how much it may add to its control. */
export function addedRow(
  name: string,
  measured: { value: number; control: number; unit: string; controlName: string },
  most: number,
): Row {
  const figure = measured.value - measured.control;
  return { name, ...measured, figure, goal: `≤ + ${most} ${measured.unit}`, met: figure <= most };
}

/** A row whose goal is how much of its control it has to reach. */
export function atLeastRow(
  name: string,
  measured: { value: number; control: number; unit: string; controlName: string },
  least: number,
): Row {
  const figure = measured.value / measured.control;
  return { name, ...measured, figure, goal: `≥ ${least} ×`, met: figure >= least };
}

/** The value below which a share of the samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

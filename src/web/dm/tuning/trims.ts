import { MAX_TRIM_MS } from "../../../core/protocol/tuning.ts";

/** A device that was heard. */
export interface HeardDevice {
  /** How much later it was heard than others; only differences say anything. */
  lateMs: number;
  /** By how much it was trimmed then. */
  trimMs: number;
}

/**
 * The trims with which these devices sound together. The one that sounds last is the measure: it has none, and the others
 * play as much later, so that nobody has to be sent anything earlier.
 * @param isAll whether no device is left as it is; else the rest stay beside those that were heard as they were
 */
export function trimsFor<Device>(
  heard: ReadonlyMap<Device, HeardDevice>,
  isAll: boolean,
): Map<Device, number> {
  const wanted = [...heard].map(([device, { lateMs, trimMs }]) => [device, trimMs + lateMs] as const);
  const most = Math.max(...wanted.map(([, ms]) => ms));
  const last = isAll ? 0 : Math.max(...[...heard.values()].map(({ trimMs }) => trimMs));
  return new Map(wanted.map(([device, ms]) => [device, bounded(ms - most + last)]));
}

function bounded(ms: number): number {
  return Math.max(-MAX_TRIM_MS, Math.min(MAX_TRIM_MS, ms));
}

/** The first probes, which do not wait for each other's echoes: a clock to begin with. */
const BURST_PROBES = 16;
const BURST_MS = 12;
/** ms between probes while it is not yet known how good the clock is. */
const LEARNING_MS = 50;
/** Probes at that pace that may stay without any echo. */
const LEARNING_PROBES = 64;
/** The pace at which a clock that deviates by `GOOD_MS` is probed; half the deviation, a quarter of the probes. */
const GOOD_MS = 0.15;
const GOOD_GAP_MS = 50;

/** The shortest and the longest gap, until that age of the connection. */
const PACES = [
  { untilMs: 8_000, shortest: 50, longest: 100 },
  { untilMs: 60_000, shortest: 50, longest: 1_000 },
  { untilMs: 120_000, shortest: 100, longest: 4_000 },
];
const LATER_PACE = { shortest: 200, longest: 4_000 };

/**
 * ms from one probe to the next where a clock is to be as good as playing in step needs it: many at first,
 * and then as few as the network's jitter allows.
 *
 * @param probe.sent probes sent on this connection
 * @param probe.ageMs since its first
 * @param probe.deviationMs of the clock; infinite before that is known, undefined before the first echo
 */
export function probeGapMs(probe: { sent: number; ageMs: number; deviationMs: number | undefined }): number {
  const { sent, ageMs, deviationMs } = probe;
  if (sent < BURST_PROBES) return BURST_MS;
  if (deviationMs === undefined) return sent < LEARNING_PROBES ? LEARNING_MS : Infinity;
  if (!(deviationMs < Infinity)) return LEARNING_MS;
  const { shortest, longest } = PACES.find(({ untilMs }) => ageMs < untilMs) ?? LATER_PACE;
  return Math.min(longest, Math.max(shortest, GOOD_GAP_MS * (GOOD_MS / deviationMs) ** 2));
}

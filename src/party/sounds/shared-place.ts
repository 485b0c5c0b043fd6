import { z } from "zod";
import type { GainRamp, HitRequest } from "../../core/protocol/sounds.ts";

/** A bed as all processes play it, by the table's time. */
export interface SharedBed {
  sound: string;
  name: string;
  volume: number;
  startAt: number;
  gain: GainRamp;
}

/** How the place sounds by the table's time, where several processes serve it. */
export interface SharedPlace {
  /** Another one with every change. */
  change: string;
  at: number;
  beds: readonly SharedBed[];
  /** What the levels were until when. */
  before: { master: number; players: readonly (readonly [player: string, volume: number])[] };
  levelsAt: number;
}

/** A hit as each process sends it to its listeners. */
export interface PassedHit {
  sound: string;
  to: HitRequest["to"];
  gain: number;
  seed: number;
  startAt?: number | undefined;
}

export const passedHitSchema: z.ZodType<PassedHit> = z.object({
  sound: z.string(),
  to: z.union([z.literal("all"), z.array(z.string())]),
  gain: z.number(),
  seed: z.number(),
  startAt: z.number().optional(),
});

export const sharedPlaceSchema: z.ZodType<SharedPlace> = z.object({
  change: z.string(),
  at: z.number(),
  beds: z.array(
    z.object({
      sound: z.string(),
      name: z.string(),
      volume: z.number(),
      startAt: z.number(),
      gain: z.object({ from: z.number(), to: z.number(), at: z.number(), ms: z.number() }),
    }),
  ),
  before: z.object({ master: z.number(), players: z.array(z.tuple([z.string(), z.number()])) }),
  levelsAt: z.number(),
});

/** ms by which clocks of two machines may differ. */
const CLOCKS_MS = 30_000;

/**
 * Whether a place is told by the time that the table has now: that begins anew when all processes have ended.
 * @param kept the same beds by the time of day
 */
export function isOfThisTime(
  { beds }: SharedPlace,
  kept: readonly { sound: string; startedAt: number }[],
  now: number,
): boolean {
  return kept.every(({ sound, startedAt }) => {
    const startAt = beds.find((bed) => bed.sound === sound)?.startAt ?? Number.NEGATIVE_INFINITY;
    return Math.abs(Date.now() - startedAt - (now - startAt)) < CLOCKS_MS;
  });
}

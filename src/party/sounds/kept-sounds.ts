import { z } from "zod";
import { type SharedPlace, sharedPlaceSchema } from "./shared-place.ts";

/** A bed as it outlasts the process; `startedAt`: ms since the epoch. */
export interface KeptBed {
  sound: string;
  name: string;
  volume: number;
  startedAt: number;
}

/** What outlasts the process of how the place sounds. */
export interface KeptSounds {
  beds: readonly KeptBed[];
  master: number;
  players: readonly (readonly [player: string, volume: number])[];
  duckDb: number;
  measures: readonly (readonly [id: string, lufs: number | null, peak: number])[];
  /** Where several processes serve the table. */
  shared?: SharedPlace | undefined;
}

export const keptSoundsSchema: z.ZodType<KeptSounds> = z.lazy(() =>
  z.object({
    beds: z.array(
      z.object({ sound: z.string(), name: z.string(), volume: z.number(), startedAt: z.number() }),
    ),
    master: z.number(),
    players: z.array(z.tuple([z.string(), z.number()])),
    duckDb: z.number(),
    measures: z.array(z.tuple([z.string(), z.number().nullable(), z.number()])),
    shared: sharedPlaceSchema.optional(),
  }),
);

import { z } from "zod";
import { speakRequestSchema } from "./messages.ts";
import type { SpeakRequest } from "./speak-request.ts";

/** Prepared lines of a table. */
export const MAX_PREPARED_LINES = 300;

/** A line that is written before it is said. */
export interface PreparedLine {
  /** Tells it from the others; the console's own. */
  id: string;
  /** Under which heading it stands; empty: under none. */
  group: string;
  line: SpeakRequest;
}

/** All of them, in the order in which they stand: the first nine have the keys 1 to 9. */
export const preparedLinesSchema: z.ZodType<PreparedLine[]> = z.lazy(() =>
  z
    .array(
      z.strictObject({
        id: z.string().min(1).max(64),
        group: z.string().trim().max(64),
        line: speakRequestSchema,
      }),
    )
    .max(MAX_PREPARED_LINES),
);

/** Body of `PUT /api/lines`. */
export const preparedLinesBodySchema: z.ZodType<{ lines: PreparedLine[] }> = z.lazy(() =>
  z.strictObject({ lines: preparedLinesSchema }),
);

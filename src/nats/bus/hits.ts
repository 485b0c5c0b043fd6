import { z } from "zod";
import { type PassedHit, passedHitSchema } from "../../party/sounds/shared-place.ts";
import type { BusConnection } from "../connection.ts";
import { jsonIn } from "../log/log-entry.ts";

/** ms that a node may take to say that it has sent a short sound. */
const HIT_MS = 500;
const hitSchema = z.object({ v: z.literal(1), hit: passedHitSchema });

/** Has nodes send a short sound to their listeners. @returns to how many connections they did, as far as they say so in time */
export async function passHit(
  hit: PassedHit,
  connection: BusConnection,
  subjects: readonly string[],
): Promise<number> {
  const asked = JSON.stringify({ v: 1, hit });
  const counts = subjects.map(async (subject) => {
    const answer = await connection.request(subject, asked, { ms: HIT_MS }).catch(() => undefined);
    return Number(answer?.string() ?? 0) || 0;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/** Sends what other nodes ask for, until the returned function is called. @param send returns to how many connections it was */
export function takeHits(
  connection: BusConnection,
  subject: string,
  send: (hit: PassedHit) => number,
): () => void {
  return connection.listen(subject, (message) => {
    const { data } = hitSchema.safeParse(jsonIn(message.data));
    if (data) message.respond(`${send(data.hit)}`);
  });
}

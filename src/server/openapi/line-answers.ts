import { z } from "zod";
import type { WireError } from "../../core/errors.ts";
import type {
  DeliveryReport,
  LineStatus,
  LogPage,
  QueuedUtterance,
  RecentUtterance,
} from "../../core/protocol/api.ts";
import { LISTENER_STATES } from "../../core/protocol/presence.ts";
import { REVEALS } from "../../core/protocol/table-settings.ts";
import { OMITTABLE } from "../../core/text/omit.ts";

const text = (): z.ZodString => z.string();
const count = (): z.ZodNumber => z.number().int().nonnegative();
const amount = (): z.ZodNumber => z.number().nonnegative();
const texts = (): z.ZodArray<z.ZodString> => z.array(z.string());

/** An error as it is part of an answer; its codes are in docs/reliability.md. */
export const wireError: z.ZodType<WireError> = z.strictObject({
  code: text(),
  message: text(),
  retryable: z.boolean(),
}) as unknown as z.ZodType<WireError>;

const missedReason = z.enum(["left", "lost", "silent", "skipped", "late", "behind", "dropped"]);
const audience = z.union([z.literal("all"), texts()]);

export const deliveryReport: z.ZodType<DeliveryReport> = z.strictObject({
  utterance: text(),
  delivered: z.boolean(),
  cancelled: z.boolean(),
  listeners: count(),
  players: z.array(
    z.strictObject({
      player: text(),
      complete: z.boolean(),
      reason: missedReason.exactOptional(),
      textOnly: z.boolean(),
      muted: z.boolean(),
      heardMs: amount(),
      underruns: count(),
      skewMs: z.number().exactOptional(),
    }),
  ),
  sentences: count(),
  durationMs: amount(),
  engines: texts(),
  problems: z.array(wireError),
});

const again = z
  .strictObject({
    text: text().optional(),
    speaker: text().optional(),
    npc: z.strictObject({ name: text(), race: text().optional(), gender: text().optional() }).optional(),
    context: text().optional(),
    priority: z.number().optional(),
    voice: z.unknown().optional(),
    reveal: z.enum(REVEALS).optional(),
    speech: z.boolean().optional(),
    omit: z.array(z.enum(OMITTABLE)).optional(),
    stageDirections: z.enum(["shown", "said"]).optional(),
    cast: z.literal("from text").optional(),
  })
  .exactOptional() as unknown as z.ZodExactOptional<z.ZodType<NonNullable<QueuedUtterance["again"]>>>;

const line = { utterance: text(), speaker: text(), to: audience, text: text(), again };
const queued = {
  ...line,
  state: z.enum(["waiting", "speaking", "interrupted", "draining", "done"]),
  durationMs: amount(),
  players: z.array(
    z.strictObject({
      player: text(),
      heardMs: amount(),
      state: z.enum(LISTENER_STATES),
      underruns: count(),
      reason: missedReason.exactOptional(),
    }),
  ),
  movable: z.literal(true).exactOptional(),
};
const recent = {
  ...line,
  state: z.enum(["done", "cancelled", "failed", "broken-off"]),
  report: deliveryReport,
};
export const queuedUtterance: z.ZodType<QueuedUtterance> = z.strictObject(queued);
export const recentUtterance: z.ZodType<RecentUtterance> = z.strictObject(recent);

export const lineStatus: z.ZodType<LineStatus> = z.union([
  z.strictObject({ ...queued, absent: texts() }),
  z.strictObject({ ...recent, absent: texts() }),
]);

export const logPage: z.ZodType<LogPage> = z.strictObject({
  utterances: z.array(recentUtterance),
  more: z.boolean(),
});

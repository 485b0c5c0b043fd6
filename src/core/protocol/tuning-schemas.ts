import { z } from "zod";
import { PROBE_ROOTS } from "../dsp/probe.ts";
import {
  type HearingState,
  MAX_LATE_MS,
  MAX_LEVEL,
  MAX_MOMENTS,
  MAX_TRIM_MS,
  MAX_TUNED,
  type TuningClientMessage,
} from "./tuning.ts";

/** Types of these messages. */
export const TUNING_TYPES: ReadonlySet<string> = new Set([
  "tune",
  "tune.probe",
  "tune.trim",
  "tune.probed",
  "tune.trimmed",
  "tune.lost",
  "tune.ear",
  "tune.find",
  "tune.hearing",
  "tune.found",
]);

const device = (): z.ZodNumber => z.number().int().min(1).max(MAX_TUNED);
const trimMs = (): z.ZodNumber => z.number().min(-MAX_TRIM_MS).max(MAX_TRIM_MS);
const amountMs = (): z.ZodNumber => z.number().nonnegative().max(60_000);
const tune = (): z.ZodString => z.string().min(1).max(64);
const probed = () => ({ root: z.number().int().min(1).max(PROBE_ROOTS), momentAt: z.number().nonnegative() });
const HEARING_STATES = [
  "asked",
  "ready",
  "refused",
  "none",
  "insecure",
  "broken",
  "gone",
] as const satisfies HearingState[];

export const tuningMessageSchema: z.ZodType<TuningClientMessage> = z.lazy(() =>
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("tune"), on: z.boolean() }),
    z.object({
      type: z.literal("tune.probe"),
      device: device(),
      root: z.number().int().min(1).max(PROBE_ROOTS),
      level: z.number().positive().max(MAX_LEVEL),
      momentsAt: z.array(z.number().nonnegative()).min(1).max(MAX_MOMENTS),
    }),
    z.object({ type: z.literal("tune.trim"), device: device(), ms: trimMs(), spreadMs: amountMs() }),
    z.object({
      type: z.literal("tune.probed"),
      tune: tune(),
      placed: z.number().int().min(0).max(MAX_MOMENTS),
      trimMs: trimMs(),
      uncertaintyMs: amountMs().optional(),
    }),
    z.object({ type: z.literal("tune.trimmed"), tune: tune(), ms: trimMs() }),
    z.object({ type: z.literal("tune.lost") }),
    z.object({ type: z.literal("tune.ear"), player: z.string().min(1).max(64).optional() }),
    z.object({ type: z.literal("tune.find"), ...probed() }),
    z.object({
      type: z.literal("tune.hearing"),
      state: z.enum(HEARING_STATES),
      processed: z.literal(true).optional(),
    }),
    z.object({
      type: z.literal("tune.found"),
      ...probed(),
      lateMs: z.number().min(-MAX_LATE_MS).max(MAX_LATE_MS),
      isHeard: z.boolean(),
    }),
  ]),
);

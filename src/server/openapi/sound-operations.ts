import { z } from "zod";
import {
  hitSchema,
  playBedSchema,
  soundMeasureSchema,
  soundNameSchema,
  soundVolumesSchema,
  stopBedsSchema,
} from "../../core/protocol/sound-schemas.ts";
import type { SoundInfo, SoundMeasure, SoundsStatus } from "../../core/protocol/sounds.ts";
import { at, bytes, type Operation, ok } from "./operation.ts";

const measure: z.ZodType<SoundMeasure> = z.strictObject({ lufs: z.number().nullable(), peak: z.number() });

const file = z.strictObject({
  id: z.string(),
  name: z.string(),
  format: z.enum(["mp3", "ogg", "wav", "flac"]),
  bytes: z.number(),
  seconds: z.number(),
});

const info: z.ZodType<SoundInfo> = file.partial().extend({
  id: z.string(),
  name: z.string(),
  builtIn: z.enum(["bed", "hit"]).optional(),
  measure: measure.optional(),
}) as z.ZodType<SoundInfo>;

const sounds: z.ZodType<SoundsStatus> = z.strictObject({
  sounds: z.array(info),
  refused: z.array(z.strictObject({ name: z.string(), why: z.string() })),
  beds: z.array(
    z.strictObject({
      sound: z.string(),
      name: z.string(),
      volume: z.number(),
      playedMs: z.number(),
      leaving: z.literal(true).optional(),
    }),
  ) as z.ZodType<SoundsStatus["beds"]>,
  master: z.number(),
  players: z.record(z.string(), z.number()),
  duckDb: z.number(),
});

/** Routes of the sound of the place. */
export function soundOperations(): Operation[] {
  return [
    at("get", "/api/sounds", "dm", "The campaign's sounds, and what plays", { 200: ok(sounds) }),
    at(
      "post",
      "/api/sounds",
      "dm",
      "Keeps a file of sound, which is the body",
      { 200: ok(file, "It was there already."), 201: ok(file, "It is there now.") },
      { query: soundNameSchema },
    ),
    at("get", "/api/sounds/:id/file", "holder", "Its bytes, in ranges", {
      200: bytes("audio/*", "All of it."),
      206: bytes("audio/*", "The range that was asked for."),
      416: { description: "There is no such range." },
    }),
    at("delete", "/api/sounds/:id", "dm", "Removes a file", { 200: ok(sounds) }),
    at(
      "put",
      "/api/sounds/:id/measure",
      "dm",
      "Says how loud a file is",
      { 200: ok(sounds) },
      { body: soundMeasureSchema },
    ),
    at(
      "post",
      "/api/sounds/play",
      "dm",
      "A bed comes, or plays on with another volume",
      { 200: ok(sounds) },
      { body: playBedSchema },
    ),
    at("post", "/api/sounds/stop", "dm", "Beds fade out", { 200: ok(sounds) }, { body: stopBedsSchema }),
    at(
      "post",
      "/api/sounds/hit",
      "dm",
      "A short sound, once",
      { 200: ok(z.strictObject({ sent: z.number() })) },
      { body: hitSchema },
    ),
    at(
      "put",
      "/api/sounds/volumes",
      "dm",
      "How loud the place is, for all and for players, and beside speech",
      { 200: ok(sounds) },
      { body: soundVolumesSchema },
    ),
  ];
}

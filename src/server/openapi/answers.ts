/**
 * What the HTTP API answers, as schemas; each is of the type that its route answers with. Nothing is checked by them but
 * in tests.
 * @module
 */
import { z } from "zod";
import { ANSWER_KINDS, type Answer } from "../../core/protocol/answers.ts";
import type {
  AnswerPage,
  CharacterInfo,
  CharacterList,
  Invite,
  InviteList,
  PartyStatus,
  VoiceChoices,
} from "../../core/protocol/api.ts";
import { COLOURS } from "../../core/protocol/colours.ts";
import { LISTENER_STATES } from "../../core/protocol/presence.ts";
import { REVEALS, SOUNDS, type TableSettings } from "../../core/protocol/table-settings.ts";
import type { VoiceCatalogue, VoiceInstall, VoiceSearch } from "../../core/protocol/voices-api.ts";
import { queuedUtterance, recentUtterance, wireError } from "./line-answers.ts";

const text = (): z.ZodString => z.string();
const count = (): z.ZodNumber => z.number().int().nonnegative();
const amount = (): z.ZodNumber => z.number().nonnegative();
const texts = (): z.ZodArray<z.ZodString> => z.array(z.string());

/** What went wrong. */
export const errorAnswer: z.ZodType = z.strictObject({
  error: z.strictObject({
    code: text(),
    message: text(),
    issues: z.array(z.strictObject({ path: text(), message: text() })).optional(),
  }),
});

/** The same in OpenAI's words. */
export const openAiErrorAnswer: z.ZodType = z.strictObject({
  error: z.strictObject({ message: text(), type: text(), param: text().nullable(), code: text() }),
});

export const playersAnswer: z.ZodType<Answer> = z.strictObject({
  id: text(),
  player: text(),
  at: text(),
  kind: z.enum(ANSWER_KINDS),
  text: text().optional(),
  raised: z.boolean().optional(),
  private: z.boolean(),
});

export const answerPage: z.ZodType<AnswerPage> = z.strictObject({
  answers: z.array(playersAnswer),
  more: z.boolean(),
});

export const tableSettings: z.ZodType<TableSettings> = z.strictObject({
  reveal: z.enum(REVEALS),
  sounds: z.enum(SOUNDS),
  loudspeakers: texts(),
});

export const partyStatus: z.ZodType<PartyStatus> = z.strictObject({
  party: text(),
  players: z.array(
    z.strictObject({
      id: text(),
      connections: count(),
      state: z.enum(["connected", "away", ...LISTENER_STATES]),
      sounds: z.enum(SOUNDS).exactOptional(),
      loudspeaker: z.boolean().exactOptional(),
      skewMs: z.number().exactOptional(),
      untrusted: z.literal(true).exactOptional(),
      untuned: z.literal(true).exactOptional(),
      waiting: count().exactOptional(),
      hand: z.literal(true).exactOptional(),
    }),
  ),
  engines: z.array(
    z.strictObject({
      name: text(),
      available: z.boolean(),
      outOfOrder: text().exactOptional(),
      tiers: z.array(z.enum(["speed", "quality", "fallback"])),
      languages: texts(),
    }),
  ),
  speech: z.strictObject({
    kind: z.enum(["pool", "inline"]),
    workers: count(),
    busy: count(),
    queued: count(),
    restarts: count(),
  }),
  queue: z.array(queuedUtterance),
  recent: z.array(recentUtterance),
  store: z.strictObject({ writable: z.boolean(), reason: text().exactOptional() }).exactOptional(),
  settings: tableSettings,
  answers: z.array(playersAnswer),
  voicesProblem: text().exactOptional(),
  cluster: z.strictObject({ node: text(), connected: z.boolean(), nodes: z.array(text()) }).exactOptional(),
});

const anyFields = z.record(z.string(), z.unknown());

export const characterInfo: z.ZodType<CharacterInfo> = z.strictObject({
  id: text(),
  name: text(),
  colour: z.enum(COLOURS),
  race: text().optional(),
  gender: text().optional(),
  say: text().optional(),
  notes: text().optional(),
  voice: anyFields.exactOptional(),
  isWritten: z.boolean(),
  speaksWith: z.strictObject({
    voiceId: text(),
    language: text(),
    speed: z.number(),
    pitch: z.number(),
    outputFormat: text(),
    extra: anyFields,
  }),
});

export const characterList: z.ZodType<CharacterList> = z.strictObject({
  characters: z.array(characterInfo),
  canUndo: z.boolean(),
  problem: text().exactOptional(),
});

export const voiceChoices: z.ZodType<VoiceChoices> = z.strictObject({
  speakers: texts(),
  races: texts(),
  genders: texts(),
});

export const voiceInstall: z.ZodType<VoiceInstall> = z.strictObject({
  name: text(),
  state: z.enum(["downloading", "unpacking", "starting", "speaking", "stopped", "failed"]),
  bytes: amount(),
  total: amount().exactOptional(),
  problem: wireError.exactOptional(),
});

export const voiceCatalogue: z.ZodType<VoiceCatalogue> = z.strictObject({
  installed: texts(),
  offered: z.array(
    z.strictObject({
      name: text(),
      family: text(),
      licence: text(),
      languages: texts(),
      speakers: count(),
      bytes: amount(),
    }),
  ),
  missing: text().exactOptional(),
  install: voiceInstall.exactOptional(),
});

export const voiceSearch: z.ZodType<VoiceSearch> = z.strictObject({
  voices: z.array(
    z.strictObject({
      voiceId: text(),
      engine: text(),
      language: text(),
      gender: z.enum(["female", "male"]).exactOptional(),
      sample: text(),
    }),
  ),
  count: count(),
  engines: texts(),
  unlisted: texts(),
  languages: z.array(z.strictObject({ tag: text(), name: text() })),
});

export const invite: z.ZodType<Invite> = z.strictObject({
  id: text(),
  token: text(),
  url: text(),
  short: text(),
});

export const inviteList: z.ZodType<InviteList> = z.strictObject({
  players: z.array(invite),
  console: text(),
});

export const guest: z.ZodType = z.strictObject({
  id: text(),
  role: z.enum(["observer", "service"]),
  token: text(),
  url: text().optional(),
});

export const guestList: z.ZodType = z.strictObject({
  guests: z.array(
    z.strictObject({
      id: text(),
      role: z.enum(["observer", "service"]),
      name: text(),
      expiresAt: z.number().optional(),
      connections: count(),
    }),
  ),
});

export const model: z.ZodType = z.strictObject({
  id: text(),
  object: z.literal("model"),
  created: z.number(),
  owned_by: text(),
});

export const health: z.ZodType = z.strictObject({
  ok: z.boolean(),
  party: text(),
  status: z.enum(["ok", "degraded"]).optional(),
  problems: z.array(z.strictObject({ code: text(), message: text() })).optional(),
});

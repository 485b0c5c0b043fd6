import { z } from "zod";
import { answerSchema } from "../../core/protocol/answer-schemas.ts";
import {
  draftSchema,
  guestSchema,
  lexiconSchema,
  logQuerySchema,
  moveSchema,
  newPlayerSchema,
  speakParametersSchema,
  speakRequestSchema,
  tableSettingsSchema,
} from "../../core/protocol/messages.ts";
import { preparedLinesBodySchema } from "../../core/protocol/prepared-line.ts";
import { installSchema, sampleSchema, voiceQuerySchema } from "../../core/protocol/voice-queries.ts";
import * as answers from "./answers.ts";
import * as lineAnswers from "./line-answers.ts";
import { at, bytes, type Operation, ok } from "./operation.ts";

const waiting = z.strictObject({ waiting: z.array(z.string()) });
const kept = z.strictObject({ kept: z.boolean() });
const lines = z.strictObject({ lines: z.array(z.unknown()) });
const begun = z.strictObject({ utterance: z.string(), waits: z.literal(true).optional() });
const sheet = z.record(z.string(), z.unknown());
const lexicon = z.strictObject({ lexicon: z.record(z.string(), z.unknown()) });

/** Routes below `/api`. */
export function apiOperations(): Operation[] {
  const preparation = z.strictObject({ sentences: z.number(), cached: z.number() });
  return [
    at(
      "post",
      "/api/speak",
      "speaker",
      "Says a line",
      {
        200: ok(lineAnswers.deliveryReport, "The last chunk was handed over."),
        202: ok(begun, "With `Prefer: respond-async`: it is on its way."),
      },
      { body: speakRequestSchema, query: speakParametersSchema, takesText: true },
    ),
    at("get", "/api/speak/:utterance", "speaker", "How far a line is, or what became of it", {
      200: ok(lineAnswers.lineStatus),
    }),
    at(
      "patch",
      "/api/speak/:utterance",
      "dm",
      "Has a line that waits begun before another",
      { 200: ok(waiting) },
      { body: moveSchema },
    ),
    at("delete", "/api/speak", "speaker", "Ends all lines, a service's call its own", {
      200: ok(z.strictObject({ cancelled: z.array(z.string()) })),
    }),
    at("delete", "/api/speak/:utterance", "speaker", "Ends a line", {
      200: ok(z.strictObject({ utterance: z.string(), cancelled: z.literal(true) })),
    }),
    at(
      "post",
      "/api/prepare",
      "speaker",
      "Has a line made ahead",
      {
        200: ok(preparation),
        202: ok(z.strictObject({ preparing: z.literal(true) }), "With `Prefer: respond-async`."),
      },
      { body: speakRequestSchema },
    ),
    at(
      "post",
      "/api/preview",
      "dm",
      "A line as it would sound",
      { 200: bytes("audio/wav", "24 kHz, mono.") },
      { body: speakRequestSchema },
    ),
    at("get", "/api/status", "dm", "Who is here, and what is being said", { 200: ok(answers.partyStatus) }),
    at(
      "get",
      "/api/log",
      "dm",
      "What was said, newest first",
      { 200: ok(lineAnswers.logPage) },
      { query: logQuerySchema },
    ),
    at(
      "get",
      "/api/log/sound",
      "dm",
      "What was said, as one file of sound",
      { 200: bytes("audio/ogg", "Ogg Opus, or WAV.") },
      {
        query: z.strictObject({
          as: z.enum(["opus", "wav"]).optional(),
          line: z.string().optional(),
          whispers: z.enum(["true", "false"]).optional(),
        }),
      },
    ),
    at("post", "/api/ticket", "holder", "A ticket, good once in the place of a token", {
      201: ok(z.strictObject({ ticket: z.string(), expiresInMs: z.number() })),
    }),
    at(
      "post",
      "/api/answers",
      "player",
      "A player tells the game master something",
      { 201: ok(answers.playersAnswer) },
      { body: answerSchema },
    ),
    at(
      "get",
      "/api/answers",
      "dm",
      "What players told, newest first",
      { 200: ok(answers.answerPage) },
      { query: logQuerySchema },
    ),
    at("get", "/api/voices", "speaker", "What a voice can be chosen by", { 200: ok(answers.voiceChoices) }),
    at(
      "get",
      "/api/voices/search",
      "dm",
      "Voices that can speak here",
      { 200: ok(answers.voiceSearch) },
      { query: voiceQuerySchema },
    ),
    at("get", "/api/voices/catalogue", "dm", "Voices that can be installed", {
      200: ok(answers.voiceCatalogue),
    }),
    at(
      "post",
      "/api/voices/install",
      "dm",
      "Installs a voice",
      { 202: ok(answers.voiceInstall) },
      { body: installSchema },
    ),
    at("delete", "/api/voices/install", "dm", "Stops installing", {
      200: ok(z.strictObject({ stopped: z.literal(true) })),
    }),
    at(
      "get",
      "/api/voices/sample",
      "dm",
      "How an installed voice sounds",
      { 200: bytes("audio/wav", "A sentence.") },
      { query: sampleSchema },
    ),
    at("get", "/api/lexicon", "dm", "How the campaign's words are said", { 200: ok(lexicon) }),
    at("put", "/api/lexicon", "dm", "Has them said otherwise", { 200: ok(lexicon) }, { body: lexiconSchema }),
    at("get", "/api/draft", "dm", "What the console was about to say", {
      200: ok(z.strictObject({ draft: sheet.nullable() })),
    }),
    at("put", "/api/draft", "dm", "Keeps it", { 200: ok(kept) }, { body: draftSchema }),
    at("get", "/api/lines", "dm", "Prepared lines", { 200: ok(lines) }),
    at(
      "put",
      "/api/lines",
      "dm",
      "Keeps prepared lines, all of them",
      { 200: ok(lines.extend({ kept: z.boolean() })) },
      { body: preparedLinesBodySchema },
    ),
    at("get", "/api/characters", "dm", "Who may speak", { 200: ok(answers.characterList) }),
    at("post", "/api/characters/undo", "dm", "Takes the last change back", {
      200: ok(answers.characterList),
    }),
    at("get", "/api/characters/:id", "dm", "One of them", { 200: ok(answers.characterInfo) }),
    at(
      "put",
      "/api/characters/:id",
      "dm",
      "Writes a sheet",
      { 200: ok(answers.characterInfo) },
      { body: sheet },
    ),
    at("delete", "/api/characters/:id", "dm", "Forgets a character", {
      200: ok(z.strictObject({ id: z.string(), removed: z.literal(true) })),
    }),
    at("get", "/api/settings", "dm", "What is chosen for the whole table", {
      200: ok(answers.tableSettings),
    }),
    at(
      "put",
      "/api/settings",
      "dm",
      "Chooses it",
      { 200: ok(answers.tableSettings) },
      { body: tableSettingsSchema },
    ),
    at("get", "/api/invites", "dm", "Every player's link", {
      200: ok(answers.inviteList),
    }),
    at("post", "/api/players", "dm", "One seat more", { 201: ok(answers.invite) }, { body: newPlayerSchema }),
    at("post", "/api/players/:id/refresh", "dm", "A new link; the old ones are void", {
      200: ok(answers.invite),
    }),
    at("delete", "/api/players/:id/hand", "dm", "Lowers a player's hand", {
      200: ok(z.strictObject({ id: z.string(), hand: z.literal(false) })),
    }),
    at("delete", "/api/players/:id", "dm", "Takes the seat away", {
      200: ok(z.strictObject({ id: z.string(), unseated: z.literal(true) })),
    }),
    at("get", "/api/guests", "dm", "Who may come in without a seat", { 200: ok(answers.guestList) }),
    at(
      "post",
      "/api/guests",
      "dm",
      "A link for who only watches, or a token for who only speaks",
      { 201: ok(answers.guest) },
      { body: guestSchema },
    ),
    at("delete", "/api/guests/:role/:name", "dm", "Dismisses a guest", {
      200: ok(z.strictObject({ role: z.string(), name: z.string(), dismissed: z.literal(true) })),
    }),
    at("get", "/api/openapi.json", "anybody", "This description", {
      200: ok(z.looseObject({ openapi: z.string() })),
    }),
  ];
}

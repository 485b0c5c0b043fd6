import { z } from "zod";
import {
  actionSchema,
  answerSchema,
  draftSchema,
  guestSchema,
  installSchema,
  lexiconSchema,
  logQuerySchema,
  moveSchema,
  newPlayerSchema,
  sampleSchema,
  speakParametersSchema,
  speakRequestSchema,
  tableSettingsSchema,
  voiceQuerySchema,
} from "../../core/protocol/messages.ts";
import { preparedLinesBodySchema } from "../../core/protocol/prepared-line.ts";
import { speechSchema } from "../openai/speech-request.ts";
import * as answers from "./answers.ts";

/** Who may ask: anybody, or whoever has a token of one of these. */
export type Caller = "anybody" | "holder" | "player" | "speaker" | "dm";

/** What is answered, where all is well. */
export interface Answered {
  /** JSON of this form; undefined: something else, of `type`. */
  schema?: z.ZodType;
  type?: string;
  description: string;
}

/** One route. */
export interface Operation {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** As hono has it: `/api/speak/:utterance`. */
  path: string;
  summary: string;
  caller: Caller;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The body may be the text itself, and the rest of the fields is in the address. */
  takesText?: true;
  answered: Readonly<Record<number, Answered>>;
  /** Errors are told in another form. */
  errors?: z.ZodType;
}

const ok = (schema: z.ZodType, description = "Done."): Answered => ({ schema, description });
const bytes = (type: string, description: string): Answered => ({ type, description });
const waiting = z.strictObject({ waiting: z.array(z.string()) });
const kept = z.strictObject({ kept: z.boolean() });
const page = bytes("text/html", "A page.");
const lines = z.strictObject({ lines: z.array(z.unknown()) });
const begun = z.strictObject({ utterance: z.string(), waits: z.literal(true).optional() });
const sheet = z.record(z.string(), z.unknown());
const lexicon = z.strictObject({ lexicon: z.record(z.string(), z.unknown()) });
const { openAiErrorAnswer } = answers;
const actionError = z.strictObject({ success: z.literal(false), error: z.string() });

type Short = Omit<Operation, "method" | "path">;
const at = (
  method: Operation["method"],
  path: string,
  caller: Caller,
  summary: string,
  answered: Operation["answered"],
  more: Omit<Short, "caller" | "summary" | "answered"> = {},
): Operation => ({ method, path, caller, summary, answered, ...more });

/** Every route of a table's server. */
export function operations(): Operation[] {
  const preparation = z.strictObject({ sentences: z.number(), cached: z.number() });
  const speech = { body: speechSchema, errors: openAiErrorAnswer };
  const openAi = { errors: openAiErrorAnswer };
  return [
    at(
      "post",
      "/api/speak",
      "speaker",
      "Says a line",
      {
        200: ok(answers.deliveryReport, "The last chunk was handed over."),
        202: ok(begun, "With `Prefer: respond-async`: it is on its way."),
      },
      { body: speakRequestSchema, query: speakParametersSchema, takesText: true },
    ),
    at("get", "/api/speak/:utterance", "speaker", "How far a line is, or what became of it", {
      200: ok(answers.lineStatus),
    }),
    at(
      "patch",
      "/api/speak/:utterance",
      "dm",
      "Has a line that waits begun before another",
      { 200: ok(waiting) },
      { body: moveSchema },
    ),
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
      { 200: ok(answers.logPage) },
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
    at(
      "post",
      "/action",
      "player",
      "The same as answers, for clients of dm20",
      {
        200: ok(
          z.strictObject({
            success: z.literal(true),
            action_id: z.string(),
            player_id: z.string(),
            status: z.literal("pending"),
          }),
        ),
      },
      { body: actionSchema, errors: actionError },
    ),
    at(
      "get",
      "/action/:id/status",
      "player",
      "What became of it",
      { 200: ok(z.strictObject({ action_id: z.string(), status: z.literal("pending") })) },
      { errors: actionError },
    ),
    at(
      "post",
      "/v1/audio/speech",
      "speaker",
      "Speech for programs that know OpenAI's API",
      { 200: bytes("audio/*", "Sound in the format asked for, or server-sent events.") },
      speech,
    ),
    at(
      "post",
      "/dev/captioned_speech",
      "speaker",
      "The same with the times of words",
      { 200: bytes("application/x-ndjson", "Lines of JSON; with `stream: false` one object.") },
      speech,
    ),
    at(
      "get",
      "/v1/audio/voices",
      "speaker",
      "Voices that may be asked for",
      { 200: ok(z.strictObject({ voices: z.array(z.strictObject({ id: z.string(), name: z.string() })) })) },
      openAi,
    ),
    at(
      "get",
      "/v1/models",
      "speaker",
      "Engines that may be asked for",
      { 200: ok(z.strictObject({ object: z.literal("list"), data: z.array(answers.model) })) },
      openAi,
    ),
    at("get", "/v1/models/:model", "speaker", "One of them", { 200: ok(answers.model) }, openAi),
    at(
      "post",
      "/mcp",
      "speaker",
      "The Model Context Protocol",
      { 200: bytes("text/event-stream", "Answers, or JSON.") },
      { body: z.looseObject({}) },
    ),
    at("get", "/mcp", "speaker", "What a session of it is told", {
      200: bytes("text/event-stream", "Events."),
    }),
    at("delete", "/mcp", "speaker", "Ends a session of it", { 200: bytes("text/plain", "It is over.") }),
    at("get", "/ws", "holder", "Opens a socket", { 101: bytes("", "One of the two wires.") }),
    at("get", "/healthz", "anybody", "Whether it is well", { 200: ok(answers.health) }),
    at("get", "/readyz", "anybody", "Whether it takes more listeners", { 200: ok(answers.health) }),
    at("get", "/metrics", "anybody", "Numbers for Prometheus", {
      200: bytes("text/plain", "Its text format."),
    }),
    at("get", "/", "anybody", "Leads to the console", { 302: bytes("", "The console's address.") }),
    at("get", "/dm", "anybody", "The console", { 200: page }),
    at("get", "/play", "anybody", "The players' page", { 200: page }),
    at("get", "/j/:code", "anybody", "A short link", { 302: bytes("", "The page that it is for.") }),
    at("get", "/assets/:name", "anybody", "What pages load", { 200: bytes("*/*", "A file.") }),
    at("get", "/play-worker.js", "anybody", "The players' page's service worker", {
      200: bytes("text/javascript", "A script."),
    }),
    at("get", "/play.webmanifest", "anybody", "The players' page as an app", { 200: ok(z.looseObject({})) }),
  ];
}

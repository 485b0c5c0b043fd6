import { z } from "zod";
import { actionSchema } from "../../core/protocol/messages.ts";
import { speechSchema } from "../openai/speech-request.ts";
import * as answers from "./answers.ts";
import { at, bytes, type Operation, ok } from "./operation.ts";

const page = bytes("text/html", "A page.");
const actionError = z.strictObject({ success: z.literal(false), error: z.string() });

/** Routes beside `/api`: those of other programs, of whoever watches over a table, and its pages. */
export function otherOperations(): Operation[] {
  const openAi = { errors: answers.openAiErrorAnswer };
  const speech = { body: speechSchema, ...openAi };
  return [
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

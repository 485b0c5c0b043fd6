import { type Context, Hono } from "hono";
import { joinBytes } from "../../core/bytes.ts";
import { BardcastError } from "../../core/errors.ts";
import type { Party } from "../../party/party.ts";
import type { RenderedWord } from "../../party/render-line.ts";
import { type ClaimsEnv, requiring, withBearer } from "../http/authorize.ts";
import { errorResponse } from "../http/http-error.ts";
import { json } from "../http/json-body.ts";
import { limitedBody } from "../http/limited-body.ts";
import { openAiError } from "./openai-error.ts";
import {
  BARE_SOUND,
  captioned,
  captionedLines,
  type SpeechBody,
  speechEvents,
  streamed,
} from "./speech-body.ts";
import { parseSpeechRequest, type SpeechRequest } from "./speech-request.ts";
import { type Speech, Speeches } from "./speeches.ts";
import { listVoices } from "./voice-list.ts";

/** The model that means whatever engine the voice has. */
const MODEL = "bardcast";

/**
 * The routes that OpenAI's clients know, from `/v1` on, and Kokoro-FastAPI's `/dev/captioned_speech`; for whoever may
 * speak at the table. What is said here nobody at the table hears.
 */
export function createOpenAiApi(party: Party): Hono<ClaimsEnv> {
  const api = new Hono<ClaimsEnv>();
  const { observe } = party.observers;
  const speeches = new Speeches(party, "openai");
  api.onError((error, c) => {
    const { code } = openAiError(error).error;
    observe({ type: "error.told", code, over: "openai" });
    return errorResponse(c, error, openAiError);
  });
  // Of these paths no more than the routes: a site in which the table is mounted may have others below them.
  const guarded = [withBearer(party), requiring("speak")] as const;

  const asked = async (c: Context<ClaimsEnv>): Promise<{ body: unknown; request: SpeechRequest }> => {
    const body = await json(c.req.raw);
    party.requireRights(c.get("claims"));
    observe({ type: "door.used", door: "openai" });
    return { body, request: parseSpeechRequest(body, "mp3") };
  };
  api.post("/v1/audio/speech", ...guarded, limitedBody, async (c) => {
    const { request } = await asked(c);
    const speech = await speeches.begin(request.input, request, c.req.raw.signal);
    return answer(
      c,
      speech,
      request.streamFormat === "sse" ? speechEvents(request.input.length) : BARE_SOUND,
    );
  });
  api.post("/dev/captioned_speech", ...guarded, limitedBody, async (c) => {
    const { body, request } = await asked(c);
    const speech = await speeches.begin(request.input, request, c.req.raw.signal);
    if (isStreamed(body)) return answer(c, speech, captionedLines(request.format));
    return c.json(await whole(speech, request.format));
  });
  api.get("/v1/audio/voices", ...guarded, async (c) => {
    const voices = await listVoices(party);
    return c.json({ voices: voices.map(({ id, name }) => ({ id, name })) });
  });
  api.get("/v1/models", ...guarded, async (c) => c.json({ object: "list", data: await modelsOf(party) }));
  api.get("/v1/models/:model", ...guarded, async (c) => {
    const model = (await modelsOf(party)).find(({ id }) => id === c.req.param("model"));
    if (!model)
      throw new BardcastError("not-found", "there is no such model; GET /v1/models lists those there are");
    return c.json(model);
  });
  return api;
}

function answer(c: Context, { contentType, first, rest, close }: Speech, body: SpeechBody): Response {
  c.header("Content-Type", body.contentType ?? contentType);
  return c.body(streamed(first, rest, body, close));
}

async function whole({ first, rest, close }: Speech, format: string): Promise<ReturnType<typeof captioned>> {
  try {
    const pieces = [first.bytes];
    const words: RenderedWord[] = [...first.words];
    for await (const sound of rest) {
      pieces.push(sound.bytes);
      words.push(...sound.words);
    }
    return captioned(joinBytes(pieces), words, format);
  } finally {
    close();
  }
}

/** Kokoro-FastAPI streams unless it is told not to. */
function isStreamed(body: unknown): boolean {
  return !(typeof body === "object" && body !== null && "stream" in body && body.stream === false);
}

interface Model {
  id: string;
  object: "model";
  created: number;
  owned_by: string;
}

async function modelsOf(party: Party): Promise<Model[]> {
  const engines = (await party.router.getStatus()).filter(({ available }) => available);
  return [MODEL, ...engines.map(({ name }) => name)].map((id) => ({
    id,
    object: "model",
    created: 0,
    owned_by: MODEL,
  }));
}

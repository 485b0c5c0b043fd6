import type { Context, Hono, MiddlewareHandler } from "hono";
import { wavOf } from "../../core/dsp/wav.ts";
import { BardcastError } from "../../core/errors.ts";
import { draftSchema, parseInput } from "../../core/protocol/messages.ts";
import { preparedLinesBodySchema } from "../../core/protocol/prepared-line.ts";
import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { Party } from "../../party/party.ts";
import type { ClaimsEnv } from "./authorize.ts";
import { json, jsonRequest } from "./json-body.ts";

/**
 * What the game master's desk is for, and nobody at the table hears of: the draft, prepared lines, a line heard first.
 * @param limited bounds a body
 */
export function addConsoleRoutes(
  api: Hono<ClaimsEnv>,
  party: Party,
  limited: MiddlewareHandler<ClaimsEnv>,
): void {
  const kept = async (): Promise<boolean> => {
    await party.store.saved();
    return party.store.status?.writable ?? false;
  };
  api.get("/draft", (c) => c.json({ draft: party.store.draft ?? null }));
  api.put("/draft", limited, async (c) => {
    const draft = parseInput(draftSchema, await json(c.req.raw));
    party.requireRights(c.get("claims"));
    party.store.draft = draft;
    return c.json({ kept: await kept() });
  });
  api.get("/lines", (c) => c.json({ lines: party.store.lines }));
  api.put("/lines", limited, async (c) => {
    const { lines } = parseInput(preparedLinesBodySchema, await json(c.req.raw));
    party.requireRights(c.get("claims"));
    party.store.lines = lines;
    return c.json({ lines: party.store.lines, kept: await kept() });
  });
  api.post("/preview", limited, (c) => preview(c, party));
}

/** The line as WAV, 24 kHz mono; what is missing of it is told in headers, since the body is sound. */
async function preview(c: Context<ClaimsEnv>, party: Party): Promise<Response> {
  const { raw } = c.req;
  const request = await jsonRequest(raw);
  party.requireRights(c.get("claims"));
  if (request.to !== "all") party.requireSeats(request.to);
  const { pcm, engines, problems, isCut } = await party.preview({ ...request, signal: raw.signal });
  const [problem] = problems;
  if (problem && pcm.length === 0) throw new BardcastError(problem.code, problem.message);
  if (pcm.length === 0) throw new BardcastError("text-empty", "nothing of this line is spoken");
  return c.body(wavOf(pcm, V2_SAMPLE_RATE), 200, {
    "Content-Type": "audio/wav",
    "Bardcast-Engines": engines.join(", "),
    ...(problem || isCut ? { "Bardcast-Incomplete": problem?.code ?? "too-long" } : {}),
  });
}

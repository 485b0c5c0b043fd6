import { Hono } from "hono";
import { z } from "zod";
import { BardcastError } from "../../core/errors.ts";
import type { RecentUtterance } from "../../core/protocol/api.ts";
import { parseInput } from "../../core/protocol/messages.ts";
import type { Party } from "../../party/party.ts";
import { requestOf } from "../../party/request/resolved-request.ts";
import type { ClaimsEnv } from "../http/authorize.ts";
import { createOpusWriter } from "../openai/sound/opus-writer.ts";
import { createPcmWriter } from "../openai/sound/pcm-writer.ts";
import { BARE_SOUND, streamed } from "../openai/speech-body.ts";
import { heardMs, linesSound, type RenderAgain } from "./lines-sound.ts";

/** Files that may be made at once. */
const MAX_FILES = 2;
/** More lines than are ever kept. */
const ALL = Number.MAX_SAFE_INTEGER;

interface SoundQuery {
  as: "opus" | "wav";
  /** One line; undefined: all of them, oldest first. */
  line?: string | undefined;
  /** With lines that were not for everyone. */
  whispers: boolean;
}

const querySchema: z.ZodType<SoundQuery> = z.lazy(() =>
  z.strictObject({
    as: z.enum(["opus", "wav"]).default("opus"),
    line: z.string().min(1).max(64).optional(),
    whispers: z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false),
  }),
);

/**
 * What was said as one file of sound, for whoever may read the log. It is made while it is read; where a line cannot be
 * made any more, the answer breaks off.
 */
export function createLogSound(party: Party): Hono<ClaimsEnv> {
  const routes = new Hono<ClaimsEnv>();
  let underWay = 0;
  routes.get("/sound", async (c) => {
    const query = parseInput(querySchema, c.req.query());
    const lines = linesOf(party, query);
    if (underWay >= MAX_FILES) {
      const message = `${MAX_FILES} files are being made already; try again when one is done`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    const ended = new AbortController();
    const signal = AbortSignal.any([c.req.raw.signal, ended.signal]);
    const writer = query.as === "opus" ? createOpusWriter() : createPcmWriter("wav");
    const sound = linesSound(lines, writer, rendering(party, signal));
    let isOpen = true;
    const close = (): void => {
      if (isOpen) underWay -= 1;
      isOpen = false;
      ended.abort();
    };
    underWay += 1;
    try {
      const first = await sound.next();
      if (first.done) throw nothing();
      c.header("Content-Type", writer.contentType);
      c.header("Bardcast-Lines", String(lines.length));
      return c.body(streamed(first.value, sound, BARE_SOUND, close));
    } catch (error) {
      close();
      throw error;
    }
  });
  return routes;
}

/** @throws BardcastError `unknown-utterance`, `not-found` where none of it has sound */
function linesOf(party: Party, { line, whispers }: SoundQuery): RecentUtterance[] {
  const said = [...party.said({ limit: ALL }).utterances].reverse();
  const wanted = said.filter(({ utterance, to }) =>
    line === undefined ? whispers || to === "all" : utterance === line,
  );
  if (line !== undefined && wanted.length === 0)
    throw new BardcastError("unknown-utterance", "no such line was said, or it is not kept any more");
  const heard = wanted.filter((each) => heardMs(each) > 0);
  if (heard.length === 0) throw nothing();
  return heard;
}

function nothing(): BardcastError {
  return new BardcastError("not-found", "nothing of it was heard: there is no sound to save");
}

function rendering(party: Party, signal: AbortSignal): RenderAgain {
  return ({ text, to, speaker, again = { speaker } }, encoding) => {
    const seated = to === "all" ? to : to.filter((player) => party.players.includes(player));
    // Whoever has left hears nothing of it either: it only has to stay private.
    const audience = seated.length > 0 ? seated : party.players.slice(0, 1);
    return party.renderParts({ ...requestOf({ text, ...again, to: audience }), signal }, encoding);
  };
}

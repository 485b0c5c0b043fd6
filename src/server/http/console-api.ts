import type { Context, Hono, MiddlewareHandler } from "hono";
import { joinBytes } from "../../core/bytes.ts";
import { wavHeader } from "../../core/dsp/wav.ts";
import { BardcastError, toWire } from "../../core/errors.ts";
import { draftSchema, moveSchema, parseInput } from "../../core/protocol/messages.ts";
import { preparedLinesBodySchema } from "../../core/protocol/prepared-line.ts";
import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { Party } from "../../party/party.ts";
import type { RenderedSound } from "../../party/render-line.ts";
import type { ClaimsEnv } from "./authorize.ts";
import { json, jsonRequest } from "./json-body.ts";

/**
 * What the game master's desk is for, and nobody at the table hears of: the draft, prepared lines, the order of lines that wait, a line heard first.
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
  api.patch("/speak/:utterance", limited, async (c) => {
    const { before } = parseInput(moveSchema, await json(c.req.raw));
    party.requireRights(c.get("claims"));
    return c.json({ waiting: party.move(c.req.param("utterance"), before ?? undefined) });
  });
  api.post("/preview", limited, createPreview(party));
}

/** Previews that may be made at once. */
const MAX_PREVIEWS = 4;
/** Samples of one: three minutes. */
const MAX_SAMPLES = 180 * V2_SAMPLE_RATE;

/** Lines as WAV, 24 kHz mono; which engines speak, and what is missing, is told in the answer's head, since its body is sound. */
function createPreview(party: Party): (c: Context<ClaimsEnv>) => Promise<Response> {
  let underWay = 0;
  return async (c) => {
    const request = await jsonRequest(c.req.raw);
    party.requireRights(c.get("claims"));
    if (request.to !== "all") party.requireSeats(request.to);
    if (underWay >= MAX_PREVIEWS) {
      const message = `${MAX_PREVIEWS} lines are being made to be heard first; try again when some are done`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    underWay += 1;
    try {
      const { signal } = c.req.raw;
      const { samples, engines, missing } = await gathered(party.render({ ...request, signal }));
      return c.body(wavOf(samples), 200, {
        "Content-Type": "audio/wav",
        "Bardcast-Engines": [...engines].map(encodeURIComponent).join(", "),
        ...(missing === undefined ? {} : { "Bardcast-Incomplete": missing }),
      });
    } finally {
      underWay -= 1;
    }
  };
}

/**
 * As much of a sound as one answer has.
 * @returns why there is no more, where that is not its end
 * @throws BardcastError what kept all of it from being made; `text-empty` where nothing of the line is spoken
 */
async function gathered(
  sound: AsyncIterable<RenderedSound>,
): Promise<{ samples: Int16Array[]; engines: ReadonlySet<string>; missing?: string }> {
  const samples: Int16Array[] = [];
  const engines = new Set<string>();
  let left = MAX_SAMPLES;
  try {
    for await (const stretch of sound) {
      samples.push(stretch.samples.subarray(0, left));
      engines.add(stretch.engine);
      left -= Math.min(left, stretch.samples.length);
      if (left === 0) return { samples, engines, missing: "too-long" };
    }
  } catch (error) {
    if (samples.length === 0) throw error;
    return { samples, engines, missing: toWire(error).code };
  }
  if (samples.length === 0) throw new BardcastError("text-empty", "nothing of this line is spoken");
  return { samples, engines };
}

function wavOf(samples: readonly Int16Array[]): Uint8Array<ArrayBuffer> {
  const bytes = samples.map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  const size = bytes.reduce((sum, { length }) => sum + length, 0);
  return joinBytes([wavHeader(size, V2_SAMPLE_RATE), ...bytes]);
}

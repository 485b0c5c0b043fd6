import { type Context, Hono, type MiddlewareHandler } from "hono";
import { BardcastError } from "../../core/errors.ts";
import { parseInput } from "../../core/protocol/messages.ts";
import { installSchema, sampleSchema, voiceQuerySchema } from "../../core/protocol/voice-queries.ts";
import type { VoiceCatalogue, VoiceSearch } from "../../core/protocol/voices-api.ts";
import { engineName } from "../../engines/catalogue.ts";
import type { Party } from "../../party/party.ts";
import { answerOf } from "../../party/speaking/trusted-router.ts";
import type { ClaimsEnv } from "./authorize.ts";
import type { VoiceInstaller } from "./voice-installer.ts";
import { VoiceInstalls } from "./voice-installs.ts";
import type { VoiceSample } from "./voice-sample.ts";
import { searchVoices } from "./voice-search.ts";

/** How a request's body is read. */
interface Reading {
  json(request: Request): Promise<unknown>;
  limited: MiddlewareHandler;
}

/** Voices: those that can speak here; those that sound like people, installing one, and how it sounds. */
export function createVoiceRoutes(
  party: Party,
  installer: VoiceInstaller | undefined,
  { json, limited }: Reading,
): Hono<ClaimsEnv> {
  const routes = new Hono<ClaimsEnv>();
  const installs = installer && new VoiceInstalls(party, installer);
  routes.get("/search", async (c) => {
    const query = parseInput(voiceQuerySchema, c.req.query());
    const listed = await answerOf(party.router, () => party.router.getVoices?.() ?? []);
    return c.json<VoiceSearch>(searchVoices(listed, query));
  });
  routes.get("/catalogue", async (c) =>
    c.json<VoiceCatalogue>(installs ? await installs.catalogue() : { installed: [], offered: [] }),
  );
  routes.post("/install", limited, async (c) => {
    const { name } = parseInput(installSchema, await json(c.req.raw));
    party.requireRights(c.get("claims"));
    if (!installs) throw new BardcastError("bad-request", "this server installs no voices");
    return c.json(installs.start(name), 202);
  });
  routes.delete("/install", (c) => {
    if (!installs?.stop()) throw new BardcastError("not-found", "no voice is being installed");
    return c.json({ stopped: true });
  });
  routes.get("/sample", async (c) => {
    const { voice } = parseInput(sampleSchema, c.req.query());
    if (!installer || !installs) throw new BardcastError("bad-request", "this server installs no voices");
    return sample(c, party, engineName(installer.engine), await installs.sampleOf(voice));
  });
  return routes;
}

/** @throws BardcastError `engine-unavailable` where another engine had to say it: that is not how it sounds */
async function sample(
  c: Context,
  party: Party,
  engine: string,
  { text, voice }: VoiceSample,
): Promise<Response> {
  const wanted = { ...voice, extra: { engine } };
  const said = await party.router.synthesize(text, wanted, { signal: c.req.raw.signal });
  if (said.engine !== engine)
    throw new BardcastError("engine-unavailable", `${voice.voiceId} does not speak here yet`, {
      retryable: true,
    });
  return c.body(said.audio, 200, { "Content-Type": "audio/wav" });
}

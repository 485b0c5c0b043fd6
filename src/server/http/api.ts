import { type Context, Hono } from "hono";
import { nextTurn } from "../../core/async/time-slicer.ts";
import { BardcastError, fromWire } from "../../core/errors.ts";
import { answerSchema } from "../../core/protocol/answer-schemas.ts";
import type { Answer } from "../../core/protocol/answers.ts";
import type {
  AnswerPage,
  DeliveryReport,
  Invite,
  InviteList,
  LogPage,
  VoiceChoices,
} from "../../core/protocol/api.ts";
import {
  guestSchema,
  InputError,
  lexiconSchema,
  logQuerySchema,
  newPlayerSchema,
  parseInput,
  speakParametersSchema,
  tableSettingsSchema,
} from "../../core/protocol/messages.ts";
import type { Audience } from "../../core/protocol/speak-request.ts";
import type { TableSettings } from "../../core/protocol/table-settings.ts";
import { noText } from "../../core/text/text-source.ts";
import { MessageBudget } from "../../party/access/message-budget.ts";
import { TICKET_MS, type Tickets } from "../../party/access/tickets.ts";
import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import { changeRegistry } from "../../party/registry-change.ts";
import { requestOf } from "../../party/request/resolved-request.ts";
import type { Utterance, UtteranceRequest } from "../../party/request/utterance.ts";
import { type ClaimsEnv, requiring, withBearer } from "./authorize.ts";
import { createCharactersApi } from "./characters-api.ts";
import { lineNamed, nameFrom, toHolder } from "./cluster-forward.ts";
import { addConsoleRoutes } from "./console-api.ts";
import { inviteOf, pageUrl, shortUrl } from "./invite.ts";
import { json, jsonRequest } from "./json-body.ts";
import { limitedBody as limited } from "./limited-body.ts";
import { createLineRoutes } from "./line-routes.ts";
import { addSoundFiles, createSoundsApi } from "./sounds-api.ts";
import type { VoiceInstaller } from "./voice-installer.ts";
import { createVoiceRoutes } from "./voice-routes.ts";

/** Tickets of one person: as many as may wait to be used at once, and one for each second. */
const TICKET_RATE = { perSecond: 1, burst: 32 };
const TICKET_LIMITS = { player: TICKET_RATE, address: TICKET_RATE };

export interface ApiParts {
  /** Good in the place of tokens. */
  tickets: Tickets;
  voiceInstaller: VoiceInstaller | undefined;
  /** The log as sound, below `/log`. */
  logSound: Hono<ClaimsEnv>;
}

/**
 * The HTTP API; every route wants a token as a bearer: to speak, the DM's or a service's, for the rest the DM's. Only a
 * ticket is for everybody.
 * @param linkBase where the links that are given out begin
 */
export function createApi(
  party: Party,
  linkBase: (c: Context) => string,
  { tickets, voiceInstaller, logSound }: ApiParts,
): Hono<ClaimsEnv> {
  const api = new Hono<ClaimsEnv>();
  api.use(withBearer(party));
  const ticketBudget = new MessageBudget(TICKET_LIMITS);
  api.post("/ticket", async (c) => {
    const claims = c.get("claims");
    party.requireRights(claims);
    // Whoever has a token asks for as many as they open sockets, not as fast as they can.
    if (ticketBudget.pay(claims.player, undefined, 1) !== undefined) {
      party.observers.observe({ type: "limit.reached", limit: "tickets" });
      throw new BardcastError("too-many-messages", "too many tickets in a short time: try again later", {
        retryable: true,
      });
    }
    return c.json({ ticket: await tickets.issue(claims), expiresInMs: TICKET_MS }, 201);
  });
  api.use(toHolder(party));
  api.post("/answers", requiring("answer"), limited, async (c) => {
    const claims = c.get("claims");
    const request = parseInput(answerSchema, await json(c.req.raw));
    party.requireRights(claims);
    const answer = party.answers.take(claims.player, request, nameFrom(c));
    await party.answers.kept(answer);
    return c.json<Answer>(answer, 201);
  });

  addSoundFiles(api, party);

  api.use(requiring("speak"));
  api.post("/speak", async (c, next) => (isPlainText(c.req.raw) ? next() : limited(c, next)));
  api.post("/speak", async (c) => {
    const { raw } = c.req;
    const request = isPlainText(raw) ? streamedRequest(raw, c.req.query()) : await jsonRequest(raw);
    const claims = c.get("claims");
    // A body may take its time.
    party.requireRights(claims);
    if (request.to !== "all") party.requireSeats(request.to);
    const service = claims.role === "service" ? { service: claims.player } : {};
    const utterance = party.speak({ ...request, ...service, ...lineNamed(party, c) });
    cancelWithout(party, claims, utterance);
    // Nobody is told that a line is said which could still be lost.
    if (utterance.kept && !(await utterance.kept)) throw notKept();
    if (prefersAsync(raw)) {
      c.header("Preference-Applied", "respond-async");
      const waits = request.interrupt !== undefined && party.isHeldUp(utterance.id);
      return c.json({ utterance: utterance.id, ...(waits ? { waits } : {}) }, 202);
    }
    return c.json(await outcome(utterance));
  });

  api.route("/speak", createLineRoutes(party));

  api.post("/prepare", limited, async (c) => {
    const { raw } = c.req;
    const request = await jsonRequest(raw);
    party.requireRights(c.get("claims"));
    if (request.to !== "all") party.requireSeats(request.to);
    if (!prefersAsync(raw)) return c.json(await party.prepare({ ...request, signal: raw.signal }));
    const preparing = party.prepare(request);
    // A bad request is known at once; a later failure only means that nothing was prepared.
    await Promise.race([preparing, nextTurn()]);
    preparing.catch(() => undefined);
    c.header("Preference-Applied", "respond-async");
    return c.json({ preparing: true }, 202);
  });

  api.get("/voices", (c) => c.json<VoiceChoices>(voicesOf(party)));

  api.use(requiring("manage"));
  api.get("/status", async (c) => c.json(await party.status()));
  api.get("/log", (c) => c.json<LogPage>(party.said(parseInput(logQuerySchema, c.req.query()))));
  api.route("/log", logSound);
  api.route("/voices", createVoiceRoutes(party, voiceInstaller, { json, limited }));
  api.get("/answers", (c) =>
    c.json<AnswerPage>(party.answers.page(parseInput(logQuerySchema, c.req.query()))),
  );
  api.get("/lexicon", (c) => c.json({ lexicon: party.registry.getLexicon() }));
  api.put("/lexicon", limited, async (c) => {
    const { lexicon } = parseInput(lexiconSchema, await json(c.req.raw));
    party.requireRights(c.get("claims"));
    await changeRegistry(party.registry, () => party.registry.setLexicon(lexicon));
    return c.json({ lexicon: party.registry.getLexicon() });
  });
  addConsoleRoutes(api, party, limited);
  api.route("/characters", createCharactersApi(party, limited));
  api.route("/sounds", createSoundsApi(party, limited));
  api.get("/settings", (c) => c.json<TableSettings>(party.store.settings.all));
  api.put("/settings", limited, async (c) => {
    const settings = parseInput(tableSettingsSchema, await json(c.req.raw));
    party.requireRights(c.get("claims"));
    party.requireSeats(settings.loudspeakers ?? []);
    party.store.settings.choose(settings);
    await party.store.saved();
    return c.json<TableSettings>(party.store.settings.all);
  });
  api.get("/invites", async (c) => {
    const base = linkBase(c);
    const players = await Promise.all(party.players.map((id) => inviteOf(party, id, base)));
    return c.json<InviteList>({ players, console: await shortUrl(base, party) });
  });
  api.post("/players", limited, async (c) => {
    const { id } = parseInput(newPlayerSchema, await json(c.req.raw));
    party.requireRights(c.get("claims"));
    return c.json<Invite>(await inviteOf(party, party.seat(id), linkBase(c)), 201);
  });
  api.post("/players/:id/refresh", async (c) => {
    const id = c.req.param("id");
    return c.json<Invite>(await inviteOf(party, id, linkBase(c), await party.reinvite(id)));
  });
  api.delete("/players/:id/hand", (c) => {
    const id = c.req.param("id");
    party.requireSeats([id]);
    party.answers.lower(id);
    return c.json({ id, hand: false });
  });
  api.delete("/players/:id", async (c) => {
    await party.unseat(c.req.param("id"));
    return c.json({ id: c.req.param("id"), unseated: true });
  });
  api.get("/guests", (c) =>
    c.json({
      guests: party.guests.list.map((guest) => ({
        ...guest,
        connections: party.connections.connectionCount(guest.id),
      })),
    }),
  );
  api.post("/guests", limited, async (c) => {
    const { role, name, expiresInS } = parseInput(guestSchema, await json(c.req.raw));
    party.requireRights(c.get("claims"));
    const { id, token } = await party.guests.invite(role, name, { expiresInS });
    // Somebody who may only speak has no page.
    const url = role === "observer" ? { url: pageUrl(linkBase(c), "play", token) } : {};
    return c.json({ id, role, token, ...url }, 201);
  });
  api.delete("/guests/:role/:name", async (c) => {
    const { role, name } = parseInput(guestSchema, c.req.param());
    await party.guests.dismiss(role, name);
    return c.json({ role, name, dismissed: true });
  });
  return api;
}

/** Cancels an utterance when the token it was asked with is revoked. */
function cancelWithout(party: Party, { player }: Claims, utterance: Utterance): void {
  const stop = party.tokens.onRevoked((revoked) => revoked === player && utterance.cancel());
  void utterance.done.then(stop);
}

function notKept(): BardcastError {
  const message = "the line was not kept, and nobody was told of it: say it again";
  return new BardcastError("busy", message, { retryable: true });
}

function prefersAsync(request: Request): boolean {
  return request.headers.get("Prefer")?.includes("respond-async") ?? false;
}

function isPlainText(request: Request): boolean {
  return /^text\/plain\b/i.test(request.headers.get("Content-Type") ?? "");
}

/** How a query says yes or no. */
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

/** The body is the text, spoken while it arrives; the rest is in the query, structured fields as JSON. */
function streamedRequest(
  request: Request,
  query: Record<string, string>,
): UtteranceRequest & { to: Audience } {
  if (!request.body) throw noText();
  const { to, priority, npc, voice, interrupt, omit, speech, ...rest } = query;
  const parameters = parseInput(speakParametersSchema, {
    ...rest,
    ...(to === undefined ? {} : { to: to === "all" ? to : listed(to) }),
    ...(omit === undefined ? {} : { omit: listed(omit) }),
    ...(priority === undefined ? {} : { priority: Number(priority) }),
    ...(interrupt === undefined ? {} : { interrupt: FLAGS.get(interrupt) ?? interrupt }),
    ...(speech === undefined ? {} : { speech: FLAGS.get(speech) ?? speech }),
    ...(npc === undefined ? {} : { npc: npc.startsWith("{") ? queryJson("npc", npc) : { name: npc } }),
    ...(voice === undefined ? {} : { voice: voice.startsWith("{") ? queryJson("voice", voice) : voice }),
  });
  const text = request.body.pipeThrough(new TextDecoderStream());
  return requestOf({ ...parameters, text });
}

function listed(value: string): string[] {
  return value.split(",").map((each) => each.trim());
}

function queryJson(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new InputError([{ path: name, message: "not JSON" }]);
  }
}

/** Errors that show only at the end of a text that is still being written. */
const REFUSED: ReadonlySet<string> = new Set(["text-too-long", "text-empty"]);

/** What became of the utterance. */
async function outcome(utterance: Utterance): Promise<DeliveryReport> {
  const report = await utterance.handedOver;
  const refused = report.problems.find(({ code }) => REFUSED.has(code));
  if (refused) throw fromWire(refused);
  return report;
}

function voicesOf(party: Party): VoiceChoices {
  const archetypes = party.registry.listArchetypes().map((key) => key.split("_"));
  const distinct = (names: (string | undefined)[]): string[] =>
    [...new Set(names)].filter((name): name is string => !!name && name !== "*" && name !== "default").sort();
  return {
    speakers: ["dm", "combat", ...party.characters.list().characters.map(({ id }) => id)],
    races: distinct(archetypes.map(([, race]) => race)),
    genders: distinct(archetypes.map(([gender]) => gender)),
  };
}

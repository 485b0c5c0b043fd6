/**
 * The server: the routes of the contract as one Hono app. It asks nothing about the runtime; `bun.ts` and
 * its siblings bring the sockets.
 * @module bardcast/hono
 */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { basePath } from "hono/route";
import type { WSContext, WSEvents } from "hono/ws";
import { TimeSlicer } from "../core/async/time-slicer.ts";
import { BardcastError, toWire } from "../core/errors.ts";
import { V2_SUBPROTOCOL } from "../core/protocol/v2.ts";
import { printable } from "../core/text/printable.ts";
import { VERSION } from "../core/version.ts";
import { Tickets } from "../party/access/tickets.ts";
import type { Claims } from "../party/access/tokens.ts";
import type { Parties } from "../party/parties/parties.ts";
import type { Party } from "../party/party.ts";
import type { Socket } from "../party/transport/socket.ts";
import { createActionApi } from "./http/action-api.ts";
import { createApi } from "./http/api.ts";
import { type ClaimsEnv, requireRight } from "./http/authorize.ts";
import { readableByListeners, readableByNamed } from "./http/cross-origin.ts";
import { errorResponse, notFound } from "./http/http-error.ts";
import { createPages } from "./http/pages.ts";
import { secureAnswers } from "./http/security-headers.ts";
import type { VoiceInstaller } from "./http/voice-installer.ts";
import { createLogSound } from "./log/log-sound.ts";
import { createMcpDoor } from "./mcp/mcp-door.ts";
import { tokenOf } from "./network/credentials.ts";
import { Forwarding, type TrustProxy, type Visit } from "./network/forwarded.ts";
import { Origins } from "./network/origins.ts";
import { publicBase } from "./network/public-base.ts";
import { createOpenAiApi } from "./openai/openai-api.ts";
import { ConnectionLimit } from "./sockets/connection-limit.ts";
import { requireHandshake } from "./sockets/handshake.ts";
import { socketEvents } from "./sockets/socket-events.ts";
import { createWatch } from "./telemetry/watch.ts";

/** What a runtime's adapter brings. */
export interface SocketAdapter<T = unknown> {
  /** It reads all requests that are there in one turn of the loop: their sockets are opened in several. */
  readsAtOnce?: boolean;
  /** The runtime's `upgradeWebSocket` of hono. */
  upgradeWebSocket(createEvents: (c: Context) => WSEvents<T> | Promise<WSEvents<T>>): MiddlewareHandler;
  /** The connection's view of an open socket; one for each socket. */
  toSocket(ws: WSContext<T>): Socket;
  /**
   * Called for every request, before anything is decided about it.
   * @returns IP address of whoever is connected, where it is known
   */
  arrive?(c: Context): string | undefined;
}

export interface AppOptions<T = unknown> extends SocketAdapter<T> {
  /**
   * Where players reach the table, with its path: `https://party.example/table`. Or, by the address that a
   * request came to, the origin to give out instead where that one is of no use to them.
   */
  publicUrl?: string | ((requestUrl: URL) => string | undefined) | undefined;
  /** Proxies whose `X-Forwarded-…` and `Forwarded` are believed; default those on this machine. */
  trustProxy?: TrustProxy | undefined;
  /**
   * Origins of pages that may open sockets, read what the HTTP API answers (CORS), and show the players' page in theirs
   * (`https://site.example`), beside the table's own (`self`); `null`: pages from a file. By default every page that has
   * a token may open sockets, and no page may do the rest.
   */
  allowOrigins?: readonly string[] | undefined;
  /** Requests under way and open sockets of one address (of IPv6 one /64); default 256. */
  connectionsPerAddress?: number | undefined;
  /** Installs voices for the game master; by default nothing is installed. */
  voiceInstaller?: VoiceInstaller | undefined;
}

/**
 * What pages that were named may read: the API, its doors, and how the table is. Pages of its own and their links are
 * opened, not read; metrics are for who watches over it.
 */
const READABLE = [
  "/api/*",
  "/action/*",
  "/mcp",
  // A site in which the table is mounted may have others below these.
  "/v1/audio/speech",
  "/v1/audio/voices",
  "/v1/models",
  "/v1/models/:model",
  "/dev/captioned_speech",
  "/healthz",
  "/readyz",
];

type Variables = { claims: Claims; visit: Visit; isPassedOn?: boolean };

/**
 * The routes for one party, to be served or mounted under any path.
 * @throws TypeError where `publicUrl`, `trustProxy` or one of `allowOrigins` is none
 */
export function createApp<T>(party: Party, options: AppOptions<T>): Hono<{ Variables: Variables }> {
  const connections = new ConnectionLimit(options.connectionsPerAddress, party.observers.observe);
  return createAppWith(party, options, { connections });
}

/** What the routes of several parties have in common. */
export interface SharedParts {
  connections: ConnectionLimit;
  /** Parties beside this one, in its metrics. */
  parties?: Parties | undefined;
}

/** The same with parts that others use too. @throws as `createApp` */
export function createAppWith<T>(
  party: Party,
  options: AppOptions<T>,
  { connections, parties }: SharedParts,
): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>();
  const timeSlicer = new TimeSlicer();
  const requests = new TimeSlicer();
  const forwarding = new Forwarding(options.trustProxy);
  const { observe } = party.observers;
  const baseOf = publicBase(options.publicUrl);
  const { allowOrigins, publicUrl } = options;
  const origins = new Origins(allowOrigins, publicUrl);
  const tickets = new Tickets();

  const tell = (error: unknown, c: Context): Response => {
    observe({ type: "error.told", code: toWire(error).code, over: "http" });
    return errorResponse(c, error);
  };
  app.onError(tell);
  app.notFound((c) => tell(notFound(), c));
  app.use(async (c, next) => {
    c.set("visit", forwarding.visit(c.req.raw, options.arrive?.(c)));
    // It is for whoever asked, now; what has other wishes puts its own in place.
    c.header("Cache-Control", "no-store");
    await next();
  });
  // One client may send thousands in one write: others get their turns in between.
  app.use(async (_c, next) => {
    await requests.pass();
    await next();
  });
  app.use(secureAnswers);
  const readable = readableByNamed(new Origins(allowOrigins ?? []));
  for (const path of READABLE) app.use(path, readable);
  app.use("/ws", readableByListeners(origins));
  app.use(refuseWhenClosing(party));
  // Before the limit: who watches often comes through the same router as a table that fills it.
  app.route("/", createWatch(party, parties));
  app.use(connections.refuse);
  const linkBase = (c: Context): string => baseOf(c.get("visit"), basePath(c).replace(/\/api$/, ""));
  const logSound = createLogSound(party);
  const api = createApi(party, linkBase, { tickets, voiceInstaller: options.voiceInstaller, logSound });
  app.get("/api/openapi.json", async (c) => {
    // Nobody who does not ask waits for it.
    const { openApiDocument } = await import("./openapi/document.ts");
    return c.json(openApiDocument(VERSION));
  });
  app.route("/api", api);
  app.route("/mcp", createMcpDoor(party, api, options));
  const actions = createActionApi(party);
  app.route("/action", actions);
  party.cluster?.serve(insideHouse({ api, actions }, { tell, forwarding }));
  app.route("/", createOpenAiApi(party));
  app.get(
    "/ws",
    inTurn(options.readsAtOnce ? timeSlicer : undefined),
    fromAllowed(origins),
    authorized(party, tickets),
    requireHandshake,
    admitted(party),
    inTurn(options.readsAtOnce ? timeSlicer : undefined),
    options.upgradeWebSocket((c) => {
      const { address }: Visit = c.get("visit");
      const toSocket = (ws: WSContext<T>): Socket => Object.assign(options.toSocket(ws), { address });
      const who = { claims: c.get("claims"), isV2: offersV2(c), timeSlicer };
      return connections.counted(c, socketEvents(party, who, toSocket));
    }),
  );
  app.route("/", createPages(party, { publicUrl, origins, ancestors: allowOrigins && origins.ancestors }));
  return app;
}

/** Runtimes take the first subprotocol that is offered, and not all of them say which they took. */
function offersV2(c: Context): boolean {
  return c.req.header("Sec-WebSocket-Protocol")?.split(",")[0]?.trim() === V2_SUBPROTOCOL;
}

/** Where several processes serve the party: first all is fetched that somebody may hear. */
function admitted({ cluster }: Party): MiddlewareHandler<{ Variables: Variables }> {
  return async (c, next) => {
    const { player, role } = c.get("claims");
    await cluster?.admit({ player, role, isV2: offersV2(c) });
    await next();
  };
}

/** What other processes ask of this one, which has been let in by them. */
function insideHouse(
  { api, actions }: { api: Hono<ClaimsEnv>; actions: Hono<ClaimsEnv> },
  { tell, forwarding }: { tell: (error: unknown, c: Context) => Response; forwarding: Forwarding },
): (request: Request) => Promise<Response> {
  const inside = new Hono<{ Variables: Variables }>();
  inside.onError(tell);
  inside.use(async (c, next) => {
    c.set("visit", forwarding.visit(c.req.raw, undefined));
    c.set("isPassedOn", true);
    await next();
  });
  inside.route("/api", api);
  inside.route("/action", actions);
  return async (request) => inside.fetch(request);
}

/** A thousand who come at once come in the same turn, and so do the answers on whether their tokens are good. */
function inTurn(timeSlicer: TimeSlicer | undefined): MiddlewareHandler {
  return async (_c, next) => {
    await timeSlicer?.pass();
    await next();
  };
}

/** Lets what is under way end undisturbed. */
function refuseWhenClosing(party: Party): MiddlewareHandler {
  return async (_c, next) => {
    if (party.isClosing) throw new BardcastError("closed", "the party is over");
    await next();
  };
}

/** Refuses a socket that is opened by a page from elsewhere. */
function fromAllowed(origins: Origins): MiddlewareHandler<{ Variables: Variables }> {
  return async (c, next) => {
    const origin = c.req.header("Origin");
    if (!origins.allows(origin, c.get("visit"))) {
      const message = `pages from ${printable(origin ?? "")} may not listen here; --allow-origin lets them`;
      throw new BardcastError("forbidden", message);
    }
    await next();
  };
}

/** Refuses a socket before the upgrade: no ticket or token, a forged one, nobody's seat, or no right to listen. */
function authorized(party: Party, tickets: Tickets): MiddlewareHandler<{ Variables: Variables }> {
  return async (c, next) => {
    const ticket = c.req.query("ticket");
    const claims = await (ticket ? tickets.redeem(ticket) : party.tokens.verify(tokenOf(c.req.raw)));
    party.requireRights(claims);
    requireRight(claims, "listen");
    c.set("claims", claims);
    await next();
  };
}

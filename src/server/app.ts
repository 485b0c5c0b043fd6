/**
 * The server: the routes of the contract as one Hono app. It asks nothing about the runtime; `bun.ts` and
 * its siblings bring the sockets.
 * @module
 */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { WSContext, WSEvents } from "hono/ws";
import { BardcastError } from "../core/errors.ts";
import { Turnstile } from "../core/turn.ts";
import { V2_SUBPROTOCOL } from "../core/v2.ts";
import type { Party } from "../party/party.ts";
import type { Socket } from "../party/socket.ts";
import type { Claims } from "../party/tokens.ts";
import { createApi } from "./api.ts";
import { errorResponse, notFound } from "./http-error.ts";
import { metricsOf } from "./metrics.ts";
import { createPages } from "./pages.ts";
import { socketEvents } from "./socket-events.ts";

/** What a runtime's adapter brings. */
export interface SocketAdapter<T = unknown> {
  /** The runtime's `upgradeWebSocket` of hono. */
  upgradeWebSocket(createEvents: (c: Context) => WSEvents<T> | Promise<WSEvents<T>>): MiddlewareHandler;
  /** The connection's view of an open socket; one for each socket. */
  toSocket(ws: WSContext<T>): Socket;
}

export interface AppOptions<T = unknown> extends SocketAdapter<T> {
  /** Address that players can reach, where the one a request came to is of no use to them. */
  publicUrl?: (requestUrl: URL) => string | undefined;
}

type Variables = { claims: Claims };

/** The routes for one party, to be served or mounted under any path. */
export function createApp<T>(party: Party, options: AppOptions<T>): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>();
  const turns = new Turnstile();
  const originFor = (c: Context): string => {
    const url = new URL(c.req.url);
    return options.publicUrl?.(url) ?? url.origin;
  };

  app.onError((error, c) => errorResponse(c, error));
  app.notFound((c) => errorResponse(c, notFound()));
  app.use(refuseWhenClosing(party));
  app.get("/healthz", (c) => c.json({ ok: true, party: party.id }));
  app.get("/metrics", (c) => c.text(metricsOf(party), 200, { "Content-Type": "text/plain; version=0.0.4" }));
  app.route("/api", createApi(party, originFor));
  app.get(
    "/ws",
    authorized(party),
    options.upgradeWebSocket((c) =>
      socketEvents(party, { claims: c.get("claims"), isV2: offersV2(c), turns }, options.toSocket),
    ),
  );
  app.route("/", createPages(party));
  return app;
}

/** Runtimes take the first subprotocol that is offered, and not all of them say which they took. */
function offersV2(c: Context): boolean {
  return c.req.header("Sec-WebSocket-Protocol")?.split(",")[0]?.trim() === V2_SUBPROTOCOL;
}

/** Lets what is under way end undisturbed. */
function refuseWhenClosing(party: Party): MiddlewareHandler {
  return async (_c, next) => {
    if (party.isClosing) throw new BardcastError("closed", "the party is over");
    await next();
  };
}

/** Refuses a socket before the upgrade: no token, a forged one, or nobody's seat. */
function authorized(party: Party): MiddlewareHandler<{ Variables: Variables }> {
  return async (c, next) => {
    const claims = await party.tokens.verify(c.req.query("token"));
    party.requireRights(claims);
    c.set("claims", claims);
    await next();
  };
}

import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { Visit } from "../network/forwarded.ts";
import type { Origins } from "../network/origins.ts";

type VisitEnv = { Variables: { visit: Visit } };

/** Seconds for which a browser need not ask again; none believes more. */
const PREFLIGHT_SECONDS = 7_200;
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/** What a page may read of an answer beside what it may read anyway. */
const ANSWER_HEADERS = [
  "Bardcast-Incomplete",
  "Mcp-Protocol-Version",
  "Mcp-Session-Id",
  "Preference-Applied",
  "Retry-After",
  "WWW-Authenticate",
];

/**
 * CORS for the pages that were named, and nobody else: they may read answers, errors too, and say what needs a
 * preflight. Never with credentials, of which there are none: a page has a token in a header, or nothing.
 * @param named origins that were named; what is only the table's own needs no CORS
 */
export function readableByNamed(named: Origins): MiddlewareHandler {
  const readable = cors({
    origin: (origin) => origin,
    allowMethods: METHODS,
    // Clients of others send headers of their own (`X-Stainless-…`): those that are asked for are allowed.
    exposeHeaders: ANSWER_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
  return (c, next) => (named.lists(c.req.header("Origin") ?? "") ? readable(c, next) : next());
}

/**
 * CORS for what a page needs to listen, by the rule by which it may open a socket: the scripts, and why a socket was
 * refused, which no browser tells otherwise.
 */
export function readableByListeners(origins: Origins): MiddlewareHandler<VisitEnv> {
  const readable = cors({
    origin: (origin) => origin,
    allowMethods: ["GET"],
    allowHeaders: ["Authorization"],
    maxAge: PREFLIGHT_SECONDS,
  });
  return async (c, next) => {
    // CORS knows no upgrades, and Deno's answer to one cannot be changed.
    if (c.req.header("Upgrade") !== undefined) return next();
    const origin = c.req.header("Origin");
    const isAllowed = origin !== undefined && origins.allows(origin, c.get("visit"));
    if (c.req.method === "OPTIONS") return isAllowed ? readable(c, next) : next();
    await next();
    if (isAllowed) c.header("Access-Control-Allow-Origin", origin);
    // Scripts are kept, also by who is in between.
    c.header("Vary", "Origin", { append: true });
  };
}

import { type Context, Hono, type MiddlewareHandler } from "hono";
import { BardcastError, toWire } from "../../core/errors.ts";
import { printable } from "../../core/text/printable.ts";
import type { Party } from "../../party/party.ts";
import { type ClaimsEnv, requiring, withBearer } from "../http/authorize.ts";
import { errorResponse } from "../http/http-error.ts";
import { json } from "../http/json-body.ts";
import { limitedBody } from "../http/limited-body.ts";
import { bearerOf } from "../network/credentials.ts";
import type { Visit } from "../network/forwarded.ts";
import { plainAddress } from "../network/networks.ts";
import { Origins } from "../network/origins.ts";
import type { McpEndpoint } from "./mcp-endpoint.ts";
import { answerIn, type TableApi } from "./table-api.ts";

export interface McpDoorOptions {
  publicUrl?: unknown;
  /** Origins of pages that may come in, beside the table's own. */
  allowOrigins?: readonly string[] | undefined;
}

type Env = ClaimsEnv & { Variables: { visit: Visit } };

/**
 * MCP over HTTP (streamable), for whoever may speak: the DM and services, by their tokens. What its tools do goes through
 * the API, with the rights of that token.
 * @param api the routes below `/api`
 * @throws TypeError where one of `allowOrigins` is none
 */
export function createMcpDoor(party: Party, api: Hono<ClaimsEnv>, options: McpDoorOptions = {}): Hono<Env> {
  const door = new Hono<Env>();
  const within = insideApi(party, api);
  let endpoint: Promise<McpEndpoint> | undefined;
  door.all("/", fromKnownPages(options), withBearer(party), requiring("speak"), limitedBody, async (c) => {
    const { raw } = c.req;
    const body = raw.method === "POST" ? await json(raw) : undefined;
    const claims = c.get("claims");
    // A body may take its time.
    party.requireRights(claims);
    const begunAt = performance.now();
    const { observe } = party.observers;
    observe({ type: "door.used", door: "mcp" });
    // A table that nobody comes to by this door is not kept waiting for it.
    endpoint ??= import("./mcp-endpoint.ts").then((loaded) => new loaded.McpEndpoint(party));
    const table = tableFor(within, bearerOf(raw.headers));
    const answer = await (await endpoint).answer(raw, body, { claims, table });
    observe({ type: "door.answered", door: "mcp", afterMs: performance.now() - begunAt });
    return answer;
  });
  return door;
}

/** The same API, asked from within: what goes wrong is told to a tool. */
function insideApi(party: Party, api: Hono<ClaimsEnv>): Hono {
  const within = new Hono();
  within.onError((error, c) => {
    party.observers.observe({ type: "error.told", code: toWire(error).code, over: "mcp" });
    return errorResponse(c, error);
  });
  within.route("/", api);
  return within;
}

function tableFor(within: Hono, token: string | undefined): TableApi {
  return {
    async call<T>(path: string, request: RequestInit = {}): Promise<T> {
      const headers = { ...request.headers, Authorization: `Bearer ${token}` };
      return answerIn<T>(await within.request(path, { ...request, headers }));
    },
  };
}

/**
 * Refuses pages that nobody named, and the table's own where it was reached by a name that anybody could have pointed
 * here (DNS rebinding). What is no page says nothing of where it is from, and is let in by its token alone.
 */
function fromKnownPages({ publicUrl, allowOrigins = [] }: McpDoorOptions): MiddlewareHandler<Env> {
  const named = new Origins(allowOrigins);
  const own = new Origins(["self"], publicUrl);
  const hosts = new Set([
    "localhost",
    ...(typeof publicUrl === "string" ? [new URL(publicUrl).hostname] : []),
  ]);
  const isOwn = (c: Context<Env>, origin: string): boolean => {
    const visit = c.get("visit");
    const { hostname } = visit.origin;
    return own.allows(origin, visit) && (hosts.has(hostname) || plainAddress(hostname) !== undefined);
  };
  return async (c, next) => {
    const origin = c.req.header("Origin");
    if (origin !== undefined && !named.lists(origin) && !isOwn(c, origin)) {
      const message = `pages from ${printable(origin)} may not come in here; --allow-origin lets them`;
      throw new BardcastError("forbidden", message);
    }
    await next();
  };
}

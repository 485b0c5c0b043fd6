import { type Context, Hono } from "hono";
import { toWire } from "../../core/errors.ts";
import type { HeldParty } from "../../party/parties/awake-parties.ts";
import type { Parties } from "../../party/parties/parties.ts";
import type { Party } from "../../party/party.ts";
import { errorResponse, notFound } from "../http/http-error.ts";
import { secureAnswers } from "../http/security-headers.ts";
import { Forwarding, type TrustProxy, type Visit } from "../network/forwarded.ts";
import { type PublicUrl, publicBase } from "../network/public-base.ts";
import type { ConnectionLimit } from "../sockets/connection-limit.ts";
import { requireOperator } from "./operator.ts";
import { createPartiesApi } from "./parties-api.ts";
import { pathOf } from "./paths.ts";

/** Routes that answer requests. */
interface Fetches {
  fetch(request: Request, env?: unknown): Response | Promise<Response>;
}

export interface PartiesAppOptions {
  operatorKey: string;
  /** The routes of one party, with its path; asked once for each that is awake. */
  routesOf: (party: Party) => Fetches;
  /** Counts what comes from one address, of all parties together. */
  connections: ConnectionLimit;
  /** As in `AppOptions`. */
  publicUrl?: PublicUrl;
  trustProxy?: TrustProxy | undefined;
  arrive?: ((c: Context) => string | undefined) | undefined;
}

/** Of these a part may be on its way long after the answer has begun. */
const STREAMED = /^(?:audio\/|text\/event-stream)/;

/** The operator's API at `/api/parties`, and below `/p/` the routes of each party. */
export function createPartiesApp(
  parties: Parties,
  options: PartiesAppOptions,
): Hono<{ Variables: { visit: Visit } }> {
  const app = new Hono<{ Variables: { visit: Visit } }>();
  const { connections, operatorKey, routesOf } = options;
  const forwarding = new Forwarding(options.trustProxy);
  const baseOf = publicBase(options.publicUrl);
  const tell = (error: unknown, c: Context): Response => {
    parties.observers.observe({ type: "error.told", code: toWire(error).code, over: "http" });
    return errorResponse(c, error);
  };
  app.onError(tell);
  app.notFound((c) => tell(notFound(), c));
  app.use(secureAnswers);

  app.use("/api/*", async (c, next) => {
    c.set("visit", forwarding.visit(c.req.raw, options.arrive?.(c)));
    c.header("Cache-Control", "no-store");
    await next();
  });
  app.use("/api/*", connections.refuse, requireOperator(operatorKey));
  app.route(
    "/api/parties",
    createPartiesApi(parties, (c, id) => baseOf(c.get("visit"), "") + pathOf(id)),
  );

  const apps = new WeakMap<Party, Fetches>();
  const appOf = (party: Party): Fetches => {
    const made = apps.get(party) ?? routesOf(party);
    apps.set(party, made);
    return made;
  };
  app.all("/p/:party/*", async (c) => {
    const held = await parties.hold(c.req.param("party"));
    try {
      return whileSent(await appOf(held.party).fetch(c.req.raw, c.env), held);
    } catch (error) {
      held.release();
      throw error;
    }
  });
  return app;
}

/** The same answer; its party is kept awake until that is out. */
function whileSent(response: Response, { release }: HeldParty): Response {
  if (!STREAMED.test(response.headers.get("Content-Type") ?? "") || response.body === null) {
    release();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        release();
        controller.close();
      } catch (error) {
        release();
        controller.error(error);
      }
    },
    async cancel(reason) {
      release();
      await reader.cancel(reason);
    },
  });
  return new Response(body, response);
}

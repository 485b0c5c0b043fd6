import type { Context, MiddlewareHandler } from "hono";
import { BardcastError } from "../../core/errors.ts";
import { UTTERANCE_HEADER } from "../../party/cluster/cluster.ts";
import type { Party } from "../../party/party.ts";
import type { ClaimsEnv } from "./authorize.ts";

/**
 * What every process answers by itself, below `/api`: tickets are good where they were given out, sound is made anywhere,
 * links follow from the secret, and files of sound are in each process's own folder.
 */
const OWN = /^\/(?:ticket|openapi\.json|preview|voices(?:\/.*)?|invites|log\/.+|sounds\/[^/]+\/file)$/;

/**
 * Where several processes serve the party: has the one answer that makes its lines, unless that is this one.
 * @param base below which the routes are
 */
export function toHolder(
  { cluster }: Party,
  base: "/api" | "/action" = "/api",
): MiddlewareHandler<ClaimsEnv> {
  return async (c, next) => {
    if (!cluster || cluster.status.holds) return next();
    const path = c.req.path.slice(Math.max(0, c.req.path.lastIndexOf(`${base}/`))).replace(base, "");
    // Without the others it tells what is known here, and that it is alone.
    if (c.req.method === "GET" && !cluster.status.connected) return next();
    // A file that is uploaded is refused, and not read for that.
    if (OWN.test(path) || (path === "/sounds" && c.req.method === "POST")) return next();
    const url = new URL(`${base}${path}${new URL(c.req.url).search}`, c.req.url);
    const { method, body } = c.req.raw;
    const headers = new Headers(c.req.raw.headers);
    // Players have no line to name, and `/action` has not looked yet whose request it is.
    if (c.get("claims")?.role !== "dm") headers.delete(UTTERANCE_HEADER);
    // A text that is being written is said while it is; everything else is short.
    const isWritten = /^text\/plain\b/i.test(headers.get("content-type") ?? "");
    const content =
      body === null || method === "GET" ? {} : { body: isWritten ? body : await textWithin(body) };
    const init = { method, headers, ...content, duplex: "half" };
    const asked = new Request(url, init);
    return (await cluster.forward(asked)) ?? (await cluster.here(asked));
  };
}

/** Characters of a body that is sent on; a server of NATS takes 1 MiB of one message by default. */
const MAX_CHARS = 512 * 1024;

/** A body to its end. @throws BardcastError `payload-too-large` */
async function textWithin(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.length > MAX_CHARS)
      throw new BardcastError("payload-too-large", `the body is larger than ${MAX_CHARS} characters`);
  }
  return text;
}

/**
 * The name that a request gives its line: believed where another process passed the request on, and of the game master,
 * whose lines all are. A service could name somebody else's.
 */
export function lineNamed({ cluster }: Party, c: Context<ClaimsEnv>): { id?: string } {
  const id = cluster && c.req.header(UTTERANCE_HEADER);
  return id !== undefined && (c.get("isPassedOn") || c.get("claims").role === "dm") ? { id } : {};
}

/** The name under which another process has passed a request on: it may have been answered already. */
export function nameFrom(c: Context<ClaimsEnv>): string | undefined {
  const name = c.get("isPassedOn") ? c.req.header(UTTERANCE_HEADER) : undefined;
  return name !== undefined && /^[0-9a-f]{32}$/.test(name) ? name : undefined;
}

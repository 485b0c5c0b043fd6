import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { Visit } from "../network/forwarded.ts";

type Headers = NonNullable<Parameters<typeof secureHeaders>[0]>;

/** Left to whoever runs the site: a table has no TLS of its own and may be mounted in another site. */
const OTHERS: Headers = {
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: false,
  originAgentCluster: false,
  removePoweredBy: false,
};

const NONE: Headers = {
  ...OTHERS,
  referrerPolicy: false,
  xContentTypeOptions: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

const onAnswers = secureHeaders(OTHERS);

const SWITCHING_PROTOCOLS = 101;

/** Headers of every answer, errors included, except an upgrade: Deno's 101 cannot be changed. */
export const secureAnswers: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.status !== SWITCHING_PROTOCOLS) await onAnswers(c, async () => undefined);
};

/** Headers of a page: scripts, WebAssembly and styles from this server only, and no other site may frame it. */
export const securePages: MiddlewareHandler<{ Variables: { visit: Visit } }> = secureHeaders({
  ...NONE,
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    // The silence by which phones know a page that sounds.
    mediaSrc: ["blob:"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    connectSrc: [(c) => ownServer(c.get("visit").origin)],
  },
});

/**
 * The one thing that a page talks to. `'self'` has its socket in it, but not in Safari before 15.4; a policy
 * cannot name an IPv6 address.
 */
function ownServer({ protocol, host }: URL): string {
  return /^[\w.-]+(?::\d+)?$/.test(host) ? `'self' ${protocol.replace("http", "ws")}//${host}` : "'self'";
}

import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { Visit } from "../network/forwarded.ts";

type Headers = NonNullable<Parameters<typeof secureHeaders>[0]>;

/** What `secureHeaders` sets by itself and is somebody else's to decide: a table has no TLS and may be mounted in another site. */
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

/** What is true of every answer, an error's too. A runtime's answer to an upgrade cannot be changed any more. */
export const secureAnswers: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.status !== SWITCHING_PROTOCOLS) await onAnswers(c, async () => undefined);
};

/** Of a page: scripts, WebAssembly and styles from here only, and it is shown in nobody else's. */
export const securePages: MiddlewareHandler<{ Variables: { visit: Visit } }> = secureHeaders({
  ...NONE,
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
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

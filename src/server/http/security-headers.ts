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
/** Its policy says who may show a page, which the older header can say of nobody but the site itself. */
const onShownElsewhere = secureHeaders({ ...OTHERS, xFrameOptions: false });

const SWITCHING_PROTOCOLS = 101;

/** Headers of every answer, errors included, except an upgrade: Deno's 101 cannot be changed. */
export const secureAnswers: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.status === SWITCHING_PROTOCOLS) return;
  const isShown = c.res.headers.get("Content-Security-Policy")?.includes(`${NOBODY_ELSE};`) === false;
  await (isShown ? onShownElsewhere : onAnswers)(c, async () => undefined);
};

const NOBODY_ELSE = "frame-ancestors 'none'";

/**
 * Headers of a page: scripts, WebAssembly and styles from this server only.
 * @param ancestors origins that may show it in a page of theirs; by default none may
 */
export function securePages(
  ancestors: readonly string[] = ["'none'"],
): MiddlewareHandler<{ Variables: { visit: Visit } }> {
  return secureHeaders({
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
      frameAncestors: [...ancestors],
      connectSrc: [(c) => ownServer(c.get("visit").origin)],
    },
  });
}

/**
 * The one thing that a page talks to. `'self'` has its socket in it, but not in Safari before 15.4; a policy
 * cannot name an IPv6 address.
 */
function ownServer({ protocol, host }: URL): string {
  return /^[\w.-]+(?::\d+)?$/.test(host) ? `'self' ${protocol.replace("http", "ws")}//${host}` : "'self'";
}

/**
 * The player page's service worker: what every page needs is there when the server is not, so that the page opens and
 * waits for it. It keeps files and nothing else: no token, no answer of the API.
 * @module
 */

/** What a `ServiceWorkerGlobalScope` has. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(name: "activate", listener: (event: Pick<FetchEvent, "waitUntil">) => void): void;
  addEventListener(name: "fetch", listener: (event: FetchEvent) => void): void;
}

interface FetchEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}

const scope = globalThis as unknown as Scope;
const CACHE = "bardcast.page";
/** A page has a dozen files; names that tell their contents change with every version. */
const MAX_KEPT = 40;
/** The page is the same for everybody: without a token in the address, or with a bad one, it comes with these. */
const REFUSED: ReadonlySet<number> = new Set([401, 403]);
const root = new URL(scope.registration.scope);

scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));

scope.addEventListener("fetch", (event) => {
  const key = keyOf(event.request);
  if (key) event.respondWith(answer(event, key));
});

/** Under which address a file is kept: without what its own had after the path, a token above all. */
function keyOf({ method, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== root.origin) return undefined;
  const path = pathname.slice(root.pathname.length);
  return path === "play" || path.startsWith("assets/") ? `${root.href}${path}` : undefined;
}

/** The newest there is; what was kept only where the server does not answer. */
async function answer(event: FetchEvent, key: string): Promise<Response> {
  try {
    const response = await fetch(event.request);
    const isPage = response.ok || REFUSED.has(response.status);
    if (isPage) event.waitUntil(keep(key, response.clone()));
    return response;
  } catch (error) {
    const kept = await (await caches.open(CACHE)).match(key);
    if (kept) return kept;
    throw error;
  }
}

async function keep(key: string, response: Response): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.put(key, response);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MAX_KEPT)).map((old) => cache.delete(old)));
}

import { untilAborted } from "../../../core/async/abortable.ts";
import { BardcastError } from "../../../core/errors.ts";

/** Redirects that are followed; the releases have one. */
const MAX_REDIRECTS = 5;
/** ms without a byte after which a connection is given up. */
export const STALL_MS = 30_000;

export interface SteadyOptions {
  headers?: Record<string, string>;
  /** ms without a byte, or without an answer, after which it is given up; default 30,000. */
  stallMs?: number;
  signal?: AbortSignal | undefined;
}

/** An answer, and its bytes as they come; its connection is let go with it. */
export interface SteadyAnswer {
  response: Response;
  bytes: AsyncIterable<Uint8Array>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Gets what is at an address. It may take as long as it likes, but never stand still.
 * @throws BardcastError `bad-request` for a redirect that leads to no web address, from a safe to an open one, or in
 * circles; TypeError where it stands still, or whatever the runtime throws for a broken connection; `signal.reason`
 */
export async function steadyFetch(url: URL, options: SteadyOptions = {}): Promise<SteadyAnswer> {
  const { headers = {}, stallMs = STALL_MS, signal } = options;
  const stalled = new AbortController();
  const both = AbortSignal.any([stalled.signal, ...(signal ? [signal] : [])]);
  const watch: Watch = async (step) => {
    const reason = new TypeError(`nothing came for ${stallMs / 1000} s`);
    const timer = setTimeout(() => stalled.abort(reason), stallMs);
    try {
      return await untilAborted(step, both);
    } finally {
      clearTimeout(timer);
    }
  };
  const response = await watch(follow(url, { headers, redirect: "manual", signal: both }));
  return {
    response,
    bytes: watched(response, watch),
    async [Symbol.asyncDispose]() {
      stalled.abort();
    },
  };
}

async function follow(url: URL, init: RequestInit, redirects = 0): Promise<Response> {
  const response = await fetch(url, init);
  const location = response.headers.get("Location");
  if (response.status < 300 || response.status > 399 || location === null) return response;
  void response.body?.cancel().catch(() => undefined);
  const next = URL.canParse(location, url) ? new URL(location, url) : undefined;
  const isOpen = next?.protocol === "http:" && url.protocol !== "https:";
  if (!next || !(isOpen || next.protocol === "https:")) {
    throw new BardcastError(
      "bad-request",
      `${url.host} leads on to "${location}", which is not safe to follow`,
    );
  }
  if (redirects >= MAX_REDIRECTS) {
    throw new BardcastError("bad-request", `${url.host} leads on more than ${MAX_REDIRECTS} times`);
  }
  return follow(next, init, redirects + 1);
}

/** Waits for one step, not for ever; what whoever reads does in between is not counted. */
type Watch = <T>(step: Promise<T>) => Promise<T>;

async function* watched({ body }: Response, watch: Watch): AsyncGenerator<Uint8Array, void, undefined> {
  if (!body) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { value } = await watch(reader.read());
      if (value === undefined) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

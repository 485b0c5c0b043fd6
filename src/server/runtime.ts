import type { SocketAdapter } from "./app.ts";

/** How long a client may take from connecting to the end of a request's headers. */
export const HEADERS_WITHIN_MS: number = 5_000;

/** How long a client may take nothing of what it was answered, or ask nothing more. */
export const ANSWER_STALL_MS: number = 15_000;

/** What a runtime brings to serve a party. */
export interface Runtime<T = unknown> extends SocketAdapter<T> {
  /**
   * @param log is told what goes wrong while it listens
   * @throws an error with code `EADDRINUSE` where the port is taken
   */
  listen(app: FetchApp, address: Address, log: (message: string) => void): Promise<Listener>;
}

/** The routes. What `env` holds is between the runtime and its `upgradeWebSocket`. */
export interface FetchApp {
  fetch(request: Request, env?: unknown): Response | Promise<Response>;
}

export interface Address {
  host: string;
  /** 0 takes a free one. */
  port: number;
}

/** A server that listens. */
export interface Listener {
  /** The one it got. */
  port: number;
  /** Stops listening; resolves when answers under way are out. Sockets are closed before. */
  stop(): Promise<void>;
  /** Ends whatever is left, for where `stop` takes too long or was not called. */
  drop(): void;
}

/** `OPEN` of every WebSocket's `readyState`. */
const OPEN = 1;

/**
 * Messages sent on a closing socket are dropped silently, as the standard says.
 * @throws Error where nothing can be sent any more
 */
export function requireOpen({ readyState }: { readonly readyState: number }): void {
  if (readyState !== OPEN) throw new Error("the socket is closing");
}

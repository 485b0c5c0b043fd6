import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Socket as TcpSocket } from "node:net";
import { householdOf, plainAddress } from "./networks.ts";

/** Connections on which nothing is asked. A browser sends its request at once, and comes again if it must. */
const MAX_WAITING = 256;
/** ms in which a request may be under way on one that is new: of many who come at once all have them… */
const UNDER_WAY_MS = 1_000;
/** …but not of more than so many. */
const MAX_UNDER_WAY = 4_096;
/** How long a client has to hang up after the last that it is told. */
const LINGER_MS = 1_000;

/** The connections of an HTTP server. */
export class Connections {
  readonly #all = new Set<TcpSocket>();
  /** Those on which nothing is asked, by whose they are, the oldest first. */
  readonly #waiting = new Map<string, Set<TcpSocket>>();
  readonly #visits = new Map<TcpSocket, { household: string; since: number }>();
  #isLooking = false;

  constructor(server: HttpServer) {
    server.on("connection", (tcp: TcpSocket) => this.#arrived(tcp));
    server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.busy(socket);
      response.once("close", () => this.#isWaiting(socket));
    });
  }

  /** Something is asked on a connection; of requests it is known. */
  busy(tcp: TcpSocket): void {
    const visit = this.#visits.get(tcp);
    if (!visit) return;
    this.#visits.delete(tcp);
    const waiting = this.#waiting.get(visit.household);
    waiting?.delete(tcp);
    if (waiting?.size === 0) this.#waiting.delete(visit.household);
  }

  destroy(): void {
    for (const tcp of this.#all) tcp.destroy();
  }

  #arrived(tcp: TcpSocket): void {
    this.#all.add(tcp);
    tcp.once("close", () => {
      this.#all.delete(tcp);
      this.busy(tcp);
    });
    hangUpAtEnd(tcp);
    this.#isWaiting(tcp);
  }

  #isWaiting(tcp: TcpSocket): void {
    if (tcp.destroyed) return;
    const household = householdOf(plainAddress(tcp.remoteAddress ?? "") ?? "");
    const waiting = this.#waiting.get(household) ?? new Set();
    this.#waiting.set(household, waiting.add(tcp));
    this.#visits.set(tcp, { household, since: performance.now() });
    if (this.#visits.size > MAX_WAITING) this.#lookSoon();
  }

  /** Of many who come at once it is not known yet which of them ask for something: what has come of that is read first. */
  #lookSoon(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setImmediate(() => setImmediate(() => this.#look()));
  }

  /** Drops those who are too many and ask for nothing; what may still be under way is waited for. */
  #look(): void {
    this.#isLooking = false;
    while (this.#visits.size > MAX_WAITING) {
      const oldest = this.#oldest;
      if (!oldest) return;
      const leftMs = (this.#visits.get(oldest)?.since ?? 0) + UNDER_WAY_MS - performance.now();
      if (leftMs > 0 && this.#visits.size <= MAX_UNDER_WAY) {
        this.#isLooking = true;
        setTimeout(() => this.#look(), leftMs).unref();
        return;
      }
      this.busy(oldest);
      oldest.destroy();
    }
  }

  /** Of whoever has most: a flood is in its own way, not in that of others. */
  get #oldest(): TcpSocket | undefined {
    const [most] = [...this.#waiting.values()].sort((a, b) => b.size - a.size);
    const [oldest] = most ?? [];
    return oldest;
  }
}

const willHangUp = new WeakSet<TcpSocket>();

/** Node leaves a connection half open where an upgrade was refused, until its client hangs up. */
export function hangUpAtEnd(tcp: TcpSocket): void {
  if (willHangUp.has(tcp)) return;
  willHangUp.add(tcp);
  tcp.once("finish", () => setTimeout(() => tcp.destroy(), LINGER_MS).unref());
}

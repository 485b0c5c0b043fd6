import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Socket as TcpSocket } from "node:net";
import { householdOf, plainAddress } from "./networks.ts";

/** Connections on which nothing is asked. A browser sends its request at once, and comes again if it must. */
const MAX_WAITING = 256;
/** How long a client has to hang up after the last that it is told. */
const LINGER_MS = 1_000;

/** The connections of an HTTP server. */
export class Connections {
  readonly #all = new Set<TcpSocket>();
  /** Those on which nothing is asked, by whose they are, the oldest first. */
  readonly #waiting = new Map<string, Set<TcpSocket>>();
  readonly #households = new Map<TcpSocket, string>();
  #isDropping = false;

  constructor(server: HttpServer) {
    server.on("connection", (tcp: TcpSocket) => this.#arrived(tcp));
    server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.busy(socket);
      response.once("close", () => this.#isWaiting(socket));
    });
  }

  /** Something is asked on a connection; of requests it is known. */
  busy(tcp: TcpSocket): void {
    const household = this.#households.get(tcp);
    if (household === undefined) return;
    this.#households.delete(tcp);
    const waiting = this.#waiting.get(household);
    waiting?.delete(tcp);
    if (waiting?.size === 0) this.#waiting.delete(household);
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
    this.#households.set(tcp, household);
    if (this.#households.size > MAX_WAITING) this.#dropSoon();
  }

  /** Of many who come at once it is not known yet which of them ask for something: what has come of that is read first. */
  #dropSoon(): void {
    if (this.#isDropping) return;
    this.#isDropping = true;
    setImmediate(() =>
      setImmediate(() => {
        this.#isDropping = false;
        while (this.#households.size > MAX_WAITING) this.#dropOne();
      }),
    );
  }

  /** The oldest of whoever has most: a flood is in its own way, not in that of others. */
  #dropOne(): void {
    const [most] = [...this.#waiting.values()].sort((a, b) => b.size - a.size);
    const [oldest] = most ?? [];
    if (!oldest) return;
    this.busy(oldest);
    oldest.destroy();
  }
}

const willHangUp = new WeakSet<TcpSocket>();

/** Node leaves a connection half open where an upgrade was refused, until its client hangs up. */
export function hangUpAtEnd(tcp: TcpSocket): void {
  if (willHangUp.has(tcp)) return;
  willHangUp.add(tcp);
  tcp.once("finish", () => setTimeout(() => tcp.destroy(), LINGER_MS).unref());
}

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ClockExchange } from "../../../src/nats/clock/clock-exchange.ts";
import { BusConnection } from "../../../src/nats/connection.ts";
import { hasNats, NatsServer } from "../../support/nats-server.ts";

const OFFSET_MS = 98_765.4321;
/** Looks at a clock, of which the median counts: this process may be interrupted in any of them. */
const LOOKS = 51;

/** Sessions as a lease would tell them, the oldest first. */
class Sessions {
  sessions: string[];
  readonly session: string;

  constructor(session: string, sessions: string[]) {
    this.session = session;
    this.sessions = sessions;
  }

  observe(): () => void {
    return () => undefined;
  }
}

describe.skipIf(!hasNats)("nodes on a real server", () => {
  let server: NatsServer;
  let connections: BusConnection[];

  beforeAll(async () => {
    server = await NatsServer.start();
    const dial = (name: string): Promise<BusConnection> => BusConnection.open({ servers: server.url }, name);
    connections = await Promise.all(["a", "b", "c"].map(dial));
  });

  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await server.stop();
  });

  test("agree on the time, though their clocks are far apart, and go on when the oldest ends", async () => {
    const all = ["a", "b", "c"];
    const leases = all.map((session) => new Sessions(session, all));
    const offsets = [0, OFFSET_MS, -3 * OFFSET_MS];
    const exchanges: ClockExchange[] = [];
    for (const [at, connection] of connections.entries()) {
      const local = (): number => performance.now() + (offsets[at] ?? 0);
      exchanges.push(await ClockExchange.open(connection, leases[at] as Sessions, { local }));
    }
    const shown = ({ clock }: ClockExchange): number => {
      const looks = Array.from({ length: LOOKS }, () => clock.now() - performance.now());
      return looks.sort((a, b) => a - b)[LOOKS >> 1] ?? NaN;
    };
    const before = exchanges.map(shown);
    for (const [at, exchange] of exchanges.entries()) {
      const error = Math.abs(before[at] ?? NaN);
      // No protocol can do better than this, where one way takes longer than the other…
      expect(error).toBeLessThanOrEqual(exchange.clock.uncertaintyMs() + OFFSET_MS * 1e-7);
      // …and that is nothing beside what the clocks differ by.
      expect(error).toBeLessThan(OFFSET_MS * 1e-4);
    }
    exchanges[0]?.close();
    for (const lease of leases) lease.sessions = ["b", "c"];
    const survivors = exchanges.slice(1);
    for (const until = performance.now() + 5_000; performance.now() < until; await Bun.sleep(50))
      if (survivors[1]?.clock.isFollowing("b")) break;
    expect(survivors[1]?.clock.isFollowing("b")).toBe(true);
    // Nobody's time has moved by more than it may be slewed.
    for (const [at, exchange] of exchanges.entries())
      if (at > 0) expect(Math.abs(shown(exchange) - (before[at] ?? NaN))).toBeLessThan(OFFSET_MS * 1e-5);
    for (const exchange of survivors) exchange.close();
  });
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { BusConnection } from "../../../src/nats/connection.ts";
import { ClockExchange } from "../../../src/nats/clock/clock-exchange.ts";
import { hasNats, NatsServer } from "../../support/nats-server.ts";

const OFFSET_MS = 98_765.4321;

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
    const shown = (): number[] => exchanges.map(({ clock }) => clock.now() - performance.now());
    const ownWay = (await connections[1]?.client.rtt()) ?? Infinity;
    const before = shown();
    // What a round trip takes is far less than by how much the clocks differ, and so is the error.
    for (const offset of before) expect(Math.abs(offset)).toBeLessThan(Math.max(2 * ownWay, OFFSET_MS / 1e5));
    exchanges[0]?.close();
    for (const lease of leases) lease.sessions = ["b", "c"];
    const survivors = exchanges.slice(1);
    for (const until = performance.now() + 5_000; performance.now() < until; await Bun.sleep(50))
      if (survivors[1]?.clock.isFollowing("b")) break;
    expect(survivors[1]?.clock.isFollowing("b")).toBe(true);
    for (const [at, offset] of shown().entries())
      if (at > 0) expect(Math.abs(offset - (before[at] ?? 0))).toBeLessThan(Math.max(2 * ownWay, OFFSET_MS / 1e5));
    for (const exchange of survivors) exchange.close();
  });
});

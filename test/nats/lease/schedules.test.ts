import { expect, test } from "bun:test";
import { partyKey, readPartyRecord } from "../../../src/nats/lease/lease-records.ts";
import type { Claim } from "../../../src/nats/lease/leases.ts";
import { type Random, seeded } from "../../support/random.ts";
import { SILENCE_MS, SimulatedNode, SimulatedServer } from "./simulated-nodes.ts";

const SEEDS = Number(process.env.LEASE_SEEDS ?? 20);
const FIRST_SEED = Number(process.env.LEASE_SEED ?? 1);
const PARTIES = ["one", "two", "three"];
const NODES = 4;
const TROUBLES = 8;

/** Some nodes that want every party, and what became of that. */
class Evening {
  readonly server: SimulatedServer;
  readonly nodes: SimulatedNode[] = [];
  /** Whether now and then a party is given up. */
  releases = true;
  /** Who was given which epoch of a party. */
  readonly won = new Map<string, string>();
  readonly faults: string[] = [];
  readonly random: Random;
  #made = 0;

  constructor(seed: number) {
    this.random = seeded(seed);
    this.server = new SimulatedServer(this.random);
  }

  async addNode(): Promise<void> {
    const node = new SimulatedNode(this.server, `n${this.#made++}`);
    const opened = node.open();
    let isOpen = false;
    opened.then(
      () => {
        isOpen = true;
      },
      () => undefined,
    );
    await this.server.run(50);
    if (!isOpen) return;
    this.nodes.push(node);
    this.server.time.every(40 + this.random() * 40, () => node.hear(() => this.#want(node)));
  }

  /** Nodes that are there and awake, and whose connection is. */
  get healthy(): SimulatedNode[] {
    return this.nodes.filter((node) => !node.isKilled && !node.isFrozen && node.isConnected);
  }

  holdersOf(party: string): SimulatedNode[] {
    return this.nodes.filter((node) => !node.isKilled && node.keeper?.claims.has(party));
  }

  #want(node: SimulatedNode): void {
    const { keeper } = node;
    if (keeper?.state !== "live") return;
    for (const party of PARTIES) {
      if (keeper.claims.has(party)) continue;
      keeper.claim(party).then(
        ({ claim }) => claim && this.#given(party, claim, keeper.session),
        () => undefined,
      );
    }
    const [first] = keeper.claims.values();
    if (first && this.releases && this.random() < 0.01) void first.release();
  }

  #given(party: string, claim: Claim, session: string): void {
    if (claim.lost.aborted) return;
    const epoch = `${party} ${claim.epoch}`;
    const before = this.won.get(epoch);
    if (before !== undefined && before !== session) this.faults.push(`${epoch}: ${before} and ${session}`);
    this.won.set(epoch, session);
  }

  async trouble(): Promise<void> {
    const pick = this.healthy[Math.floor(this.random() * this.healthy.length)];
    const ms = this.random() * 2 * SILENCE_MS;
    const kind = this.random();
    if (!pick) return this.server.run(500);
    if (kind < 0.3) {
      pick.kill();
      await this.server.run(ms / 4);
      await this.addNode();
    } else if (kind < 0.55) {
      pick.freeze();
      this.server.time.in(ms * 1.5, () => pick.thaw());
    } else if (kind < 0.8) {
      pick.cutOff();
      this.server.time.in(ms, () => pick.reconnect());
    } else {
      this.server.pause();
      await this.server.run(ms);
      this.server.goOn();
    }
    await this.server.run(this.random() * 1_500);
  }
}

async function eveningOf(seed: number): Promise<Evening> {
  const evening = new Evening(seed);
  for (let node = 0; node < NODES; node++) await evening.addNode();
  await evening.server.run(1_000);
  for (let trouble = 0; trouble < TROUBLES; trouble++) await evening.trouble();
  // All that was frozen or cut off is back by then, and has been heard of.
  evening.releases = false;
  await evening.server.run(5 * SILENCE_MS);
  return evening;
}

test(`whatever is killed, frozen, cut off or paused, an epoch of a party has one holder: ${SEEDS} schedules`, async () => {
  let moves = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
    const { server, faults, nodes, won } = await eveningOf(seed);
    expect({ seed, faults, sins: server.sins }).toEqual({ seed, faults: [], sins: [] });
    moves += won.size - PARTIES.length;
    const keepers = nodes.flatMap(({ keeper, isKilled }) => (keeper && !isKilled ? [keeper] : []));
    const sessions = keepers.map(({ session }) => session).sort();
    for (const { state, sessions: seen } of keepers)
      expect({ seed, state, seen: [...seen].sort() }).toEqual({ seed, state: "live", seen: sessions });
    for (const party of PARTIES) {
      const held = keepers.flatMap(({ session, claims }) => {
        const claim = claims.get(party);
        return claim ? [{ session, epoch: claim.epoch }] : [];
      });
      const record = readPartyRecord(server.keys.get(partyKey(party))?.value ?? "");
      expect({ seed, party, held }).toEqual({ seed, party, held: [record] });
    }
  }
  expect(moves).toBeGreaterThan(2 * SEEDS);
}, 60_000);

test("a server that stands still for long moves nothing: nobody accuses who may not be heard", async () => {
  const evening = new Evening(7);
  evening.releases = false;
  for (let node = 0; node < NODES; node++) await evening.addNode();
  await evening.server.run(3_000);
  const before = [...evening.won];
  const sessions = evening.nodes.map(({ keeper }) => keeper?.session);
  for (let pause = 0; pause < 4; pause++) {
    evening.server.pause();
    await evening.server.run(2.5 * SILENCE_MS);
    expect(evening.nodes.map(({ keeper }) => keeper?.state)).toEqual(evening.nodes.map(() => "doubtful"));
    evening.server.goOn();
    await evening.server.run(1.5 * SILENCE_MS);
  }
  expect(evening.nodes.map(({ keeper }) => keeper?.session)).toEqual(sessions);
  expect([...evening.won]).toEqual(before);
  expect(PARTIES.map((party) => evening.holdersOf(party).length)).toEqual(PARTIES.map(() => 1));
});

test("a node that was frozen finds its session dead, and what it held lost before it can ask for anything", async () => {
  const evening = new Evening(3);
  evening.releases = false;
  for (let node = 0; node < 3; node++) await evening.addNode();
  await evening.server.run(2_000);
  const [holder] = evening.holdersOf("one");
  const claim = holder?.keeper?.claims.get("one");
  const session = holder?.keeper?.session;
  holder?.freeze();
  await evening.server.run(2 * SILENCE_MS);
  expect(claim?.lost.aborted).toBe(false);
  const now = evening.holdersOf("one").filter((node) => node !== holder);
  expect(now.map(({ keeper }) => keeper?.claims.get("one")?.epoch)).toEqual([(claim?.epoch ?? 0) + 1]);
  holder?.thaw();
  await evening.server.run(100);
  expect(claim?.lost.aborted).toBe(true);
  expect(holder?.keeper?.session).not.toBe(session);
});

test("who is given up is taken by the first that asks, under the next epoch; who is held is named", async () => {
  const evening = new Evening(5);
  const { server } = evening;
  const [a, b] = [new SimulatedNode(server, "a"), new SimulatedNode(server, "b")];
  const opening = Promise.all([a.open(), b.open()]);
  await server.run(100);
  await opening;
  const answered = async <T>(asked: Promise<T> | undefined): Promise<T | undefined> => {
    await server.run(300);
    return asked;
  };
  const first = await answered(a.keeper?.claim("one"));
  expect(first?.claim?.epoch).toBe(1);
  expect((await answered(a.keeper?.claim("one")))?.claim).toBe(first?.claim as Claim);
  const refused = await answered(b.keeper?.claim("one"));
  expect(refused).toEqual({ holder: { session: a.keeper?.session ?? "", epoch: 1 } });
  const ending = first?.claim?.release();
  await answered(ending);
  expect(first?.claim?.lost.aborted).toBe(true);
  expect(await answered(b.keeper?.holderOf("one").then((holder) => holder?.session ?? "nobody"))).toBe(
    "nobody",
  );
  expect((await answered(b.keeper?.claim("one")))?.claim?.epoch).toBe(2);
  const closing = b.keeper?.close();
  await answered(closing);
  expect(a.keeper?.sessions).toEqual([a.keeper?.session ?? ""]);
  expect((await answered(a.keeper?.claim("one")))?.claim?.epoch).toBe(3);
});

/**
 * What many nodes over NATS cost: a sentence over one hop beside a pool of one's own and beside bare messages; parties and
 * nodes that only wait; a listener-second by role. `bun bench/nats-cost.ts [rows]`. Needs a NATS server; writes
 * `bench/nats-costs.json`, from which `bench/scale-plan.ts` plans.
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { connect } from "@nats-io/transport-node";
import type { SentenceJob, SpeakingEngine } from "../src/engines/contract/sentence-job.ts";
import { ClockExchange } from "../src/nats/clock/clock-exchange.ts";
import { BusConnection } from "../src/nats/connection.ts";
import { createBusHost } from "../src/nats/synthesis/create-bus-host.ts";
import { createSpeechHost } from "../src/pool/create-speech-host.ts";
import { memoryStore } from "../src/voices/text-store.ts";
import { VoiceRegistry } from "../src/voices/voice-registry.ts";
import { NatsServer } from "../test/support/nats-server.ts";
import { quantile } from "./row.ts";
import { House } from "./support/house.ts";
import type { BurstCosts, NatsCosts } from "./support/nats-costs.ts";
import { LINE_SECONDS } from "./support/prepared.ts";
import { Program } from "./support/program.ts";
import { SENTENCE, SHORT } from "./support/texts.ts";

const COSTS = new URL("./nats-costs.json", import.meta.url);
const SENTENCES = 200;
/** Runtimes compile what is said often; nobody asks how the first ones went. */
const WARM_SENTENCES = 300;
const REST_MS = 10;
const HOPS = 1_500;
const CLOCK_SETTLES_MS = 15_000;
const CLOCK_LOOKS = 200;
const IDLE_MS = 10_000;
const PARTIES = 10_000;
const BURST_BYTES = 5_120;
/** Bursts a second: each in a turn of its own, and many in one. */
const SPARSE = 190;
const DENSE = 3_000;
/** Nodes that hear them. */
const NODES = [0, 1, 5];
const BURST_MS = 4_000;

const rows: Record<string, () => Promise<Partial<NatsCosts>>> = {
  /** ms from asking to the first frame of a sentence: a pool here, one over NATS, and the same messages with no code of ours. */
  async "first-frame"() {
    const server = await NatsServer.start();
    await using synth = await Program.start("bun", "nats-node", { servers: server.url, role: "synth" });
    await using bare = await Program.start("bun", "nats-node", { servers: server.url, role: "bare-synth" });
    const connection = await BusConnection.open({ servers: server.url }, "asks");
    const client = await connect({ servers: server.url.replace("nats://", "") });
    const here = await createSpeechHost({ engines: ["espeak"], size: 1 });
    const there = await createBusHost(connection, { engines: ["espeak"], hasWorkers: false });
    const voice = (await VoiceRegistry.open(memoryStore())).getVoiceConfig("dm");
    const job: SentenceJob = {
      text: SHORT,
      voice,
      encodings: ["opus"],
      chunkBytes: 4096,
      bitrates: { opus: 24_000, "opus-low": 12_000 },
      aheadMs: 0,
    };
    let arrived = (): void => undefined;
    client.subscribe("bench.frame", { callback: () => arrived() });
    const bareMessages = async (subject: string): Promise<number> => {
      const since = performance.now();
      await client.request("bench.offer", "{}");
      const { promise, resolve } = Promise.withResolvers<void>();
      arrived = resolve;
      client.publish(subject, JSON.stringify(job));
      await promise;
      return performance.now() - since;
    };
    const sides = {
      here: () => firstFrame(here.engines[0], job),
      there: () => firstFrame(there.engines[0], job),
      bare: () => bareMessages("bench.order"),
      bareThere: () => bareMessages("bench.speak"),
    };
    const ms: Record<keyof typeof sides, number[]> = { here: [], there: [], bare: [], bareThere: [] };
    for (let sentence = -WARM_SENTENCES; sentence < SENTENCES; sentence++) {
      // In turn, so that whatever else the machine does happens to all of them.
      for (const side of ["here", "there", "bare", "bareThere"] as const) {
        const took = await sides[side]();
        if (sentence >= 0) ms[side].push(took);
        // What follows a first frame is nobody's.
        await Bun.sleep(REST_MS);
      }
    }
    await Promise.all([there.close(), here.close(), connection.close(), client.close()]);
    await Promise.all([synth.call("cpuMs"), bare.call("cpuMs")]);
    await server.stop();
    return {
      firstFrameHereMs: distribution(ms.here),
      firstFrameThereMs: distribution(ms.there),
      firstFrameBareThereMs: distribution(ms.bareThere),
      bareMessagesMs: distribution(ms.bare),
    };
  },

  /** ms of one hop of a burst of 5 KB: our connection, and the bare client. */
  async hop() {
    const server = await NatsServer.start();
    await using _echo = await Program.start("bun", "nats-node", { servers: server.url, role: "echo" });
    const connection = await BusConnection.open({ servers: server.url }, "hop");
    const client = await connect({ servers: server.url.replace("nats://", "") });
    const frame = new Uint8Array(BURST_BYTES);
    let arrived = (): void => undefined;
    connection.client.subscribe("bench.back", { callback: () => arrived() });
    const ours = { ms: [] as number[], send: () => connection.publish("bench.there", frame) };
    const bare = { ms: [] as number[], send: () => client.publish("bench.there", frame) };
    for (let hop = -100; hop < HOPS; hop++) {
      for (const side of [ours, bare]) {
        const { promise, resolve } = Promise.withResolvers<void>();
        arrived = resolve;
        const since = performance.now();
        side.send();
        await promise;
        if (hop >= 0) side.ms.push((performance.now() - since) / 2);
      }
      if (hop % 4 === 0) await Bun.sleep(2);
    }
    await Promise.all([connection.close(), client.close()]);
    await server.stop();
    return { hopMs: distribution(ours.ms), bareHopMs: distribution(bare.ms) };
  },

  /** ms by which nodes differ on the time, whose clocks are far apart and drift. */
  async clock() {
    const server = await NatsServer.start();
    const sessions = ["a", "b", "c"];
    const clocks = [
      { offset: 0, ppm: 0 },
      { offset: 98_765.4, ppm: 60 },
      { offset: -296_296.2, ppm: -45 },
    ];
    const exchanges: ClockExchange[] = [];
    for (const [at, { offset, ppm }] of clocks.entries()) {
      const connection = await BusConnection.open({ servers: server.url }, `clock ${at}`);
      const leases = { session: sessions[at] ?? "", sessions, observe: () => () => undefined };
      const local = (): number => offset + performance.now() * (1 + ppm * 1e-6);
      exchanges.push(await ClockExchange.open(connection, leases, { local }));
    }
    await Bun.sleep(CLOCK_SETTLES_MS);
    const errors: number[] = [];
    for (let look = 0; look < CLOCK_LOOKS; look++) {
      // Of several readings the one that was interrupted least.
      for (const { clock } of exchanges.slice(1)) {
        const readings = Array.from({ length: 9 }, () => {
          const [before, shown, after] = [
            exchanges[0]?.clock.now() ?? NaN,
            clock.now(),
            exchanges[0]?.clock.now() ?? NaN,
          ];
          return { took: after - before, error: Math.abs(shown - (before + after) / 2) };
        });
        errors.push(readings.reduce((best, next) => (next.took < best.took ? next : best)).error);
      }
      await Bun.sleep(100);
    }
    await server.stop();
    return { clockErrorMs: { ...distribution(errors), max: Math.max(...errors) } };
  },

  /** CPU of nodes that only wait, and of parties that do. */
  async idle() {
    const server = await NatsServer.start();
    const nodes: Program[] = [];
    for (let node = 0; node < 3; node++)
      nodes.push(await Program.start("bun", "nats-node", { servers: server.url, role: "idle" }));
    await Bun.sleep(2_000);
    const cpu = async (): Promise<{ server: number; nodes: number }> => {
      const before = await Promise.all(nodes.map((node) => node.call<number>("cpuMs")));
      const serverBefore = cpuMsOf(server.pid);
      await Bun.sleep(IDLE_MS);
      const after = await Promise.all(nodes.map((node) => node.call<number>("cpuMs")));
      const all = after.reduce((sum, ms, at) => sum + ms - (before[at] ?? 0), 0);
      return {
        server: (cpuMsOf(server.pid) - serverBefore) / (IDLE_MS / 1_000),
        nodes: all / nodes.length / (IDLE_MS / 1_000),
      };
    };
    const empty = await cpu();
    const memory = rssKiB(server.pid);
    const since = performance.now();
    await nodes[0]?.call("claim", PARTIES);
    const claimMs = (performance.now() - since) / PARTIES;
    await Bun.sleep(1_000);
    const full = await cpu();
    const kibPerParty = (rssKiB(server.pid) - memory) / PARTIES;
    for (const node of nodes) await node[Symbol.asyncDispose]();
    await server.stop();
    return {
      idleNodeCpuMs: empty.nodes,
      idleServerCpuMs: empty.server,
      idlePartyCpuUs: ((full.server - empty.server + (full.nodes - empty.nodes) * 3) * 1_000) / PARTIES,
      idlePartyKiB: kibPerParty,
      claimMs,
    };
  },

  /** CPU of a listener-second: what each listener costs the node it sits at, and what a line costs whoever makes it. */
  async roles() {
    await using house = await House.open("bun", "table", { encoding: "opus" });
    await house.warmUp();
    const perSecond = async (listeners: number, lines: number): Promise<number> => {
      await house.fill(listeners);
      const rounds: number[] = [];
      for (let round = 0; round < 5; round++)
        rounds.push((await house.cost(lines, 4)) / (lines * LINE_SECONDS));
      return quantile(rounds, 0.5);
    };
    const crowd = await perSecond(1_000, 2);
    const few = await perSecond(50, 8);
    const edgeUs = ((crowd - few) * 1_000) / 950;
    return { edgeListenerUs: edgeUs, holderPartyUs: Math.max(0, few * 1_000 - 50 * edgeUs) };
  },

  /** CPU of a second of speech: eSpeak, sound chain and Opus, where it is made and where it is asked for over NATS. */
  async synthesis() {
    const server = await NatsServer.start();
    await using synth = await Program.start("bun", "nats-node", { servers: server.url, role: "synth" });
    const connection = await BusConnection.open({ servers: server.url }, "asks");
    const there = await createBusHost(connection, { engines: ["espeak"], hasWorkers: false });
    const voice = (await VoiceRegistry.open(memoryStore())).getVoiceConfig("dm");
    const job: SentenceJob = {
      text: SENTENCE,
      voice,
      encodings: ["opus"],
      chunkBytes: 4096,
      bitrates: { opus: 24_000, "opus-low": 12_000 },
      aheadMs: 10_000,
    };
    for (let sentence = 0; sentence < 40; sentence++) await durationOf(there.engines[0], job);
    const [worker, own, bus] = [await synth.call<number>("cpuMs"), process.cpuUsage(), cpuMsOf(server.pid)];
    const statsBefore = connection.client.stats();
    let seconds = 0;
    for (let sentence = 0; sentence < SENTENCES; sentence++)
      seconds += (await durationOf(there.engines[0], job)) / 1_000;
    const asked = process.cpuUsage(own);
    const { inMsgs, outMsgs } = connection.client.stats();
    const costs = {
      synthMessages: (inMsgs + outMsgs - statsBefore.inMsgs - statsBefore.outMsgs) / seconds,
      synthSecondUs: (((await synth.call<number>("cpuMs")) - worker) * 1_000) / seconds,
      askSecondUs: (asked.user + asked.system) / seconds,
      busSynthSecondUs: ((cpuMsOf(server.pid) - bus) * 1_000) / seconds,
    };
    await there.close();
    await connection.close();
    await server.stop();
    return costs;
  },

  /** CPU of a burst of 5 KB, few and many of them: who publishes, the server by the number of nodes, who receives. */
  async bursts() {
    return { sparse: await burstsAt(SPARSE), dense: await burstsAt(DENSE) };
  },
};

/** @param rate bursts a second */
async function burstsAt(rate: number): Promise<BurstCosts> {
  const server: number[] = [];
  let [publisher, subscriber] = [0, 0];
  for (const count of NODES) {
    const nats = await NatsServer.start();
    const nodes: Program[] = [];
    for (let node = 0; node < count; node++)
      nodes.push(await Program.start("bun", "nats-node", { servers: nats.url, role: "hear" }));
    const connection = await BusConnection.open({ servers: nats.url }, "sends");
    const frame = new Uint8Array(BURST_BYTES);
    await Bun.sleep(500);
    const [bus, own] = [cpuMsOf(nats.pid), process.cpuUsage()];
    const heardBefore = (await nodes[0]?.call<number>("cpuMs")) ?? 0;
    const since = performance.now();
    let sent = 0;
    while (performance.now() - since < BURST_MS) {
      for (const due = ((performance.now() - since) / 1_000) * rate; sent < due; sent++)
        connection.publish("bench.frames", frame);
      await Bun.sleep(1);
    }
    const { user, system } = process.cpuUsage(own);
    await Bun.sleep(200);
    server.push(((cpuMsOf(nats.pid) - bus) * 1_000) / sent);
    if (count === 1) {
      publisher = (user + system) / sent;
      subscriber = ((((await nodes[0]?.call<number>("cpuMs")) ?? 0) - heardBefore) * 1_000) / sent;
    }
    for (const node of nodes) await node[Symbol.asyncDispose]();
    await connection.close();
    await nats.stop();
  }
  const [none = 0, one = 0, some = 0] = server;
  const most = NODES.at(-1) ?? 1;
  return {
    rate,
    publisherUs: publisher,
    subscriberUs: subscriber,
    serverUs: none,
    serverOneNodeUs: one,
    deliveryUs: Math.max(some - none, 0) / most,
  };
}

async function firstFrame(engine: SpeakingEngine | undefined, job: SentenceJob): Promise<number> {
  const since = performance.now();
  let took = NaN;
  for await (const event of engine?.speak(job) ?? [])
    if (event.type === "frame" && Number.isNaN(took)) took = performance.now() - since;
  return took;
}

async function durationOf(engine: SpeakingEngine | undefined, job: SentenceJob): Promise<number> {
  let ms = 0;
  for await (const event of engine?.speak(job) ?? []) if (event.type === "end") ms = event.durationMs;
  return ms;
}

function distribution(values: readonly number[]): { p50: number; p99: number } {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function rssKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

const chosen = process.argv.slice(2);
const known = await Bun.file(COSTS)
  .json()
  .catch(() => ({}));
for (const [name, row] of Object.entries(rows)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const costs = await row();
  Object.assign(known, costs);
  console.log(`${name} (load ${loadavg()[0]?.toFixed(1)}):`, JSON.stringify(costs));
}
writeFileSync(COSTS, `${JSON.stringify(known, undefined, 2)}\n`);
process.exit(0);

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import type { WrittenEngineRef } from "../../../src/engines/catalogue.ts";
import type { SentenceEvent, SpeakingEngine } from "../../../src/engines/contract/sentence-job.ts";
import { BusConnection } from "../../../src/nats/connection.ts";
import { createBusHost } from "../../../src/nats/synthesis/create-bus-host.ts";
import { writeOffer } from "../../../src/nats/synthesis/offers.ts";
import { FREE_WORKERS, offerSubject } from "../../../src/nats/synthesis/subjects.ts";
import { type SynthesisNode, synthesisNode } from "../../../src/nats/synthesis/synthesis-node.ts";
import { createSpeechHost } from "../../../src/pool/create-speech-host.ts";
import { WINDOW } from "../../../src/pool/protocol.ts";
import { SharedHost } from "../../../src/pool/shared-host.ts";
import type { SpeechHost } from "../../../src/pool/speech-host.ts";
import { ATTEMPTS, count, counted, createTally, MET, PIECES, STOPPED } from "../../fixtures/engines/tally.ts";
import { codeOf, collect, job, messages, tone } from "../../pool/speaking.ts";
import { hasNats, NatsServer } from "../../support/nats-server.ts";
import { until } from "../../support/table.ts";

const GRACE = { graceMs: 5_000 };
/** Of a frame: its header, which is written where it is sent. */
const HEADER_BYTES = 16;

/** A digest of a sentence's sound, however it was cut into frames. */
function sound(events: readonly SentenceEvent[]): string {
  const hash = createHash("sha256");
  for (const event of events)
    if (event.type === "frame") hash.update(event.frame.bytes.get("pcm16")?.subarray(HEADER_BYTES) ?? "");
  return hash.digest("hex");
}

describe.skipIf(!hasNats)("synthesis on any node", () => {
  let server: NatsServer;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    server = await NatsServer.start();
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  afterAll(() => server?.stop());

  async function dial(name: string): Promise<BusConnection> {
    const connection = await BusConnection.open({ servers: server.url }, name);
    ends.push(() => connection.close());
    return connection;
  }

  async function speaks(engines: WrittenEngineRef[], size = 1): Promise<SynthesisNode> {
    const node = await synthesisNode({ servers: server.url }, { engines, size });
    ends.push(() => node.close({ graceMs: 0 }));
    return node;
  }

  async function asks(
    engines: WrittenEngineRef[],
    options: { hasWorkers?: boolean; startMs?: number } = {},
  ): Promise<SpeechHost> {
    const host = await createBusHost(await dial("asks"), { engines, size: 1, hasWorkers: false, ...options });
    ends.push(() => host.close());
    return host;
  }

  const first = (host: SpeechHost): SpeakingEngine => host.engines[0] as SpeakingEngine;

  test("a sentence is said elsewhere, with the same sound as here, and its engine is known as it is there", async () => {
    const engine = tone({ words: true, pieces: 40 });
    const here = await createSpeechHost({ engines: [engine], size: 1 });
    ends.push(() => here.close());
    await speaks([engine]);
    const away = await asks([engine]);
    const sentence = {
      ...job("The bridge is out, and the river is high."),
      encodings: ["pcm16", "dm20"] as const,
    };
    const [own, other] = [
      await collect(first(here).speak(sentence)),
      await collect(first(away).speak(sentence)),
    ];
    expect(sound(other)).toBe(sound(own));
    expect(messages(other).join("\n") === messages(own).join("\n")).toBe(true);
    expect(other.at(-1)).toEqual(own.at(-1) as SentenceEvent);
    expect(first(away).capabilities).toEqual(first(here).capabilities);
    expect(first(away).supportedLanguages()).toEqual(first(here).supportedLanguages());
  });

  test("nobody makes more than is taken, and who cancels stops the engine and frees the worker", async () => {
    const tally = createTally();
    await speaks([tone({ tally, pieces: 1_000 })]);
    const host = await asks([tone({ tally })]);
    const abort = new AbortController();
    const taken: unknown[] = [];
    const speak = async (): Promise<void> => {
      for await (const piece of first(host).synthesize("Psst.", job().voice, { signal: abort.signal })) {
        taken.push(piece);
        if (taken.length < 3) continue;
        // Time enough for whoever does not wait for credits.
        await Bun.sleep(100);
        // One window between the nodes, and one within the node that speaks.
        expect(counted(tally, PIECES)).toBeLessThanOrEqual(3 + 2 * WINDOW + 2);
        abort.abort();
      }
    };
    expect(await codeOf(speak())).toBe("cancelled");
    await until(() => counted(tally, STOPPED) === 1);
    for await (const piece of first(host).synthesize("Again.", job().voice)) {
      expect(piece.samples).not.toBeEmpty();
      break;
    }
  });

  test("a party with many sentences does not starve another, however few workers there are", async () => {
    const engine = tone({ pieces: 20 });
    await speaks([engine]);
    const shared = new SharedHost(await asks([engine]));
    const [busy] = shared.viewOf("busy").engines;
    const [small] = shared.viewOf("small").engines;
    const order: string[] = [];
    const say = async (party: string, engine: SpeakingEngine | undefined): Promise<void> => {
      await collect((engine as SpeakingEngine).speak(job(`Somebody of ${party} speaks.`)));
      order.push(party);
    };
    const all = Array.from({ length: 12 }, () => say("busy", busy));
    all.push(say("small", small));
    await Promise.all(all);
    // One is being said, one has its turn, and then it is the other party's.
    expect(order.indexOf("small")).toBeLessThanOrEqual(3);
  });

  test("who has no worker free is asked by nobody, and the sentence waits for the first that is", async () => {
    const tally = createTally();
    const held = tone({ tally, meet: 2 });
    await speaks([held]);
    const host = await asks([held]);
    const one = collect(first(host).speak(job("One.")));
    await until(() => counted(tally, ATTEMPTS) === 1);
    const two = collect(first(host).speak(job("Two.")));
    await Bun.sleep(100);
    expect(counted(tally, ATTEMPTS)).toBe(1);
    const asking = (await dial("asks, too")).request(
      offerSubject("tone"),
      writeOffer({ job: "3", engine: "tone" }),
    );
    expect(await codeOf(asking)).toBe("not-found");
    // The first goes on when another node begins with the second.
    await speaks([held]);
    for (const events of await Promise.all([one, two])) expect(events.at(-1)?.type).toBe("end");
  });

  test("an offer that nobody answers is made again, to somebody else", async () => {
    const deaf = await dial("deaf");
    let unanswered = 0;
    const stuck = deaf.client.subscribe(offerSubject("tone"), {
      queue: FREE_WORKERS,
      callback: () => {
        unanswered += 1;
      },
    });
    await deaf.client.flush();
    await speaks([tone()]);
    const host = await asks([tone()]);
    for (let sentence = 0; sentence < 20 && unanswered < 2; sentence++)
      expect((await collect(first(host).speak(job(`Sentence ${sentence}.`)))).at(-1)?.type).toBe("end");
    expect(unanswered).toBeGreaterThan(0);
    stuck.unsubscribe();
  });

  test("a node that drains says what it has begun, and takes nothing more", async () => {
    const tally = createTally();
    const draining = await speaks([tone({ tally, meet: 2 })]);
    const host = await asks([tone()]);
    const begun = collect(first(host).speak(job("Begun.")));
    await until(() => counted(tally, ATTEMPTS) === 1);
    const closing = draining.close(GRACE);
    const next = collect(first(host).speak(job("Next.")));
    await Bun.sleep(50);
    expect(counted(tally, ATTEMPTS)).toBe(1);
    await speaks([tone({ tally, meet: 2 })]);
    for (const events of await Promise.all([begun, next])) expect(events.at(-1)?.type).toBe("end");
    await closing;
  });

  test("a node's own workers come first, and those of others when they are taken", async () => {
    const [own, other] = [createTally(), createTally()];
    await speaks([tone({ tally: other })]);
    const host = await asks([tone({ tally: own, meet: 2 })], { hasWorkers: true });
    const here = collect(first(host).speak(job("Here.")));
    await until(() => counted(own, ATTEMPTS) === 1);
    expect((await collect(first(host).speak(job("There.")))).at(-1)?.type).toBe("end");
    expect([counted(own, ATTEMPTS), counted(other, ATTEMPTS)]).toEqual([1, 1]);
    count(own, MET);
    await here;
  });

  test("where NATS is gone a node goes on with its own workers, and finds those of others when it is back", async () => {
    const own = await NatsServer.start();
    const tally = createTally();
    const node = await synthesisNode({ servers: own.url }, { engines: [tone()], size: 1 });
    const connection = await BusConnection.open({ servers: own.url }, "asks");
    const host = await createBusHost(connection, { engines: [tone({ tally, meet: 3 })], size: 1 });
    await own.kill();
    await until(() => !connection.isUp && !node.isConnected);
    const here = collect(first(host).speak(job("Here.")));
    await until(() => counted(tally, ATTEMPTS) === 1);
    const there = collect(first(host).speak(job("There.")));
    const again = await NatsServer.start({ again: own });
    expect((await there).at(-1)?.type).toBe("end");
    expect(counted(tally, ATTEMPTS)).toBe(1);
    count(tally, MET);
    count(tally, MET);
    expect((await here).at(-1)?.type).toBe("end");
    await host.close();
    await node.close({ graceMs: 0 });
    await connection.close();
    await again.stop();
  });

  test("an engine that no node has is told, and not waited for without end", async () => {
    const host = await asks([tone()], { startMs: 300 });
    expect(await first(host).isAvailable()).toBe(false);
    expect(await codeOf(collect(first(host).speak(job())))).toBe("engine-unavailable");
    // Somebody who has it comes later.
    await speaks([tone()]);
    expect((await collect(first(host).speak(job()))).at(-1)?.type).toBe("end");
    expect(await first(host).isAvailable()).toBe(true);
  });
});

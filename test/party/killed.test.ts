import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineModule, type EngineRef, engineName } from "../../src/engines/catalogue.ts";
import type { SentenceEvent } from "../../src/engines/contract/sentence-job.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { type StandInName, startStandIns } from "../support/services/stand-ins.ts";
import { writeVitsVoice } from "../support/stand-in-voices.ts";
import { until } from "../support/table.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

/** An engine, and what ends it while it is heard. */
interface Victim {
  name: string;
  start: () => Promise<TestServer>;
  /** Makes the next sentence one that is broken off. */
  arm?(): void;
  kill(): void;
}

const workers: Worker[] = [];
function createWorker(): Worker {
  const worker = new Worker(new URL("../../workers/speech.ts", import.meta.url), { type: "module" });
  workers.push(worker);
  return worker;
}

const voices = mkdtempSync(join(tmpdir(), "bardcast-killed-"));
await writeVitsVoice(join(voices, "tiny"));
afterAll(() => rmSync(voices, { recursive: true }));
const services = await startStandIns();
afterAll(() => services[Symbol.asyncDispose]());

/** A table at which nothing is kept, and an engine that was killed is soon tried again. */
function tableOf(...engines: EngineRef[]): Promise<TestServer> {
  return startServer({
    players: ["thorin", "elara", "pip"],
    engines,
    health: { firstProbeMs: 10 },
    cache: false,
    pool: { size: 1, createWorker },
  });
}

/** One for all services, each of which fails by itself. */
const online = await tableOf(...services.engines, "espeak");

const victims: readonly Victim[] = [
  ...(["espeak", "flite"] as const).map((name) => ({
    name,
    start: () => tableOf(held(name), name === "espeak" ? "flite" : "espeak"),
    kill: () => {
      for (const worker of workers.splice(0)) worker.terminate();
    },
  })),
  {
    name: "sherpa",
    start: () => tableOf(held({ engine: "sherpa", options: { voicesDir: voices } }, true), "espeak"),
    kill: () => {
      for (const pid of children()) process.kill(pid, "SIGKILL");
    },
  },
  ...services.engines.map((ref) => {
    const name = ref.engine as StandInName;
    return {
      name,
      start: async () => online,
      arm: () => {
        services.moods[name] = "hang";
      },
      kill: () => {
        services.moods[name] = "well";
        services.cut();
      },
    };
  }),
];

test.each(victims.map((victim) => [victim.name, victim] as const))(
  "where %s is killed in the middle of a line, every listener gets every sentence once, and nobody else a whisper",
  async (name, victim) => {
    const story = [`The dragon of ${name} wakes in the dark halls, and roars at you.`, "Run!", "Now!"];
    const secret = [`The dragon of ${name} sleeps on the key of the tower, and dreams.`, "Take it."];
    const server = await victim.start();
    using made = watch(server);
    const [thorin, pip, elara] = [
      await greeted(server, "thorin"),
      await greeted(server, "pip"),
      await server.join("elara"),
    ];
    const speak = async (sentences: readonly string[], to: "all" | string[]): Promise<string> => {
      const frames = thorin.frames.length;
      victim.arm?.();
      const line = { text: sentences.join(" "), to, voice: { engine: name } };
      const speaking = server.speak(line);
      // It is heard, and it is not over.
      await until(() => thorin.frames.length > frames);
      victim.kill();
      const report = await (await speaking).json();
      expect(report).toMatchObject({ sentences: sentences.length });
      await until(() => thorin.isOver(report.utterance));
      return report.utterance;
    };

    const told = (): unknown[] =>
      elara.messages.map(({ content }) => content).filter((content) => String(content).includes(name));

    const spoken = await speak(story, "all");
    await elara.untilClips(story.length);
    await until(() => pip.isOver(spoken));
    expectOnce(thorin, spoken, story);
    expectOnce(pip, spoken, story);
    expect(told()).toEqual([story.join(" ")]);
    await isWell(server, name);

    const whispered = await speak(secret, ["thorin", "elara"]);
    await elara.untilClips(story.length + secret.length);
    expectOnce(thorin, whispered, secret);
    expect(told()).toEqual([story.join(" "), secret.join(" ")]);
    expect(JSON.stringify(pip.messages)).not.toContain(whispered);
    expect(JSON.stringify(pip.messages)).not.toContain("key");
    // Of a line before it that is still heard there may be some too.
    const announced = pip.of("speech.begin").map(({ handle }) => handle);
    expect(pip.frames.filter(({ handle }) => !announced.includes(handle))).toEqual([]);

    for (const sentence of [...story, ...secret]) {
      expect([sentence, made.frames.get(sentence), made.clips.get(sentence)]).toEqual([sentence, 1, 1]);
    }
    for (const client of [thorin, pip, elara]) client.socket.close();
  },
  60_000,
);

/** A v2 listener's line: each text once; each sentence begun once, the broken one shown, and no sample twice. */
function expectOnce(client: V2SocketClient, utterance: string, sentences: readonly string[]): void {
  const own = <T extends { utterance: string }>(messages: T[]) =>
    messages.filter((message) => message.utterance === utterance);
  const texts = own(client.of("speech.text")).filter(({ words }) => !words);
  expect(texts.map(({ text }) => text)).toEqual([...sentences]);
  const fallbacks = own(client.of("speech.fallback"));
  expect(fallbacks.map(({ sentence, mode }) => [sentence, mode])).toEqual([[0, "caption"]]);
  const frames = client.framesOf(utterance);
  expect(frames.filter(({ discontinuity }) => discontinuity)).toHaveLength(sentences.length);
  expect(frames.map(({ sequence }) => sequence)).toEqual(frames.map((_, index) => index));
  let samples = 0;
  for (const { ptsSamples, payload } of frames) {
    expect(ptsSamples).toBe(samples);
    samples += payload.length / 2;
  }
  expect(own(client.of("speech.end"))).toHaveLength(1);
}

/** How often frames, and a clip, are made of each sentence. */
interface Made extends Disposable {
  frames: Map<string, number>;
  clips: Map<string, number>;
}

function watch({ party: { router } }: TestServer): Made {
  const made = { frames: new Map<string, number>(), clips: new Map<string, number>() };
  const speak = router.speak.bind(router);
  router.speak = async (job, options) => {
    const { engine, events } = await speak(job, options);
    return { engine, events: counted(job.text, events, made) };
  };
  const restore = (): void => {
    router.speak = speak;
  };
  return { ...made, [Symbol.dispose]: restore };
}

async function* counted(
  text: string,
  events: AsyncIterable<SentenceEvent>,
  { frames, clips }: Omit<Made, keyof Disposable>,
): AsyncGenerator<SentenceEvent> {
  const count = (counts: Map<string, number>) => counts.set(text, (counts.get(text) ?? 0) + 1);
  for await (const event of events) {
    if (event.type === "frame" && event.frame.begins) count(frames);
    if (event.type === "clip") count(clips);
    yield event;
  }
}

async function greeted(server: TestServer, player: string): Promise<V2SocketClient> {
  const token = await server.party.tokens.issue(player);
  const client = new V2SocketClient(`${server.url}/ws?token=${token}`);
  await client.greet({ codecs: ["pcm16"] });
  return client;
}

/** Waits until the engine is there again, as for the next evening. */
async function isWell({ party }: TestServer, name: string): Promise<void> {
  for (;;) {
    const engines = await party.router.getStatus();
    if (engines.some((engine) => engine.name === name && engine.outOfOrder === undefined)) return;
    await Bun.sleep(5);
  }
}

function held(ref: EngineRef, isolated = false): EngineModule {
  const module = new URL("../fixtures/engines/held.ts", import.meta.url);
  return { name: engineName(ref), module, isolated, options: { ref, isolated } };
}

/** Processes that this one has started, as Linux knows them. */
function children(): number[] {
  const { pid } = process;
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

import { afterEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAME_HEADER_BYTES } from "../../src/core/protocol/frame.ts";
import type { EngineModule } from "../../src/engines/catalogue.ts";
import type { SentenceEvent, SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import { createSpeechHost, type SpeechHostOptions } from "../../src/pool/create-speech-host.ts";
import type { SpeechHost } from "../../src/pool/speech-host.ts";
import { codeOf, collect, job, messages, mishap, tone, unready, voice } from "./speaking.ts";

/** Short, but long enough for a busy machine to let a sound process answer. */
const HANG_MS = 1500;

const hosts: SpeechHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

async function start(options: SpeechHostOptions): Promise<SpeechHost> {
  const host = await createSpeechHost({ size: 1, ...options });
  hosts.push(host);
  return host;
}

function isolated(engine: EngineModule): EngineModule {
  return { ...engine, isolated: true };
}

test("an engine in a process of its own says the same as in a worker, beside one that is in a worker", async () => {
  const own: EngineModule = { ...isolated(tone()), name: "apart" };
  const host = await start({ engines: [own, tone()] });
  const [apart, near] = host.engines as [SpeakingEngine, SpeakingEngine];
  expect([apart.name, near.name]).toEqual(["apart", "tone"]);
  const [here, there] = [await collect(near.speak(job())), await collect(apart.speak(job()))];
  expect(messages(there)).toEqual(messages(here));
  expect(messages(there)).not.toBeEmpty();
  const frames = { ...job(), encodings: ["opus", "pcm16"] } as const;
  const [nearPcm, apartPcm] = [await collect(near.speak(frames)), await collect(apart.speak(frames))].map(
    pcmOf,
  );
  expect(apartPcm?.length).toBeGreaterThan(1000);
  expect(apartPcm).toEqual(nearPcm as Buffer);
  expect(await collect(apart.synthesize("Psst.", voice))).toEqual(
    await collect(near.synthesize("Psst.", voice)),
  );
  expect(host.status()).toMatchObject({ kind: "pool", workers: 2, restarts: 0 });
});

/** The PCM of all frames; where one ends and the next begins is a question of time. */
function pcmOf(events: readonly SentenceEvent[]): Buffer {
  const parts = events.flatMap((event) => (event.type === "frame" ? [event.frame.bytes.get("pcm16")] : []));
  return Buffer.concat(parts.map((bytes) => (bytes ?? new Uint8Array()).subarray(FRAME_HEADER_BYTES)));
}

describe.each(["exit", "crash", "killed", "hang", "spin", "babble"] as const)(
  "a process in which an engine does `%s`",
  (kind) => {
    test("is replaced, and its sentence is spoken again from the start", async () => {
      const flag = join(mkdtempSync(join(tmpdir(), "bardcast-child-")), "it-happened");
      const engines = [isolated(mishap({ mishap: kind, flag }))];
      const host = await start({ engines, hangMs: HANG_MS });
      const events = await collect((host.engines[0] as SpeakingEngine).speak(job()));
      const sound = await start({ engines: [tone()] });
      expect(messages(events)).toEqual(
        messages(await collect((sound.engines[0] as SpeakingEngine).speak(job()))),
      );
      expect(existsSync(flag)).toBe(true);
      expect(host.status().restarts).toBe(1);
    }, 20_000);
  },
);

describe.each(["exit", "crash", "killed", "hang", "babble"] as const)(
  "where `%s` befalls a process",
  (kind) => {
    test("another engine says the sentence at once, and the next one too until there is a new process", async () => {
      const flag = join(mkdtempSync(join(tmpdir(), "bardcast-child-")), "it-happened");
      const engines = [isolated(mishap({ mishap: kind, flag })), tone()];
      const host = await start({ engines, hangMs: HANG_MS });
      const router = new TTSRouter({ engines: host.engines, health: { firstProbeMs: 50 } });
      const speaker = async (): Promise<string> => {
        const { engine, events } = await router.speak(job());
        expect(messages(await collect(events))).not.toBeEmpty();
        return engine;
      };
      expect(await speaker()).toBe("tone");
      // Nothing waits for the one that is being started.
      if (host.status().workers === 1) {
        const [lost] = host.engines as [SpeakingEngine];
        expect(await codeOf(collect(lost.speak(job())))).toBe("worker-lost");
      }
      while ((await speaker()) !== "mishap") await Bun.sleep(50);
      expect(host.status()).toMatchObject({ workers: 2, restarts: 1 });
      await router.shutdown();
    }, 20_000);
  },
);

test("a signal to stop that all processes get does not end it: its host has lines to end", async () => {
  const host = await start({ engines: [isolated(tone())] });
  const [child] = await childrenOf(process.pid);
  process.kill(child as number, "SIGINT");
  process.kill(child as number, "SIGTERM");
  expect(messages(await collect((host.engines[0] as SpeakingEngine).speak(job())))).not.toBeEmpty();
  expect(host.status().restarts).toBe(0);
});

test("nothing is left of it when its host is closed", async () => {
  const host = await createSpeechHost({ engines: [isolated(tone())] });
  const children = await childrenOf(process.pid);
  expect(children).toHaveLength(1);
  await host.close();
  expect(await running(children)).toEqual([]);
});

test.each(["idle", "speaking", "hanging"])(
  "it ends with a host that is killed while it is %s",
  async (what) => {
    const parent = Bun.spawn([process.execPath, `${import.meta.dir}/child-owner.ts`, what], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await parent.stdout.getReader().read();
    const children = await childrenOf(parent.pid);
    expect(children).toHaveLength(1);
    parent.kill("SIGKILL");
    await parent.exited;
    while ((await running(children)).length > 0) await Bun.sleep(20);
  },
);

interface Process {
  pid: number;
  parent: number;
  /** Over, but nobody has asked how it ended. */
  isOver: boolean;
  command: string;
}

async function processes(): Promise<Process[]> {
  const listing = Bun.spawn(["ps", "-A", "-o", "pid=,ppid=,stat=,args="]);
  return (await new Response(listing.stdout).text()).split("\n").map((line) => {
    const [pid, parent, state = "", ...command] = line.trim().split(/\s+/);
    return {
      pid: Number(pid),
      parent: Number(parent),
      isOver: state.startsWith("Z"),
      command: command.join(" "),
    };
  });
}

/** Processes in which a host has engines speak. */
async function childrenOf(host: number): Promise<number[]> {
  const found = await processes();
  return found
    .filter(({ parent, command }) => parent === host && command.endsWith("child.ts"))
    .map(({ pid }) => pid);
}

async function running(pids: readonly number[]): Promise<number[]> {
  const found = await processes();
  return found.filter(({ pid, isOver }) => pids.includes(pid) && !isOver).map(({ pid }) => pid);
}

test("cancelling reaches the process, and frees it", async () => {
  const host = await start({ engines: [isolated(tone())] });
  const [engine] = host.engines as [SpeakingEngine];
  const abort = new AbortController();
  const cancelled = collect(engine.speak(job("A long one. ".repeat(200)), { signal: abort.signal }));
  abort.abort();
  expect(await codeOf(cancelled)).toBe("cancelled");
  expect(messages(await collect(engine.speak(job())))).not.toBeEmpty();
  expect(host.status().restarts).toBe(0);
});

test("a process that does not start makes its engine unavailable, and no other", async () => {
  const said: string[] = [];
  const options = { startMs: 1500, log: (message: string) => void said.push(message) };
  const host = await start({ engines: [isolated(unready("spins")), tone()], ...options });
  const [broken, sound] = host.engines as [SpeakingEngine, SpeakingEngine];
  expect(await broken.isAvailable()).toBe(false);
  expect(await codeOf(collect(broken.speak(job())))).toBe("engine-unavailable");
  expect(messages(await collect(sound.speak(job())))).not.toBeEmpty();
  expect(said[0]).toStartWith('the engine "unready" is not available: ');
});

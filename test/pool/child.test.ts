import { afterEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAME_HEADER_BYTES } from "../../src/core/frame.ts";
import type { EngineModule } from "../../src/engines/catalogue.ts";
import { TTSRouter } from "../../src/engines/router.ts";
import type { SentenceEvent, SpeakingEngine } from "../../src/engines/sentence-job.ts";
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

test("what a process cannot say, another engine says", async () => {
  const host = await start({ engines: [isolated(mishap({ mishap: "killed" })), tone()] });
  const router = new TTSRouter({ engines: host.engines });
  const speech = await router.speak(job());
  expect(speech.engine).toBe("tone");
  expect(messages(await collect(speech.events))).not.toBeEmpty();
});

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

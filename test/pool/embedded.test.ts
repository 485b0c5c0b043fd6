import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import type { SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { createInlineHost } from "../../src/pool/inline.ts";
import { SpeechPool } from "../../src/pool/pool.ts";
import { codeOf, collect, job, messages, voice } from "./speaking.ts";

const EMBEDDED = ["espeak", "flite"];
let pool: SpeechPool;

beforeAll(async () => {
  pool = await SpeechPool.start({ engines: EMBEDDED, size: 2 });
});

afterAll(() => pool.close());

function engine(host: { engines: readonly SpeakingEngine[] }, name: string): SpeakingEngine {
  return host.engines[EMBEDDED.indexOf(name)] as SpeakingEngine;
}

describe.each(EMBEDDED)("%s", (name) => {
  test("says the same in every worker and on this thread", async () => {
    const inline = await createInlineHost({ engines: [name] });
    const [first, second, third] = await Promise.all([
      collect(engine(pool, name).speak(job())),
      collect(engine(pool, name).speak(job())),
      collect((inline.engines[0] as SpeakingEngine).speak(job())),
    ]);
    expect(messages(first ?? []).length).toBeGreaterThan(10);
    expect(second).toEqual(first as typeof second);
    expect(third).toEqual(first as typeof third);
    await inline.close();
  });
});

test("the languages of an engine are known once it runs", () => {
  expect(engine(pool, "espeak").supportedLanguages()).toContain("it");
  expect(engine(pool, "flite").supportedLanguages()).toEqual(["en"]);
});

test("an unknown voice keeps its code on the way out of the worker", async () => {
  const odd = { ...voice, voiceId: "GuyNeural", language: "xx" };
  expect(await codeOf(collect(engine(pool, "espeak").speak({ ...job(), voice: odd })))).toBe("voice-unknown");
});

test("a process that closes its pool ends by itself", async () => {
  const script = fileURLToPath(new URL("./open-and-close.ts", import.meta.url));
  const child = Bun.spawn([process.execPath, script], { stdout: "pipe", stderr: "inherit" });
  expect(await new Response(child.stdout).text()).toBe("clip\n");
  expect(await child.exited).toBe(0);
});

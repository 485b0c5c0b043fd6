import { afterAll, beforeAll, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import type { SpeakingEngine } from "../../src/engines/sentence-job.ts";
import { createInlineHost } from "../../src/pool/inline.ts";
import { SpeechPool } from "../../src/pool/pool.ts";
import { codeOf, collect, job, messages, voice } from "./speaking.ts";

let pool: SpeechPool;
let espeak: SpeakingEngine;

beforeAll(async () => {
  pool = await SpeechPool.start({ engines: ["espeak"], size: 2 });
  espeak = pool.engines[0] as SpeakingEngine;
});

afterAll(() => pool.close());

test("eSpeak says the same in every worker and on this thread", async () => {
  const inline = await createInlineHost({ engines: ["espeak"] });
  const here = inline.engines[0] as SpeakingEngine;
  const [first, second, third] = await Promise.all([
    collect(espeak.speak(job())),
    collect(espeak.speak(job())),
    collect(here.speak(job())),
  ]);
  expect(messages(first ?? []).length).toBeGreaterThan(10);
  expect(second).toEqual(first as typeof second);
  expect(third).toEqual(first as typeof third);
  await inline.close();
});

test("eSpeak's languages are known once it runs", () => {
  expect(espeak.supportedLanguages()).toContain("it");
});

test("an unknown voice keeps its code on the way out of the worker", async () => {
  const odd = { ...voice, voiceId: "GuyNeural", language: "xx" };
  expect(await codeOf(collect(espeak.speak({ ...job(), voice: odd })))).toBe("voice-unknown");
});

test("a process that closes its pool ends by itself", async () => {
  const script = fileURLToPath(new URL("./open-and-close.ts", import.meta.url));
  const child = Bun.spawn([process.execPath, script], { stdout: "pipe", stderr: "inherit" });
  expect(await new Response(child.stdout).text()).toBe("clip\n");
  expect(await child.exited).toBe(0);
});

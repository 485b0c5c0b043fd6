import { expect, test } from "bun:test";
import type { SentenceJob } from "../../../src/engines/contract/sentence-job.ts";
import { speakSentence } from "../../../src/engines/render/speak-sentence.ts";
import { TTSRouter } from "../../../src/engines/routing/router.ts";
import { defaultTiers, detectHardware, tierOf } from "../../../src/engines/routing/tiers.ts";
import type { VoiceConfig } from "../../../src/voices/voice-config.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

const voice: VoiceConfig = {
  voiceId: "v",
  language: "en",
  speed: 1,
  pitch: 0,
  outputFormat: "wav",
  extra: {},
};
const job: SentenceJob = {
  text: "Hello.",
  voice,
  encodings: ["dm20"],
  chunkBytes: 4096,
  bitrates: { opus: 24_000, "opus-low": 12_000 },
  aheadMs: 0,
};

const engines = (...names: string[]) => names.map((name) => new ToneEngine({ name }));
const tiers = { speed: ["fast"], quality: ["fine"], fallback: ["last"] };

test.each([
  ["combat", "speed"],
  ["default", "speed"],
  ["narration", "quality"],
  ["dialogue", "quality"],
  ["ambient", "quality"],
  ["whatever", "speed"],
  ["__proto__", "speed"],
])("a line of %s starts with the %s tier", (context, tier) => {
  expect(tierOf(context)).toBe(tier as never);
});

test("the context's tier comes first, then the others", async () => {
  const router = new TTSRouter({ engines: engines("fast", "fine", "last"), tiers });
  expect((await router.getEngineForContext("combat")).name).toBe("fast");
  expect((await router.getEngineForContext("dialogue")).name).toBe("fine");
});

test("an engine named in the voice comes before every tier", async () => {
  const router = new TTSRouter({ engines: engines("fast", "fine", "last"), tiers });
  const own = { ...voice, extra: { engine: "last" } };
  expect((await router.getEngineForContext("combat", own)).name).toBe("last");
});

test("a failing engine hands over through the remaining tiers, nobody is asked twice, and the caller learns who spoke", async () => {
  const broken = new ToneEngine({ name: "broken", failsOn: () => true });
  const good = new ToneEngine({ name: "good" });
  const router = new TTSRouter({
    engines: [broken, good],
    tiers: { speed: ["broken"], quality: ["broken", "good"], fallback: ["good"] },
  });
  const speech = await router.speak(job);
  expect(speech.engine).toBe("good");
  const events = await Array.fromAsync(speech.events);
  expect(events.map((event) => event.type)).toEqual(["words", "clip", "end"]);
  expect([broken.asked.length, good.asked.length]).toEqual([1, 1]);
});

test("when all engines fail there is one error with each engine's reason", async () => {
  const router = new TTSRouter({
    engines: ["one", "two"].map((name) => new ToneEngine({ name, failsOn: () => true })),
  });
  const failure = await router.speak(job).catch((error) => error);
  expect(failure).toMatchObject({ code: "all-engines-failed", retryable: true });
  expect(failure.message).toContain('one: cannot say "Hello."');
  expect(failure.message).toContain('two: cannot say "Hello."');
});

test("an engine that yields nothing counts as failed", async () => {
  const router = new TTSRouter({ engines: [new ToneEngine({ samplesPerChar: 0 })] });
  await expect(router.speak(job)).rejects.toThrow("the engine gave no audio");
});

test("an engine that is not available is passed over; none at all says what to do", async () => {
  const router = new TTSRouter({
    engines: [new ToneEngine({ name: "absent", available: false }), new ToneEngine({ name: "here" })],
  });
  expect((await router.getEngineForContext("combat")).name).toBe("here");
  const nobody = new TTSRouter({ engines: [] });
  await expect(nobody.speak(job)).rejects.toMatchObject({ code: "engine-unavailable" });
});

test("it initialises once, warms every engine once, and tells its status", async () => {
  const [fast, fine, last] = engines("fast", "fine", "last");
  if (!fast || !fine || !last) throw new Error("three engines");
  const router = new TTSRouter({ engines: [fast, fine, last], tiers });
  await Promise.all([router.initialize(), router.initialize()]);
  await router.warmup(["speed"]);
  expect([fast.warmups, fine.warmups, last.warmups]).toEqual([1, 0, 0]);
  expect(await router.getStatus()).toContainEqual({
    name: "fine",
    available: true,
    tiers: ["quality"],
    languages: ["*"],
  });
});

test("a tier that names a stranger is a mistake", () => {
  expect(() => new TTSRouter({ engines: engines("a"), tiers: { speed: ["b"] } })).toThrow(RangeError);
});

test("heavy engines come first for speed only where the hardware carries them", () => {
  const heavy = new ToneEngine({ name: "heavy" });
  Object.assign(heavy.capabilities, { weight: "heavy" });
  const all = [heavy, new ToneEngine({ name: "light" })];
  expect(defaultTiers(all, { appleSilicon: false })).toEqual({
    speed: ["light", "heavy"],
    quality: ["heavy", "light"],
    fallback: ["light", "heavy"],
  });
  expect(defaultTiers(all, { appleSilicon: true }).speed).toEqual(["heavy", "light"]);
  expect(detectHardware()).toEqual({
    appleSilicon: process.platform === "darwin" && process.arch === "arm64",
  });
});

test("a whole text becomes one WAV file", async () => {
  const result = await new TTSRouter({ engines: engines("tone") }).synthesize("Hello there.", voice);
  expect(result).toMatchObject({ format: "wav", sampleRate: 24_000, engine: "tone", durationMs: 120 });
  expect(result.audio.length).toBe(44 + 2 * 3 * 960);
});

test("an aborted signal ends the search for an engine", async () => {
  const router = new TTSRouter({ engines: engines("one", "two") });
  await expect(router.speak(job, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "cancelled",
  });
});

test("how loud a voice was is handed to its next sentence, and to nobody else's", async () => {
  const jobs: (number | undefined)[] = [];
  const engine = new ToneEngine();
  const router = new TTSRouter({
    engines: [
      Object.assign(engine, {
        speak(each: SentenceJob) {
          jobs.push(each.level?.ms);
          return speakSentence(engine, each);
        },
      }),
    ],
  });
  const long = { ...job, text: "The dragon roars, and the walls of the old keep tremble. ".repeat(3) };
  for (const each of [long, long, { ...long, voice: { ...voice, voiceId: "other" } }])
    await Array.fromAsync((await router.speak(each)).events);
  const [first, second, other] = jobs;
  expect(first).toBeUndefined();
  expect(second).toBeGreaterThan(1000);
  expect(other).toBe(300);
});

test("quality puts robotic engines last, speed keeps the order", () => {
  const robot = new ToneEngine({ name: "robot" });
  Object.assign(robot.capabilities, { robotic: true });
  const tiers = defaultTiers([robot, new ToneEngine({ name: "person" })], { appleSilicon: false });
  expect(tiers).toEqual({
    speed: ["robot", "person"],
    quality: ["person", "robot"],
    fallback: ["robot", "person"],
  });
});

test.each([
  [{ language: "en-gb" }, ["english", "polyglot"]],
  [{ language: "it-it" }, ["polyglot", "english"]],
  [{ voiceId: "it+f3" }, ["polyglot", "english"]],
  [{ voiceId: "de", extra: { engine: "english" } }, ["english", "polyglot"]],
  [{ voiceId: "slt" }, ["english", "polyglot"]],
  [{ language: "xx" }, ["english", "polyglot"]],
])("a line of %p goes first to who speaks its language", async (own, names) => {
  const english = new ToneEngine({ name: "english", languages: ["en-us"] });
  const polyglot = new ToneEngine({ name: "polyglot", languages: ["en", "it", "de"] });
  const engines = [english, polyglot];
  const router = new TTSRouter({ engines });
  const its: VoiceConfig = { ...voice, ...own };
  expect((await router.getEngineForContext("dialogue", its)).name).toBe(names[0] as string);
  // Who does not speak it is still better than nobody.
  const alone = new TTSRouter({ engines: engines.filter(({ name }) => name === names[1]) });
  expect((await alone.speak({ ...job, voice: its })).engine).toBe(names[1] as string);
});

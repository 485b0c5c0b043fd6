import { expect, test } from "bun:test";
import { SpeechCache } from "../../src/engines/cache/speech-cache.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";
import { setTable } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2Client } from "../support/v2-client.ts";

test("engines are given what is said; captions show what was written, and their word times stand in it", async () => {
  const table = await setTable();
  const elara = new V2Client(table, "elara");
  await table.streams.speak({ text: "Pay $500 to Henry VIII." }).handedOver;
  expect(table.engine.asked).toEqual(["Pay five hundred dollars to Henry the eighth."]);
  const texts = elara.of("speech.text");
  expect(texts.map(({ text }) => text)).toEqual(["Pay $500 to Henry VIII.", "Pay $500 to Henry VIII."]);
  const words = texts.at(-1)?.words ?? [];
  expect(words.map(([from, length]) => "Pay $500 to Henry VIII.".slice(from, from + length))).toEqual([
    "Pay",
    "$500",
    "to",
    "Henry",
    "VIII",
  ]);
});

test("what is written in another script is said by an engine that speaks it, in the same line", async () => {
  const english = new ToneEngine({ name: "english", languages: ["en"] });
  const russian = new ToneEngine({ name: "russian", languages: ["ru"] });
  const table = await setTable({ streams: { router: new TTSRouter({ engines: [english, russian] }) } });
  const elara = new V2Client(table, "elara");
  const report = await table.streams.speak({
    text: "He whispers: Привет, дракон спит! Then he runs. Ω is a letter.",
  }).handedOver;
  expect(english.asked).toEqual(["He whispers:", "Then he runs.", "omega is a letter."]);
  expect(russian.asked).toEqual(["Привет, дракон спит!"]);
  expect(russian.voices.map(({ language }) => language)).toEqual(["ru"]);
  expect(report).toMatchObject({ delivered: true, engines: ["english", "russian"], problems: [] });
  const shown = elara.of("speech.text").filter(({ words }) => !words);
  expect(shown.map(({ text, sentence }) => [sentence, text])).toEqual([
    [0, "He whispers:"],
    [1, "Привет, дракон спит!"],
    [2, "Then he runs."],
    [3, "Ω is a letter."],
  ]);
});

test("what nobody can speak is told, and the rest is heard all the same", async () => {
  const english = new ToneEngine({ name: "english", languages: ["en"] });
  const table = await setTable({ streams: { router: new TTSRouter({ engines: [english] }) } });
  const elara = new V2Client(table, "elara");
  const text = "One. Привет, дракон. Two. Он спит давно. Three. Тишина кругом. Four.";
  const report = await table.streams.speak({ text }).handedOver;
  expect(english.asked).toEqual(["One.", "Two.", "Three.", "Four."]);
  expect(report.delivered).toBe(false);
  expect(report.problems.map(({ code, message }) => [code, /speaks "ru"/.test(message)])).toEqual([
    ["voice-unknown", true],
    ["voice-unknown", true],
    ["voice-unknown", true],
  ]);
  expect(elara.of("speech.fallback").map(({ sentence, mode, reason }) => [sentence, mode, reason])).toEqual([
    [1, "browser-voice", "voice-unknown"],
    [3, "browser-voice", "voice-unknown"],
    [5, "browser-voice", "voice-unknown"],
  ]);
});

test("another lexicon is heard from the next sentence on, whatever the cache has", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  const engine = new ToneEngine();
  const cache = new SpeechCache({ memoryBytes: 1 << 20 });
  const router = new TTSRouter({ engines: [engine], speakWith: cache.speakWith });
  const table = await setTable({ cache, streams: { registry, router } });
  table.join("thorin");
  const say = (): Promise<boolean> => table.streams.streamToAll("Drizzt waits.");
  expect(await table.streams.prepare({ text: "Drizzt waits." })).toEqual({ sentences: 1, cached: 1 });
  await say();
  registry.setLexicon({ Drizzt: "Drist" });
  await say();
  await say();
  registry.setLexicon({});
  await say();
  expect(engine.asked).toEqual(["Drizzt waits.", "Drist waits."]);
});

test("a speaker's own words are said so in their lines alone, also where a line quotes them", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  registry.setLexicon({ Gen: { say: "Ghen", speaker: "old_mara" } });
  const engine = new ToneEngine();
  const table = await setTable({ streams: { registry, router: new TTSRouter({ engines: [engine] }) } });
  table.join("thorin");
  await table.streams.streamToAll("Gen came. [voice Old Mara]Gen came.[/voice]");
  await table.streams.streamNpcToAll("Gen came.", "Old Mara");
  expect(engine.asked).toEqual(["Gen came.", "Ghen came.", "Ghen came."]);
});

test("a voice with language: auto speaks what the paragraph is in, and its own language until that is clear", async () => {
  const english = new ToneEngine({ name: "english", languages: ["en"] });
  const others = new ToneEngine({ name: "others", languages: ["de", "fr"] });
  const table = await setTable({ streams: { router: new TTSRouter({ engines: [english, others] }) } });
  table.join("thorin");
  const voice = { voice_id: "en-us+f3", language: "auto" };
  const text =
    "Ja. Der Drache wacht über die alte Burg und niemand wagt sich in den dunklen Wald. Es ist 8:00 Uhr.";
  const report = await table.streams.speak({ text, voice }).handedOver;
  expect(report.problems).toEqual([]);
  expect(english.asked).toEqual(["Ja."]);
  expect(others.asked).toEqual([
    "Der Drache wacht über die alte Burg und niemand wagt sich in den dunklen Wald.",
    "Es ist 8 Uhr.",
  ]);
  expect(others.voices[0]).toMatchObject({ voiceId: "de+f3", language: "de" });
});

test("with language: auto each paragraph is looked at alone, and a short one goes on in the language before it", async () => {
  const english = new ToneEngine({ name: "english", languages: ["en"] });
  const others = new ToneEngine({ name: "others", languages: ["de", "fr"] });
  const table = await setTable({ streams: { router: new TTSRouter({ engines: [english, others] }) } });
  table.join("thorin");
  const german = "Der Drache wacht über die alte Burg und niemand wagt sich in den dunklen Wald.";
  const narration = "The old castle sleeps beneath the hill and nobody dares to wake what lives in it.";
  const text = `${german}\n\n${narration}\n\nWait.`;
  await table.streams.speak({ text, voice: { voice_id: "en-us+f3", language: "auto" } }).handedOver;
  expect(others.asked).toEqual([german]);
  expect(english.asked).toEqual([narration, "Wait."]);
});

test("without it nothing is guessed among Latin letters", async () => {
  const table = await setTable();
  table.join("thorin");
  await table.streams.speak({
    text: "Der Drache wacht über die alte Burg und niemand wagt sich in den dunklen Wald.",
  }).handedOver;
  expect(table.engine.voices.map(({ language }) => language)).toEqual(["en-gb-x-rp"]);
});

import { expect, test } from "bun:test";
import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";
import { setTable, type TableOptions, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

/** A table with a v2 listener and a dm20 listener, and what they got of one line. */
async function speak(text: string | ReadableStream<string>, options: TableOptions = {}) {
  const table = await setTable(options);
  const elara = new V2Client(table, "elara");
  const thorin = table.join("thorin");
  const report = await table.streams.speak({ text, speaker: "dm" }).handedOver;
  const shown = elara.of("speech.text").filter(({ words }) => !words);
  return {
    ...table,
    elara,
    thorin,
    report,
    captions: shown.map((message) => message.text),
    narrated: thorin.of("narrative").map(({ content }) => content),
    pcm: new Int16Array(elara.pcm(elara.of("speech.begin")[0]?.handle ?? -1).slice().buffer),
  };
}

/** Samples at 24 kHz that a text sounds, by the engine's own measure, in whole packets. */
const sounds = (text: string): number => Math.ceil((text.length * 80 * 3 + 156) / 480) * 480 - 156;

/** The longest silence: samples. */
function longestSilence(pcm: Int16Array): number {
  let [longest, run] = [0, 0];
  for (const sample of pcm) {
    run = Math.abs(sample) < 16 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

test("a pause is silence of its length on both wires, and its tag is not shown", async () => {
  const paused = await speak("Wait [pause 500ms] for it.");
  const plain = await speak("Wait for it.");
  expect(paused.engine.asked).toEqual(["Wait", "for it."]);
  expect(paused.narrated).toEqual(["Wait for it."]);
  expect(paused.captions.join(" ")).toBe("Wait for it.");
  // What pads the first sentence to a whole packet comes before the pause.
  const padding = sounds("Wait") - "Wait".length * 240;
  expect(longestSilence(paused.pcm)).toBeWithin(12_000 + padding - 100, 12_000 + padding + 100);
  expect(longestSilence(plain.pcm)).toBeLessThan(600);
  expect(paused.thorin.clips.map(({ durationMs }) => durationMs)).toEqual([40, 570]);
});

test("words after a pause begin when it is over", async () => {
  const { elara } = await speak("Wait. [pause 1s] Now.");
  const [first, second] = elara.of("speech.text").filter(({ words }) => words);
  const begins = elara.frames
    .filter(({ discontinuity }) => discontinuity)
    .map(({ ptsSamples }) => ptsSamples / 24);
  expect(first?.atMs).toBe(0);
  expect(second?.atMs).toBe(Math.round(begins[1] ?? 0) + 1000);
  expect(second?.words?.[0]?.[2]).toBe(second?.atMs as number);
});

test("a pause before a stage direction comes before what is said next, and one at the end is heard", async () => {
  const { thorin, engine, report } = await speak("Hm. [pause 1s] [The door creaks] Who is it? [pause 250ms]");
  expect(engine.asked).toEqual(["Hm.", "Who is it?"]);
  expect(thorin.clips.map(({ durationMs }) => durationMs)).toEqual([30, 1100, 250]);
  expect(report).toMatchObject({ delivered: true, sentences: 2, problems: [] });
});

test("pauses with nothing said between them are one pause", async () => {
  const { thorin, engine } = await speak(
    "[pause 1s] [A bell rings] [pause 500ms] Hm. [pause 250ms] [Silence]",
  );
  expect(engine.asked).toEqual(["Hm."]);
  expect(thorin.clips.map(({ durationMs }) => durationMs)).toEqual([1530, 250]);
});

test("a pause that no engine can make is not missed", async () => {
  const { elara } = await speak("Hm. [pause 1s]", { engine: { available: false } });
  expect(elara.of("speech.fallback").map(({ sentence }) => sentence)).toEqual([0]);
});

test("another voice speaks where the text says so, and whoever it names as they spoke before", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  registry.setNpcVoice("Old Mara", { voice_id: "en-us+f3", pitch: 2 });
  const traits = { race: "dwarf", gender: "male" };
  const table = await setTable({ streams: { registry } });
  table.join("thorin");
  await table.streams.streamNpcToAll("Ho!", "Balin", traits);
  await table.streams.streamToAll(
    "She says: [voice old mara]Come in![/voice] [voice balin]No.[/voice] Silence.",
  );
  expect(table.engine.asked).toEqual(["Ho!", "She says:", "Come in!", "No.", "Silence."]);
  const [balin, dm, mara, ...others] = table.engine.voices;
  expect(mara).toEqual(registry.getVoiceConfig("old mara"));
  expect(others).toEqual([balin, dm] as never);
  expect(dm).toEqual(registry.getVoiceConfig("dm"));
});

test("whispers, effects and prosody reach the engine with their own words only", async () => {
  const { engine, narrated } = await speak(
    "One. [whisper]Two.[/whisper] [effect cave]Three. [effect radio]Four.[/effect][/effect] Five.",
    {},
  );
  expect(narrated).toEqual(["One. Two. Three. Four. Five."]);
  expect(engine.voices.map(({ extra }) => extra)).toEqual([
    {},
    { whisper: true },
    { effects: ["cave"] },
    { effects: ["cave", "radio"] },
    {},
  ]);
  const ssml = await speak('<speak>One. <prosody rate="50%" pitch="+2st">Two.</prosody></speak>');
  expect(ssml.narrated).toEqual(["One. Two."]);
  const [plain, slow] = ssml.engine.voices;
  expect(slow?.speed).toBeCloseTo((plain?.speed ?? 0) / 2, 6);
  expect(slow?.pitch).toBe((plain?.pitch ?? 0) + 2);
});

test("a whisper is half as loud as speech", async () => {
  const { pcm } = await speak("[whisper]Aaaaaaaaaa.");
  const { pcm: loud } = await speak("Aaaaaaaaaa.");
  const peak = (samples: Int16Array): number =>
    samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(peak(pcm) / peak(loud)).toBeCloseTo(0.5, 1);
});

test("a whispered passage is for everybody whom the line is for, and for nobody else", async () => {
  const table = await setTable();
  const [elara, pip] = [new V2Client(table, "elara"), new V2Client(table, "pip")];
  const thorin = table.join("thorin");
  await table.streams.speak({ text: "[whisper]All of you, hush.[/whisper]" }).handedOver;
  expect(thorin.of("narrative").map(({ content }) => content)).toEqual(["All of you, hush."]);
  expect([elara, pip].map((client) => client.of("speech.begin")[0]?.private)).toEqual([false, false]);
  const before = [pip.socket.sent.length, thorin.sent.length];
  const secret = "[voice mara]Only you.[/voice] [whisper]Only[/whisper] you. [effect cave]You.";
  await table.streams.speak({ text: secret, to: ["elara"] }).handedOver;
  expect(elara.of("speech.begin")[1]?.private).toBe(true);
  expect([pip.socket.sent.length, thorin.sent.length]).toEqual(before);
});

test("a text of nothing but tags is silence, and shows nobody anything", async () => {
  const { engine, elara, thorin, narrated, captions, report } = await speak(
    "[whisper] [pause 20ms][/whisper]",
  );
  expect([engine.asked, narrated, captions]).toEqual([[], [], []]);
  expect(thorin.clips.map(({ durationMs }) => durationMs)).toEqual([20]);
  expect(elara.of("speech.end")).toHaveLength(1);
  expect(report).toMatchObject({ sentences: 0, problems: [] });
  const nothing = await speak("[voice mara][/voice]");
  expect([nothing.narrated, nothing.captions, nothing.thorin.clips]).toEqual([[], [], []]);
  expect(nothing.report).toMatchObject({ sentences: 0, problems: [] });
});

test("tags count as characters of the text", async () => {
  const table = await setTable({ streams: { maxChars: 40 } });
  table.join("thorin");
  const text = `${"[whisper][/whisper]".repeat(3)}Hm.`;
  expect(() => table.streams.speak({ text })).toThrow("60 characters");
  async function* deltas(): AsyncGenerator<string> {
    yield* text;
  }
  const { problems } = await table.streams.speak({ text: deltas() }).handedOver;
  expect(problems.map(({ code }) => code)).toEqual(["text-too-long"]);
});

test("what is spelled is shown as it is written, and its letters are timed", async () => {
  const { engine, elara, captions } = await speak(
    '<speak>Say <say-as interpret-as="characters">AB</say-as>.',
  );
  expect(engine.asked).toEqual(["Say", "A B."]);
  expect(captions).toEqual(["Say", "AB."]);
  const [, letters] = elara.of("speech.text").filter(({ words }) => words);
  expect(letters?.words?.map(([start, length]) => letters.text.slice(start, start + length))).toEqual([
    "A",
    "B",
  ]);
});

test("unknown markup is shown and said", async () => {
  const { engine, narrated } = await speak("[shout]Run![/shout] [effect fog]Away.");
  expect(narrated).toEqual(["[shout]Run![/shout] [effect fog]Away."]);
  expect(engine.asked.join("").replaceAll(" ", "")).toBe("[shout]Run![/shout][effectfog]Away.");
});

test("tags that are cut between deltas are tags, and a voice is heard before the text has ended", async () => {
  const table = await setTable();
  const thorin = table.join("thorin");
  const { readable, writable } = new TransformStream<string, string>();
  const writer = writable.getWriter();
  const line = table.streams.speak({ text: readable });
  for (const delta of ["Hush! [whis", "per]They a", "re here.[", "/whis"]) void writer.write(delta);
  await until(() => table.engine.asked.length === 1);
  for (const delta of ["per] Go", "."]) void writer.write(delta);
  void writer.close();
  expect(await line.handedOver).toMatchObject({ delivered: true, sentences: 3 });
  expect(thorin.of("narrative").map(({ content }) => content)).toEqual(["Hush!", "They are here.", "Go."]);
  expect(table.engine.voices.map(({ extra }) => extra.whisper)).toEqual([undefined, true, undefined]);
});

test("a line that is cancelled in a pause ends there", async () => {
  const table = await setTable();
  const elara = new V2Client(table, "elara");
  const line = table.streams.speak({ text: "One. [pause 10s] Two. [pause 10s] Three. [pause 10s] Four." });
  await until(() => elara.frames.length > 1);
  line.cancel();
  expect(await line.handedOver).toMatchObject({ cancelled: true });
  const { length } = elara.frames;
  await Bun.sleep(20);
  expect(elara.frames).toHaveLength(length);
  expect(table.engine.asked).not.toContain("Four.");
});

test("a sentence that no engine can speak costs nothing but itself, and its pause", async () => {
  const { elara, thorin, report } = await speak("One. [pause 1s] Two. Three.", {
    engine: { failsOn: (text) => text === "Two." },
  });
  expect(elara.of("speech.fallback").map(({ sentence }) => sentence)).toEqual([1]);
  expect(thorin.clips.map(({ durationMs }) => durationMs)).toEqual([40, 60]);
  expect(report.sentences).toBe(3);
});

import { describe, expect, test } from "bun:test";
import { createEspeakEngine } from "../../../src/engines/espeak/espeak.ts";
import { escapeText } from "../../../src/engines/espeak/espeak-text.ts";
import { type Spoken, speakWith, spokenWords } from "../../fixtures/engines/spoken.ts";

const engine = createEspeakEngine();
const LINE = "The dragon roars, and the walls of the old keep tremble.";

function speak(text: string): Promise<Spoken> {
  return speakWith(engine, text);
}

describe("eSpeak's word times", () => {
  test.each([
    ["Fire & ice <b>burn</b> café 😀 now!", ["Fire", "&", "ice", "b", "burn", "/", "b", "café", "😀", "now"]],
    ["It costs 1,234 gold, don't it?", ["It", "costs", "1,234", "gold", "don't", "it"]],
    ["“Hello” … 👨‍👩‍👧 said Élise.", ["Hello", "👨‍👩‍👧", "said", "Élise"]],
  ])("line up with %s", async (text, words) => {
    expect(spokenWords(text, await speak(text))).toEqual(words);
  });

  test("follow each other without gaps or overlaps, up to the end of what is heard", async () => {
    const { words, seconds } = await speak(`${LINE} Run! 1,234 of them, & more…`);
    let before = 0;
    for (const [, , start, end] of words) {
      expect(start).toBeGreaterThanOrEqual(before);
      expect(end).toBeGreaterThan(start);
      before = end;
    }
    expect(words[0]?.[2]).toBe(0);
    expect(before).toBeWithin(seconds * 950, seconds * 1001);
  });

  test("come with the first piece", async () => {
    const { pieces, words } = await speak(LINE);
    expect(pieces[0]?.words).toEqual(words);
  });
});

describe("what eSpeak would take for commands", () => {
  test("is read out", async () => {
    const plain = await speak("Visit (Waterdeep) now.");
    expect((await speak("Visit [Waterdeep] now.")).samples).toEqual(plain.samples);
    expect(spokenWords("Visit [[Waterdeep]] now.", await speak("Visit [[Waterdeep]] now."))).toEqual([
      "Visit",
      "Waterdeep",
      "now",
    ]);
    expect((await speak("a <break time='9s'/> b")).seconds).toBeLessThan(8);
    expect(spokenWords("x &lt; y", await speak("x &lt; y"))).toContain("lt");
  });

  test("does nothing where it cannot be read", async () => {
    const text = "One\u0000 two\u0001+50S \ud800three";
    expect(spokenWords(text, await speak(text))).toContain("three");
  });
});

test("phonetic letters are eSpeak's own names of sounds, in the place of the word", () => {
  const { ssml, origins } = escapeText("See Cthulhu & [[x]]!", [[4, 7, "kəˈθuːluː"]], "en-us");
  expect(ssml).toBe("See [[k@'Tu:lu:]] &amp; ((x]]!");
  expect(origins.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 4]);
  expect(origins[ssml.indexOf(" &")]).toBe(11);
});

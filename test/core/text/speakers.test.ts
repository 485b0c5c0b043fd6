import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Passage, PassageSplitter } from "../../../src/core/text/passage-splitter.ts";

/** The table's own, by what lines call them. */
const KNOWN = new Map([
  ["old mara", "old_mara"],
  ["note", "note"],
  ["no. 5", "no. 5"],
]);
const known = (name: string): string | undefined => KNOWN.get(name.toLowerCase().replace("_", " "));

function passagesOf(parts: readonly string[], language = "en"): Passage[] {
  const splitter = new PassageSplitter(language, known);
  return [...parts.flatMap((part) => splitter.push(part)), ...splitter.flush()];
}

const saidIn = ({ pieces }: Passage): string => pieces.map(({ said }) => said).join("");
/** Who says what. */
const said = (text: string, language?: string): (string | undefined)[][] =>
  passagesOf([text], language).map((passage) => [passage.style.voice, saidIn(passage)]);

test.each([
  ["Mara: They come!", "Mara", "They come!"],
  ["**Mara:** They come!", "Mara", "They come!"],
  ["**Mara**: They come!", "Mara", "They come!"],
  ["*Mara*: They come!", "Mara", "They come!"],
  ["__Mara:__ They come!", "Mara", "They come!"],
  ["**Mara: They come!**", "Mara", "They come!"],
  ["MARA: They come!", "MARA", "They come!"],
  ['Mara: "They come!"', "Mara", '"They come!"'],
  ["Mara (softly): They come!", "Mara", "They come!"],
  ["**Mara** (softly): They come!", "Mara", "They come!"],
  ["> Mara: They come!", "Mara", "They come!"],
  ["  Mara: They come!", "Mara", "They come!"],
  ["Mara : Ils viennent !", "Mara", "Ils viennent !"],
  ["Mara: …and so it ends.", "Mara", "…and so it ends."],
  ["Dr. Vane: They come!", "Dr. Vane", "They come!"],
  ["Guard 2: They come!", "Guard 2", "They come!"],
  ["The Stranger: They come!", "The Stranger", "They come!"],
  ["Conan the Barbarian: They come!", "Conan the Barbarian", "They come!"],
  ["K'thar-Zul: They come!", "K'thar-Zul", "They come!"],
  ["Мара: Они идут!", "Мара", "Они идут!"],
  // Known: in any case, in a list, whatever follows, whatever else the word means.
  ["old mara: They come!", "old_mara", "They come!"],
  ["- Old Mara: They come!", "old_mara", "They come!"],
  ["Old Mara: 30 come!", "old_mara", "30 come!"],
  ["Note: They come!", "note", "They come!"],
  // The DM, under whatever name.
  ["Narrator: They come.", undefined, "They come."],
  ["**DM:** They come.", undefined, "They come."],
])("%j is said by %s, without the name", (text, voice, words) => {
  expect(said(text)).toEqual([[voice, words]]);
});

test.each([
  "Warning: the floor is wet.",
  "**Important Note:** the floor is wet.",
  "Speed: thirty feet.",
  "Armor Class: fifteen.",
  "HP: 12",
  "Mara: 12",
  "Remember: never go alone.",
  "Suddenly: silence.",
  "Then: silence.",
  "Chapter 2: The Fall",
  "Step 1: go in.",
  "She said: run!",
  "The old woman said: run!",
  "Be careful: it bites.",
  "12:30 is late.",
  "At 12:30: silence.",
  "10: a number.",
  "https://example.com: a page.",
  "Mara:They come!",
  "Mara:",
  '"Mara: run!" he cried.',
  "Run. Mara: no.",
  "He sees Mara: she runs.",
  "- Fireball: burns all.",
  "- **Fireball:** burns all.",
  "One Two Three Four Five Six: too long.",
  "Mara, the Old: run.",
  "注意：门是开着的。",
  "# Mara: a heading",
])("%j names nobody", (text) => {
  for (const [voice] of said(text)) expect(voice).toBeUndefined();
  const plain = new PassageSplitter("en");
  expect(passagesOf([text])).toEqual([...plain.push(text), ...plain.flush()]);
});

test("words that announce something in German name nobody, and names do", () => {
  expect(said("Hinweis: Das Tor ist zu.\nPlötzlich: Stille.\nMara: Lauf!", "de-de").at(-1)).toEqual([
    "Mara",
    "Lauf!",
  ]);
  expect(said("Hinweis: Das Tor ist zu.\nPlötzlich: Stille.", "de-de").map(([voice]) => voice)).toEqual([
    undefined,
    undefined,
  ]);
});

const SCENE = [
  "The door creaks.",
  "",
  "Mara: Who's there? It is past 12:30!",
  "**Thorin (tired):** *sighs* Me. [whisper]Be quiet.[/whisper] See https://example.com: nothing.",
  "Nobody answers. [voice Bors]I do.[/voice]",
  "Warning: the door is shut.",
  "",
  "> [pause 1s]Old Mara: [whisper]Psst.[/whisper] Go!",
  "- mara: once more.",
  "```",
  "Mara: code",
  "```",
  "Dr. Vane: Well. 🐉 Mr.",
  "Narrator: The end.",
].join("\n");

test("a scene is cast line by line, and shown as it is written", () => {
  const passages = passagesOf([SCENE]);
  const heard = passages.filter((passage) => saidIn(passage) !== "");
  expect(heard.map(({ style, text }) => [style.voice, text])).toEqual([
    [undefined, "The door creaks."],
    ["Mara", "Mara: Who's there?"],
    ["Mara", "It is past 12:30!"],
    ["Thorin", "**Thorin (tired):** *sighs* Me."],
    ["Thorin", "Be quiet."],
    ["Thorin", "See https://example.com: nothing."],
    [undefined, "Nobody answers."],
    ["Bors", "I do."],
    [undefined, "Warning: the door is shut."],
    ["old_mara", "Old Mara: Psst."],
    ["old_mara", "Go!"],
    ["Mara", "- mara: once more."],
    ["Dr. Vane", "Dr. Vane: Well. 🐉"],
    ["Dr. Vane", "Mr."],
    [undefined, "Narrator: The end."],
  ]);
});

test("who speaks does not depend on where a text is cut", () => {
  const whole = passagesOf([SCENE]);
  fc.assert(
    fc.property(fc.array(fc.nat(SCENE.length), { maxLength: 40 }), (places) => {
      const cuts = [...new Set([0, ...places])].sort((a, b) => a - b);
      expect(passagesOf(cuts.map((from, index) => SCENE.slice(from, cuts[index + 1])))).toEqual(whole);
    }),
    { numRuns: 100 },
  );
  expect(passagesOf([...SCENE].flatMap((character) => character.split("")))).toEqual(whole);
});

test("made of anything, a text is read the same wherever it is cut", () => {
  const part = fc.constantFrom(
    ..."Mara|mara|Old Mara|:|: |**|*|_| |\n|\n\n|> |- |(softly)|Dr.|Hi!|[whisper]|[/whisper]|[voice X]|[pause 1s]|```|12|：|🐉|Note".split(
      "|",
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      expect(passagesOf(parts)).toEqual(passagesOf([parts.join("")]));
    }),
    { numRuns: 1500 },
  );
});

test("of whom nobody knows, sixteen are cast, and the others are read", () => {
  const names = Array.from({ length: 20 }, (_, index) => `Goblin ${index + 1}`);
  const voices = said(names.map((name) => `${name}: Hah!`).join("\n")).map(([voice]) => voice);
  expect(voices.filter((voice) => voice !== undefined)).toEqual(names.slice(0, 16));
});

test("a sentence that has ended is not held back for a label", () => {
  const splitter = new PassageSplitter("en", known);
  splitter.push("Run!");
  expect(splitter.pause(true).map(({ text }) => text)).toEqual(["Run!"]);
  splitter.push("\nMa");
  expect(splitter.pause(true)).toEqual([]);
  splitter.push("ra: Go! Go");
  expect(splitter.pause(true).map(({ style, text }) => [style.voice, text])).toEqual([]);
});

test("without being asked, a text is cast by its tags alone", () => {
  const splitter = new PassageSplitter("en");
  const passages = [...splitter.push("Mara: They come!"), ...splitter.flush()];
  expect(passages.map((passage) => [passage.style.voice, saidIn(passage)])).toEqual([
    [undefined, "Mara: They come!"],
  ]);
});

import { expect, test } from "bun:test";
import fc from "fast-check";
import { InputError } from "../../src/core/protocol/messages.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";

const FILE = `version: 1
# How our names are said.
lexicon:
  Drizzt: Drist # not drizzit
  Cthulhu: { say: kuh-thoo-loo, ipa: kəˈθuːluː }
  No: no
  Gen:
    - { say: Jen, language: en }
    - { say: Ghen, speaker: old_mara }
  Vrskul: /vrɛskul/
table_talk:
  BAB: base attack bonus
  dr: drachma/drachmas
`;

test("the registry's file has a lexicon and the table's own short forms", async () => {
  const registry = await VoiceRegistry.open(memoryStore(FILE));
  expect(registry.spoken).toEqual({
    lexicon: [
      { written: "Drizzt", say: "Drist" },
      { written: "Cthulhu", say: "kuh-thoo-loo", ipa: "kəˈθuːluː" },
      { written: "No", say: "no" },
      { written: "Gen", say: "Jen", language: "en" },
      { written: "Gen", say: "Ghen", speaker: "old_mara" },
      { written: "Vrskul", ipa: "vrɛskul" },
    ],
    tableTalk: true,
    shortForms: { BAB: "base attack bonus" },
    units: { dr: ["drachma", "drachmas"] },
  });
});

test("what is wrong in a lexicon is told by line, and costs nothing else", async () => {
  const told: string[] = [];
  const text =
    "lexicon:\n  Drizzt: Drist\n  Bad: { ipa: '12' }\n  '!': x\n  Worse: { sya: x }\ntable_talk:\n  X: a/b/c\n";
  const registry = await VoiceRegistry.open(memoryStore(text), { log: (line) => told.push(line) });
  expect(registry.spoken.lexicon).toEqual([{ written: "Drizzt", say: "Drist" }]);
  expect(told.map((line) => /line (\d+)/.exec(line)?.[1])).toEqual(
    ["3", "4", "5", "5", "7"].slice(0, told.length),
  );
  expect(told.join("\n")).toContain(
    "lexicon.Bad.ipa: expected letters of the International Phonetic Alphabet",
  );
});

test("a table's language is switched off", async () => {
  const registry = await VoiceRegistry.open(memoryStore("table_talk: false\n"));
  expect(registry.spoken.tableTalk).toBe(false);
});

test("a new lexicon is saved with the comments that the file had", async () => {
  const store = memoryStore(FILE);
  const registry = await VoiceRegistry.open(store);
  registry.setLexicon({
    ...registry.getLexicon(),
    Mjolnir: "Myolnir",
    No: { say: "nope", language: "en" },
    Vrskul: "Vreskul",
  });
  await registry.save();
  const saved = (await store.read()) ?? "";
  expect(saved).toContain("# How our names are said.\nlexicon:\n  Drizzt: Drist # not drizzit\n");
  expect(saved).toContain("  Mjolnir: Myolnir\n");
  expect((await VoiceRegistry.open(memoryStore(saved))).getLexicon()).toEqual(registry.getLexicon());
  registry.setLexicon({});
  await registry.save();
  expect((await VoiceRegistry.open(store)).spoken.lexicon).toEqual([]);
});

test("a lexicon that is wrong says what to do, and changes nothing", async () => {
  const registry = await VoiceRegistry.open(memoryStore(FILE));
  const before = registry.spoken;
  const wrong = {
    Drizzt: 7,
    "": "x",
    Elf: { ipa: "ЖЖ" },
    Orc: {},
    Ok: "okay",
    Long: "x".repeat(300),
    Dwarf: { say: "x", language: "???" },
  };
  try {
    registry.setLexicon(wrong);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { issues } = error as InputError;
    expect(issues.map(({ path }) => path)).toEqual([
      "lexicon.Drizzt",
      "lexicon",
      "lexicon.Elf.ipa",
      "lexicon.Orc",
      "lexicon.Long.say",
      "lexicon.Dwarf.language",
    ]);
    expect(issues.every(({ message }) => /expected|write|begins/.test(message))).toBe(true);
  }
  expect(registry.spoken).toBe(before);
});

const word = fc
  .stringMatching(/^[\p{L}\p{N}][\p{L}\p{N} '’.#:&*-]{0,20}[\p{L}\p{N}]$/u)
  .map((text) => text.normalize("NFC").replace(/\s+/g, " "));
const say = fc
  .oneof(
    fc.constantFrom("yes", "007", "1e3", "~", "null", "*x", "&a", "# x", "a: b", "{x}", "/x"),
    fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }),
  )
  .map((text) => text.trim())
  .filter(
    (text) => text !== "" && text.length <= 200 && !/^\/.+\/$/.test(text) && !/[\p{Cc}\p{Cs}]/u.test(text),
  );
const reading = fc.record(
  { say, ipa: fc.constantFrom("drɪst", "kəˈθuːluː"), language: fc.constantFrom("en", "de-at") },
  { requiredKeys: ["say"] },
);

test("any lexicon comes back from the file as it was", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(word, fc.oneof(say, reading, fc.array(reading, { minLength: 2, maxLength: 3 })), {
        maxKeys: 8,
      }),
      async (lexicon) => {
        const store = memoryStore(FILE);
        const registry = await VoiceRegistry.open(store);
        registry.setLexicon(lexicon);
        await registry.save();
        const again = await VoiceRegistry.open(store);
        expect(again.problem).toBeUndefined();
        expect(again.spoken.lexicon.toSorted(byWord)).toEqual(registry.spoken.lexicon.toSorted(byWord));
      },
    ),
    { numRuns: 60 },
  );
});

function byWord(one: { written: string }, other: { written: string }): number {
  return one.written < other.written ? -1 : one.written > other.written ? 1 : 0;
}

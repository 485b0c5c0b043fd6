import { expect, test } from "bun:test";
import { Lexicon, type LexiconEntry } from "../../../../src/core/text/spoken/lexicon.ts";
import { type SpokenOptions, saidOf, spokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";
import { PLAIN_SETTINGS } from "../../../../src/core/text/spoken/spoken-settings.ts";
import { leastCpuMs } from "../../../support/cpu-time.ts";

function said(text: string, lexicon: LexiconEntry[], options: Partial<SpokenOptions> = {}): string {
  return saidOf(
    spokenForm(text, { language: "en-us", ...options, settings: { ...PLAIN_SETTINGS, lexicon } }),
  );
}

test("a word is said as the lexicon has it, also before 's, and not within another word", () => {
  const lexicon = [{ written: "Drizzt", say: "Drist" }];
  expect(said("Drizzt's blade, Drizztar, (Drizzt)", lexicon)).toBe("Drist's blade, Drizztar, (Drist)");
});

test("small letters are found in any case, a capital only as it stands", () => {
  const lexicon = [
    { written: "mage", say: "mayj" },
    { written: "Reading", say: "Redding" },
  ];
  expect(said("Mage, mage, MAGE; Reading, reading", lexicon)).toBe("mayj, mayj, mayj; Redding, reading");
});

test("the longest phrase counts, and numbers in it are the lexicon's", () => {
  const lexicon = [
    { written: "old", say: "ole" },
    { written: "old mara", say: "Mam" },
    { written: "R2D2", say: "Artoo" },
    { written: "9 Hells", say: "Nine Hells" },
  ];
  expect(said("Old Mara, old man, R2D2, 9 Hells", lexicon)).toBe("Mam, ole man, Artoo, Nine Hells");
});

test("an entry may be for a language and for a speaker", () => {
  const lexicon = [
    { written: "Gen", say: "Jen", language: "en" },
    { written: "Gen", say: "Ghen", speaker: "old_mara" },
    { written: "Rat", say: "Raht", language: "de" },
  ];
  expect(said("Gen, Rat", lexicon)).toBe("Jen, Rat");
  expect(said("Gen", lexicon, { speaker: "Old Mara" })).toBe("Ghen");
  expect(said("Gen, Rat", lexicon, { language: "de-de" })).toBe("Gen, Raht");
});

test("ideographs stand without spaces", () => {
  expect(said("那龍王來了", [{ written: "龍王", say: "龙王" }], { language: "zh" })).toBe("那龙王來了");
});

test("phonetic letters are for engines that take them", () => {
  const settings = { ...PLAIN_SETTINGS, lexicon: [{ written: "Cthulhu", ipa: "kəˈθuːluː" }] };
  const pieces = spokenForm("Cthulhu wakes.", { language: "en", takesIpa: true, settings });
  expect(pieces[0]).toEqual({ from: 0, to: 7, said: "Cthulhu", ipa: "kəˈθuːluː" });
  expect(spokenForm("Cthulhu wakes.", { language: "en", settings })[0]?.ipa).toBeUndefined();
});

test("a phrase is found however it is spaced, quoted and composed, and its whole stretch is said once", () => {
  const lexicon = [
    { written: "old mara", say: "Mam" },
    { written: "Do'Urden", say: "Doorden" },
    { written: "Zoë", say: "Zoey" },
  ];
  expect(said("Old  Mara, old\nmara, Do’Urden’s, Zoe\u0308!", lexicon)).toBe("Mam, Mam, Doorden’s, Zoey!");
});

test("what has phonetic letters alone is left to the rules where an engine takes none", () => {
  const lexicon = [{ written: "Mjolnir", ipa: "ˈmjoʊlnɪr" }];
  expect(said("Mjolnir", lexicon, { speller: "flite" })).toBe("Myolnir");
  expect(said("Mjolnir", lexicon, { speller: "espeak", takesIpa: true })).toBe("Mjolnir");
});

test("five thousand phrases that begin alike cost no more than twenty times as much as one", () => {
  const phrases = Array.from({ length: 5000 }, (_, index) => ({ written: `the ${index} towers`, say: "x" }));
  const text = "The old woman looked over the river and the bridge. ".repeat(2000);
  const leastMs = (lexicon: LexiconEntry[]): number => {
    const known = new Lexicon(lexicon);
    return leastCpuMs(() => known.piecesIn(text, { language: "en" }));
  };
  expect(leastMs(phrases)).toBeLessThan(20 * leastMs(phrases.slice(0, 1)));
});

import { expect, test } from "bun:test";
import fc from "fast-check";
import { estimateWords } from "../../../../src/core/text/estimate-words.ts";
import { PassageSplitter } from "../../../../src/core/text/passage-splitter.ts";
import { spokenOf } from "../../../../src/core/text/speakable.ts";
import { SpokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";
import { spokenText } from "../../../../src/core/text/spoken/spoken-text.ts";

const form = new SpokenForm();
/** What no engine can say. */
const UNSAYABLE = /\ufffd|\u200d|\u202e|[\p{Cs}\p{Cc}\p{Co}]|[\u{1f000}-\u{1faff}]/u;
const PARTS = [
  ..."1|12|0|$|€|5 km|/|-|−|–|.|,|:|+|=|~|^|²|½|%|°C|d6|W20|x|V|IV|HP |z. B. |т. д.|Uhr |h|Mme |n.º".split(
    "|",
  ),
  ...["<b>", "<br>", "<sup>", "|", "*", "_", "[", "](", "&amp;", "word ", "Mara ", "語", "か", "д", "α"],
  ...[
    "\u0301",
    "\u202e",
    "\u200d",
    "\u200b",
    "\ufffd",
    "\ue000",
    "👍🏽",
    "🏴‍☠️",
    "7️⃣",
    "𝐀",
    "ﬁ",
    "═",
    "★",
    " ",
    "\n",
    ". ",
  ],
];

test("of whatever text, an engine is given what it can say, and the times of words stand in the text", () => {
  const text = fc
    .array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 14 })
    .map((all) => all.join(""));
  const language = fc.constantFrom("en", "de", "fr", "es", "it", "pt", "pl", "ru", "ja", "zh", "da");
  fc.assert(
    fc.property(text, language, (text, language) => {
      const splitter = new PassageSplitter(language);
      for (const { text: shown, pieces } of [...splitter.push(text), ...splitter.flush()]) {
        const spoken = spokenOf(shown, pieces);
        if (spoken.text === "") continue;
        const said = spokenText(spoken.text, form.pieces(spoken.text, { language, speller: "espeak" }));
        expect(said.text.trim()).not.toBe("");
        expect(said.text).not.toMatch(UNSAYABLE);
        let last = 0;
        for (const [from, length] of spoken.inCaption(said.inWritten(estimateWords(said.text, 1000)))) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(from + length).toBeLessThanOrEqual(shown.length);
          last = from;
        }
      }
    }),
    { numRuns: 2000 },
  );
});

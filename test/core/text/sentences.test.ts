import { describe, expect, test } from "bun:test";
import { PassageSplitter } from "../../../src/core/text/passage-splitter.ts";
import { passagesOf } from "../../../src/core/text/passages.ts";
import { MAX_SENTENCE_CHARS } from "../../../src/core/text/sentences/cut-point.ts";
import { splitSentences } from "../../../src/core/text/sentences.ts";
import { isSpeakable } from "../../../src/core/text/speakable.ts";
import { foldSpace } from "../../../src/core/text/white-space.ts";
import { leastCpuMs } from "../../support/cpu-time.ts";
import { type SentenceCase, sentenceCases } from "../../support/sentence-cases.ts";

const cases: [text: string, sentences: string[]][] = [
  ["The dragon roars!", ["The dragon roars!"]],
  ["They ran. Why? Nobody knows!", ["They ran.", "Why?", "Nobody knows!"]],
  ["Dr. Brave met Mr. Smith. They ran.", ["Dr. Brave met Mr. Smith.", "They ran."]],
  ["He paid 3.50 gold. J. R. Black took it.", ["He paid 3.50 gold.", "J. R. Black took it."]],
  ['"Run," she said. "Run!"', ['"Run," she said.', '"Run!"']],
  ["A title\n\nA text wrapped\nby hand. Next.", ["A title", "A text wrapped by hand.", "Next."]],
  ["Ciao Sig. Rossi. Come va?", ["Ciao Sig. Rossi.", "Come va?"]],
  ["你好。再见！", ["你好。", "再见！"]],
  ["Wait... what? I… see. Then go.", ["Wait... what?", "I… see.", "Then go."]],
  ["“Run!” she said. «Chi è?» disse.", ["“Run!” she said.", "«Chi è?» disse."]],
  ["He has 1,234.5 gold, i.e. enough. Three remain.", ["He has 1,234.5 gold, i.e. enough.", "Three remain."]],
  ["  \n ", []],
  ["Ask for Dr.\n\nBlack, J.", ["Ask for Dr.", "Black, J."]],
  ["He left. (And so did she.) “no…", ["He left.", "(And so did she.) “no…"]],
  ["[shout]Run![/shout] They ran.", ["[shout]Run![/shout] They ran."]],
  ["He left.(So did she.) Who?", ["He left.(So did she.)", "Who?"]],
  ["I rolled a 3. 17 wolves. “they” came.", ["I rolled a 3.", "17 wolves. “they” came."]],
  ["I am sad :( Let us go. Now.", ["I am sad :( Let us go.", "Now."]],
];

test.each(cases)("%j becomes its sentences, whole or letter by letter", (text, expected) => {
  expect(splitSentences(text)).toEqual(expected);
  expect(letterByLetter(text)).toEqual(expected);
});

function letterByLetter(text: string, language?: string): string[] {
  const splitter = new PassageSplitter(language);
  const passages = [...[...text].flatMap((char) => splitter.push(char)), ...splitter.flush()];
  return passages.map((passage) => passage.text);
}

describe.each(["golden", "dialogue"])("sentences of %s texts", (name) => {
  const cases = sentenceCases(name);
  expect(cases.length).toBeGreaterThan(150);

  test.each(cases.map((each) => [`${each.language}: ${each.text}`, each] as [string, SentenceCase]))(
    "%s",
    (_title, { language, text, sentences }) => {
      expect(splitSentences(text, language)).toEqual(sentences);
      expect(letterByLetter(text, language)).toEqual(sentences);
    },
  );
});

test("what a text costs grows with its length, and no faster, whatever is in it", () => {
  const cost = (text: string): number => leastCpuMs(() => splitSentences(text));
  for (const unit of ["A. ", "“!” a", "Dr. ", "a", " \n", "[", "1. "]) {
    const few = unit.repeat(2_000);
    const many = unit.repeat(32_000);
    // What grew with the square of the length would be 256 times as much.
    expect(cost(many) / cost(few), unit).toBeLessThan(80);
  }
});

test("an over-long sentence is cut at a clause, else at a space, and nothing is lost", () => {
  const clauses = `${"many words and more, ".repeat(40)}end.`;
  for (const text of [clauses, "word ".repeat(200), "The dragon sleeps. ".repeat(50)]) {
    const sentences = splitSentences(text);
    expect(sentences.join(" ")).toBe(foldSpace(text));
    expect(Math.max(...sentences.map((sentence) => sentence.length))).toBeLessThanOrEqual(MAX_SENTENCE_CHARS);
  }
  expect(splitSentences(clauses)[0]).toEndWith(",");
});

test("a run without a space is cut without breaking a character", () => {
  const text = `x${"😀".repeat(400)}`;
  const sentences = splitSentences(text);
  expect(sentences.join("")).toBe(text);
  for (const sentence of sentences) expect(sentence.isWellFormed()).toBe(true);
});

test("punctuation alone is not to be spoken", () => {
  for (const text of ["...", "?!", "—", "“ ”"]) expect(isSpeakable(text)).toBe(false);
  for (const text of ["a", "7", "é", "日"]) expect(isSpeakable(text)).toBe(true);
});

test("a language nobody knows is split like English", () => {
  expect(splitSentences("One. Two.", "not a language")).toEqual(["One.", "Two."]);
});

test("a stream longer than allowed ends with a code", async () => {
  async function* text(): AsyncGenerator<string> {
    for (;;) yield "On and on. ";
  }
  const read = Array.fromAsync(passagesOf(text(), { maxChars: 100 }));
  await expect(read).rejects.toMatchObject({ code: "text-too-long" });
});

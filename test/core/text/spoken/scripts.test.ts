import { expect, test } from "bun:test";
import { scriptRuns } from "../../../../src/core/text/spoken/scripts.ts";
import { saidOf, spokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";

function runs(text: string, own: string): string[] {
  return scriptRuns(text, own).map(({ from, to, language }) => `${language}:${text.slice(from, to)}`);
}

test("words in another script are in another language", () => {
  expect(runs("Привет, Thorin, дракон спит.", "en")).toEqual([
    "ru:Привет,",
    "en: Thorin,",
    "ru: дракон спит.",
  ]);
  expect(runs("第3章：龍が来た。", "en")).toEqual(["ja:第3章：龍が来た。"]);
  expect(runs("He said 東京 now.", "en")).toEqual(["en:He said", "zh: 東京", "en: now."]);
  expect(runs("Привіт, їжак.", "en-us")).toEqual(["uk:Привіт, їжак."]);
  expect(runs("“Halt!” — “Стой!” he cried.", "en")).toEqual(["en:“Halt!” —", "ru: “Стой!”", "en: he cried."]);
});

test("what is written in the text's own script is in its own language", () => {
  expect(runs("Привет, Thorin.", "uk")).toEqual(["uk:Привет, Thorin."]);
  expect(runs("日本", "ja")).toEqual(["ja:日本"]);
  expect(runs("日本語で話す", "zh")).toEqual(["ja:日本語で話す"]);
  expect(runs("Café — naïve … 🐉 ½ →", "fr")).toEqual(["fr:Café — naïve … 🐉 ½ →"]);
});

test("a single letter of another alphabet stays with its sentence and is named; an ideograph is a word", () => {
  expect(runs("The α wolf.", "en")).toEqual(["en:The α wolf."]);
  expect(saidOf(spokenForm("The α wolf, Ω and Ж.", { language: "en" }))).toBe(
    "The alpha wolf, omega and zheh.",
  );
  expect(runs("A 龍 came", "en")).toEqual(["en:A", "zh: 龍", "en: came"]);
});

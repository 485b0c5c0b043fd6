import { expect, test } from "bun:test";
import { WordFinder } from "../../../src/engines/services/word-finder.ts";

function found(text: string, ...words: string[]): (string | undefined)[] {
  const finder = new WordFinder(text);
  return words.map((word) => {
    const place = finder.find(word);
    return place && `${place[0]}:${text.slice(place[0], place[0] + place[1])}`;
  });
}

test("words are found in their order, whole, whatever their case and signs", () => {
  expect(found("The hero met HER heir.", "the", "her", "heir")).toEqual(["0:The", "13:HER", "17:heir"]);
  expect(found("“Halt!” — she said: halt?", "Halt!", ",", "halt")).toEqual(["1:Halt", undefined, "20:halt"]);
});

test("what was spoken otherwise than it was written is skipped, and what follows is found", () => {
  expect(found("Dr. Grim has 3 dogs.", "Doctor", "Grim", "has", "three", "dogs")).toEqual([
    undefined,
    "4:Grim",
    "9:has",
    undefined,
    "15:dogs",
  ]);
});

test("a word far ahead is another one", () => {
  expect(found(`Go. ${"x ".repeat(60)}Stop`, "Stop", "Go")).toEqual([undefined, "0:Go"]);
});

test("scripts without spaces have words too", () => {
  expect(found("龙在咆哮", "龙", "咆哮")).toEqual(["0:龙", "2:咆哮"]);
});

test("positions count UTF-16 units, also where lower case is longer", () => {
  expect(found("İstanbul 🐉 roars", "roars")).toEqual(["12:roars"]);
  expect(found("a.b (c) [d", "a.b", "c", "[d")).toEqual(["0:a.b", "5:c", "9:d"]);
});

test("words with signs in them are words", () => {
  expect(
    found("A half-orc, O'Neill's and/or 3.5 {x} C++", "half-orc", "O'Neill's", "and/or", "3.5", "C++"),
  ).toEqual(["2:half-orc", "12:O'Neill's", "22:and/or", "29:3.5", "37:C"]);
});

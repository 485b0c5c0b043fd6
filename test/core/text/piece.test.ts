import { expect, test } from "bun:test";
import fc from "fast-check";
import { composed, type Piece, saidOf, wordsInWritten } from "../../../src/core/text/piece.ts";

const WRITTEN = "Pay **$500** now 😀!";
/** What is for the ear: without marks and emoji. */
const FIRST: Piece[] = [
  { from: 0, to: 4, said: "Pay " },
  { from: 6, to: 10, said: "$500" },
  { from: 12, to: 16, said: " now" },
  { from: 19, to: 20, said: "!" },
];

test("what is rewritten maps as a whole, what is not maps character by character", () => {
  const said = saidOf(FIRST);
  expect(said).toBe("Pay $500 now!");
  const second = [
    { from: 0, to: 4, said: "Pay " },
    { from: 4, to: 8, said: "five hundred dollars" },
    { from: 8, to: 13, said: " now!" },
  ];
  const both = composed(WRITTEN, FIRST, second);
  expect(saidOf(both)).toBe("Pay five hundred dollars now!");
  const words = [...saidOf(both).matchAll(/\w+/g)].map(
    ({ 0: word, index }) => [index, word.length, 0, 0] as [number, number, number, number],
  );
  const shown = wordsInWritten(WRITTEN, both, words).map(([at, length]) => WRITTEN.slice(at, at + length));
  expect(shown).toEqual(["Pay", "$500", "$500", "$500", "now"]);
});

test("what a second step takes of a piece that the first has rewritten stands for all of it", () => {
  const first = [
    { from: 0, to: 2, said: "A " },
    { from: 2, to: 10, said: "a link to x.y" },
  ];
  const second = [
    { from: 0, to: 12, said: "A a link to " },
    { from: 12, to: 15, said: "x dot y" },
  ];
  expect(composed("A http://x", first, second)).toEqual([
    { from: 0, to: 2, said: "A " },
    { from: 2, to: 10, said: "a link to x dot y" },
  ]);
});

test("a step that changes nothing changes nothing, however it is cut", () => {
  const said = saidOf(FIRST);
  fc.assert(
    fc.property(fc.array(fc.nat(said.length), { maxLength: 6 }), (places) => {
      const cuts = [...new Set([0, ...places, said.length])].sort((a, b) => a - b);
      const same = cuts.slice(1).map((to, i) => {
        const from = cuts[i] as number;
        return { from, to, said: said.slice(from, to) };
      });
      expect(composed(WRITTEN, FIRST, same)).toEqual(FIRST);
    }),
  );
});

test("a place behind what is said is behind what is said for it", () => {
  expect(
    wordsInWritten(
      "ab",
      [{ from: 0, to: 1, said: "a" }],
      [
        [5, 2, 0, 0],
        [0, 0, 1, 1],
      ],
    ),
  ).toEqual([
    [1, 0, 0, 0],
    [0, 0, 1, 1],
  ]);
});

import { expect, test } from "bun:test";
import { SpokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";

/** The least time of several runs, ms: what else the machine does only adds to it. */
function leastMs(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4; round++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const form = new SpokenForm();

test("what it takes grows as the text does, whatever the text", () => {
  const worst = [
    "1",
    "1,",
    "1.",
    "$1",
    "I",
    "V ",
    "IV",
    "1/",
    "1-",
    "a.",
    "St. ",
    "2d6+1",
    "@a.",
    "https://",
    "+1 ",
    "'1",
    '1"',
    "α ",
    "Jan. ",
    "(555",
    "1:",
    "½",
    "x1",
    "d",
    "%",
    "e.g. ",
  ];
  for (const part of worst) {
    const [short, long] = [part.repeat(200), part.repeat(4_000)];
    const run = (text: string): number => leastMs(() => form.pieces(text, { language: "en" }));
    // Of 20 times the text; what is quadratic takes four hundred times as long.
    expect(run(long) / Math.max(run(short), 0.5), part).toBeLessThan(150);
  }
}, 60_000);

test("prose is passed over nearly as fast as its characters can be looked at", () => {
  const prose =
    "The dragon wakes, and nobody in the old keep has slept since. A door creaks; Mara turns. ".repeat(4_000);
  const look = (): number => {
    let sum = 0;
    for (let at = 0; at < prose.length; at++) sum += prose.charCodeAt(at);
    return sum;
  };
  const control = leastMs(look);
  expect(leastMs(() => form.pieces(prose, { language: "en" })) / control).toBeLessThan(80);
}, 30_000);

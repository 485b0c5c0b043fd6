import { expect, test } from "bun:test";
import { SpokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";
import { leastCpuMs } from "../../../support/cpu-time.ts";

const form = new SpokenForm();
/** One of each set of rules. */
const LANGUAGES = ["en", "de", "ja"];

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
    "100 ",
    "1.000.",
    "−5 ",
    "z. ",
  ];
  for (const part of worst) {
    const [short, long] = [part.repeat(200), part.repeat(4_000)];
    const run = (text: string, language: string): number => leastCpuMs(() => form.pieces(text, { language }));
    // Of 20 times the text; what is quadratic takes four hundred times as long.
    for (const language of LANGUAGES)
      expect(run(long, language) / run(short, language), `${language}: ${part}`).toBeLessThan(150);
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
  const control = leastCpuMs(look);
  expect(leastCpuMs(() => form.pieces(prose, { language: "en" })) / control).toBeLessThan(80);
}, 30_000);

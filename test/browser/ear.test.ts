import { afterAll, describe, expect, test } from "bun:test";
import { hasPart } from "../../scripts/real-parts.ts";
import { hasChromium } from "../support/browser.ts";
import { EAR_ENGINES } from "../support/ear/ear-engines.ts";
import { EarTable } from "../support/ear/ear-table.ts";
import { earSentences, type Hearing, hearEngine } from "../support/ear/hearing.ts";
import { Recogniser } from "../support/ear/recogniser.ts";
import { wordErrors, wordsOf } from "../support/ear/word-errors.ts";

/** Of each kind one is said by each engine; all two hundred of them by `npm run bench -- ear`. */
const SENTENCES = 5;
/** Words of an engine: one that is understood in two ways is understood so on one side, and so on the other. */
const CHANCE = 2;

describe("word errors", () => {
  test("are words that are wrong, missing or too many", () => {
    const wanted = wordsOf("Roll 2d6+3, “Old Mara”!");
    expect(wanted).toEqual(["roll", "two", "d", "six", "plus", "three", "old", "mara"]);
    expect(wordErrors(wanted, wordsOf("Roll two D6 plus 3 old Mara."))).toEqual([0, 8]);
    expect(wordErrors(wanted, wordsOf("Roll the D6 plus three Mara, now."))).toEqual([3, 8]);
    expect(wordErrors(wanted, [])).toEqual([8, 8]);
  });
});

describe.skipIf(!hasChromium || !hasPart("joe") || !hasPart("ear"))("a recogniser", () => {
  const endings: (() => unknown)[] = [];
  afterAll(async () => {
    for (const end of endings) await end();
  });

  test("understands what a page plays as well as the engine's own samples", async () => {
    const recogniser = new Recogniser();
    endings.push(() => recogniser[Symbol.asyncDispose]());
    const table = await EarTable.open(EAR_ENGINES.length);
    endings.push(() => table.close());
    const sentences = (await earSentences()).slice(0, SENTENCES);
    const heard = await Promise.all(
      EAR_ENGINES.map((engine, seat) => hearEngine(engine, sentences, { table, recogniser, seats: [seat] })),
    );
    const errors = (of: readonly Hearing[], side: "page" | "alone"): number =>
      of.reduce((sum, hearing) => sum + hearing[side], 0);
    const lost = heard.map((of) => errors(of, "page") - errors(of, "alone"));
    const [, , neural = 0] = lost;
    const all = lost.reduce((sum, each) => sum + each, 0);
    const isWell = neural <= CHANCE && all <= CHANCE * EAR_ENGINES.length;
    expect(isWell ? "well" : JSON.stringify(heard, null, 1)).toBe("well");
    // A neural voice is understood nearly as a person is; robots less.
    const shares = heard.map((of) => errors(of, "page") / of.reduce((sum, { words }) => sum + words, 0));
    for (const [index, most] of [0.5, 0.3, 0.15].entries()) expect(shares[index]).toBeLessThan(most);
  }, 240_000);
});

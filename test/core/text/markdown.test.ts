import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { type Passage, PassageSplitter } from "../../../src/core/text/passage-splitter.ts";
import { spokenOf } from "../../../src/core/text/speakable.ts";
import { leastCpuMs } from "../../support/cpu-time.ts";

function passages(deltas: readonly string[], language?: string): Passage[] {
  const splitter = new PassageSplitter(language);
  return [...deltas.flatMap((delta) => splitter.push(delta)), ...splitter.flush()];
}

function said(all: readonly Passage[]): string[] {
  return all.map(({ text, pieces }) => spokenOf(text, pieces).text).filter((text) => text !== "");
}

const cases: [text: string, said: string[]][] = [
  ["**Halt!** says the guard.", ["Halt! says the guard."]],
  ["**The gate is open.** You enter.", ["The gate is open.", "You enter."]],
  ["***Crack!*** The floor gives. ~~No~~ yes!", ["Crack!", "The floor gives.", "No yes!"]],
  ["__Run. Now.__ Go.", ["Run.", "Now.", "Go."]],
  ["snake_case and 2 * 3 * 4, 5*6", ["snake_case and 2 * 3 * 4, 5*6"]],
  ["**unclosed and *so on", ["unclosed and so on"]],
  ["**走れ！**と言った。", ["走れ！", "と言った。"]],
  ["* a torch\n* a rope", ["a torch", "a rope"]],
  ["1. A\n2. B", ["A", "B"]],
  ["- a\n  - b\n    1. c\n- d", ["a", "b", "c", "d"]],
  ["- a torch\n  that burns\n- a rope", ["a torch that burns", "a rope"]],
  ["- a torch that\nburns\n- a rope\nThen you go.", ["a torch that burns", "a rope", "Then you go."]],
  ["- [ ] buy rope\n- [x] sell map", ["buy rope", "sell map"]],
  ["- x\n  > quoted and\n  > goes on\n- y", ["x", "quoted and goes on", "y"]],
  ["> a\n> b\n>\n> c", ["a b", "c"]],
  ["> > deep\n> still", ["deep still"]],
  ["1) A rope 2) A torch 3) A map", ["A rope", "A torch", "A map"]],
  ["• a rope • a torch", ["a rope", "a torch"]],
  ["1. Roll at least 2. Then go.", ["Roll at least 2.", "Then go."]],
  ["It fell in\n1492. Then it rained.", ["It fell in 1492.", "Then it rained."]],
  ["## The Keep ##\nThe wind howls\nall night.", ["The Keep", "The wind howls all night."]],
  ["Title\n---\nText", ["Title", "Text"]],
  ["One.\n\n***\n\nTwo.", ["One.", "Two."]],
  ["| HP | AC |\n|----|----|\n| 12 | 15 |", ["HP, AC", "12, 15"]],
  ["HP | AC\n---|---\n12 | 15\n\nDone.", ["HP, AC", "12, 15", "Done."]],
  ["HP 12 | AC 15", ["HP 12, AC 15"]],
  ['```json\n{"hp": 12}\n```\nThen go.', ["Then go."]],
  ["```\nxyzzy\n```\nThen go.", ["xyzzy", "Then go."]],
  ["- ~~~\n  a b\n  ~~~\n- c", ["c"]],
  ["Say `xyzzy`, not `rm -rf x`.", ["Say xyzzy, not."]],
  ["    indented code is said", ["indented code is said"]],
  ["Wait <!-- what\n\nis this --> here.", ["Wait here."]],
  ["<b>bold</b> a < b", ["bold a < b"]],
  ['[x](u "t") and [map]: no.', ["x and [map]: no."]],
  ["See [the **old** map](http://a.b/c).", ["See the old map."]],
  ['See [it][1] and [that].\n\n[1]: http://a.b "T"', ["See it and [that]."]],
  ["[that]: <http://a.b>\n\nSee [that].", ["See that."]],
  ["[Guard]: Halt!", ["[Guard]: Halt!"]],
  ["A claim.[^1] More.\n\n[^1]: The note.", ["A claim.", "More.", "The note."]],
  [
    "See <https://x.y/a?b=c>. Or https://www.e.com/a?b=c_d. Who?",
    ["See a link to x.y.", "Or a link to e.com.", "Who?"],
  ],
  ["(see www.example.com/x_(y))", ["(see a link to example.com)"]],
  ["Ask at www.example.com/x_(y), now.", ["Ask at a link to example.com, now."]],
  ["[](https://e.com/x) [https://f.com/y](https://f.com/y)", ["a link to e.com a link to f.com"]],
  ["Mail <odo@guild.example>.", ["Mail odo@guild.example."]],
  ["![A dragon](d.png) roars. [![A map](i.png)](http://x.y)", ["A dragon roars.", "A map"]],
  ["Tom &amp; Jerry&nbsp;&mdash; &eacute;t&eacute; &#8230; &foo;", ["Tom & Jerry — été … &foo;"]],
  ["He said \\*hi\\*.", ["He said *hi*."]],
  ["The adven-\nturers, twenty-\nfive, go.", ["The adventurers, twenty-five, go."]],
  ["龙醒了，\n快跑。", ["龙醒了，快跑。"]],
  ["Nice! 😀 Go on 👍🏽 now❤️so. 🇩🇪", ["Nice!", "Go on now so."]],
  ["so\u00adft hy\u200bphen \u202ertl\u202c \ufffd f\u200da", ["soft hyphen rtl fa"]],
  ["* *sighs* Fine.\n* (softly) Go.", ["Fine.", "Go."]],
  ["© 1999 → now", ["© 1999 → now"]],
];

test.each(cases)("of %j is said %j, whole or letter by letter", (text, expected) => {
  const whole = passages([text]);
  expect(said(whole)).toEqual(expected);
  expect(passages([...text])).toEqual(whole);
  expect(passages(text.match(/[\s\S]{1,3}/gu) ?? [])).toEqual(whole);
});

test("a link is said in the language of the line", () => {
  expect(said(passages(["Siehe https://e.com."], "de-de"))).toEqual(["Siehe ein Link zu e.com."]);
});

test("a day and its month begin no list in languages that write them so", () => {
  expect(said(passages([..."3. Oktober: Regen."], "de"))).toEqual(["3. Oktober: Regen."]);
  expect(said(passages([..."3. Obst kaufen"], "de"))).toEqual(["Obst kaufen"]);
});

test("an item, a row and a heading are followed by a pause, prose is not", () => {
  const breaks = (text: string): boolean[] => passages([text]).map(({ breakMs }) => breakMs > 0);
  expect(breaks("# A\nBob ran. Cora\n\nD\n\n- E\n- F\n\n| G |\nH")).toEqual([
    ...[false, true, false, false],
    ...[false, true, true, true],
  ]);
});

test("what is shown is what was written, whatever is said of it", () => {
  const text = "**Go** [there](http://a.b), `now or` never. 😀 <!-- x --> &amp;";
  expect(
    passages([text])
      .map((passage) => passage.text)
      .join(" "),
  ).toBe(text);
});

/** What an oracle makes of a text for the ear: without what is for the eye. */
function oracle(text: string): string {
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const read = (node: Nodes): string => {
    if (node.type === "text" || node.type === "inlineCode") return node.value;
    if (node.type === "code" || node.type === "html" || node.type === "definition") return "";
    if (node.type === "break") return " ";
    if (node.type === "image" || node.type === "imageReference") return node.alt ?? "";
    return "children" in node ? node.children.map(read).join(" ") : "";
  };
  return read(tree);
}

/** Letters and digits: marks that nothing closes are for the eye here, and as text there. */
function bare(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "");
}

describe("beside mdast and GFM", () => {
  const token = fc.constantFrom(
    ...["word", "Two words", "end.", "why?", "**", "*", "_", "__", "~~", "***", "snake_case", "2 * 3"],
    ...[" ", " ", " ", ", ", "\n", "\n\n", "\n- ", "\n* ", "\n1. ", "\n> ", "\n## ", "\n\n---\n\n"],
    ...[
      "`code`",
      "[label](u)",
      "![image](u)",
      "\n\n| a | b |\n|---|---|\n| c | d |\n\n",
      "\n\n```\nx = 1\n```\n\n",
      "&amp;",
      "\\*",
    ],
  );

  test("the same words are said, in the same order", () => {
    let same = 0;
    const runs = 1500;
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 12 }), (tokens) => {
        const text = tokens.join("");
        const spoken = passages([text]).flatMap(({ pieces }) => pieces.map((piece) => piece.said));
        if (bare(spoken.join("")) === bare(oracle(text))) same += 1;
      }),
      { numRuns: runs, seed: 15 },
    );
    expect(same / runs).toBeGreaterThan(0.95);
  });
});

describe("a hostile text", () => {
  const read = (text: string, length: number): void => {
    const splitter = new PassageSplitter("en");
    for (let at = 0; at < text.length; at += length) splitter.push(text.slice(at, at + length));
    splitter.flush();
  };
  const cost = (text: string, length: number): number => leastCpuMs(() => read(text, length));

  test.each([
    ...["[", "[x](", "`a", "**a ", "a**b", "<!--", "(a. ", "Dr. ", "…", ". »", "x", "1. ", "| ", "> ", "- "],
    ...[
      "“!” a",
      " \n",
      "[a](b ",
      "&am",
      "<a",
      "![",
      "_",
      "\\",
      "1) a 2) b ",
      "http://",
      "[a[b]",
      "```\n",
      "😀",
    ],
  ])("of %j costs what its length costs, whole or cut", (unit) => {
    const few = unit.repeat(10_000 / unit.length);
    const many = unit.repeat(40_000 / unit.length);
    for (const length of [many.length, 3]) {
      // What grew with the square of the length would be 16 times as much.
      expect(cost(many, length) / cost(few, length)).toBeLessThan(10);
    }
  });

  test("a megabyte without a space is no worse", () => {
    expect(cost("x".repeat(1_000_000), 1_000_000) / cost("x".repeat(250_000), 250_000)).toBeLessThan(10);
  });

  test.each(["<!-- ", "`", "[", "[a](", "```\n", "x", "😀", "&", "|"])(
    "%j again and again is shown as it comes",
    (unit) => {
      const splitter = new PassageSplitter("en");
      let given = 0;
      for (let i = 1; i <= 3_000; i++) {
        given += splitter.push(unit).reduce((sum, { text }) => sum + text.replace(/\s/gu, "").length, 0);
        expect(i * unit.trim().length - given).toBeLessThanOrEqual(2_000);
      }
    },
  );
});

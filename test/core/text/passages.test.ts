import { expect, test } from "bun:test";
import fc from "fast-check";
import { shownText } from "../../../src/core/text/markup.ts";
import { type Passage, PassageSplitter } from "../../../src/core/text/passage-splitter.ts";
import { saidOf } from "../../../src/core/text/piece.ts";
import { foldSpace } from "../../../src/core/text/white-space.ts";

function passages(deltas: readonly string[]): Passage[] {
  const splitter = new PassageSplitter("en");
  return [...deltas.flatMap((delta) => splitter.push(delta)), ...splitter.flush()];
}

const WHISPER = { whisper: true, gainDb: -6 } as const;
const said = (text: string, style = {}, pauseMs = 0) => ({ text, style, pauseMs });

/** What a text without markdown says is what it shows. */
function plain(all: readonly Passage[]): ReturnType<typeof said>[] {
  return all.map(({ text, pieces, style, pauseMs }) => {
    expect(saidOf(pieces)).toBe(text);
    return said(text, style, pauseMs);
  });
}

test.each<[string, ReturnType<typeof said>[]]>([
  ["One. Two.", [said("One."), said("Two.")]],
  ["Wait [pause 500ms] for it. Now.", [said("Wait"), said("for it.", {}, 500), said("Now.")]],
  ["[pause 1s][pause 500ms]Go.", [said("Go.", {}, 1500)]],
  ["[pause 9s][pause 9s]Go.", [said("Go.", {}, 10_000)]],
  ["Go. [pause 1s]", [said("Go."), said("", {}, 1000)]],
  ["[pause 0s]Go. On [pause 0ms] and on.", [said("Go."), said("On and on.")]],
  [
    "She says: [whisper]run. Now[/whisper]! They run.",
    [said("She says:"), said("run.", WHISPER), said("Now!", WHISPER), said("They run.")],
  ],
  ["[whisper]One.[/whisper][whisper] Two.[/whisper]", [said("One.", WHISPER), said("Two.", WHISPER)]],
  [
    "[voice a]Hi.[/voice] [voice b](Hm.)[/voice]",
    [said("Hi.", { voice: "a" }), said("(Hm.)", { voice: "b" })],
  ],
  ["He said [whisper]...no[/whisper]", [said("He said"), said("...no", WHISPER)]],
  ["[whisper]Run[/whisper]?! Go.", [said("Run?!", WHISPER), said("Go.")]],
  ["[whisper]Never closed. At all.", [said("Never closed.", WHISPER), said("At all.", WHISPER)]],
  ["[whisper][/whisper] [pause 1s]", [said("", {}, 1000)]],
])("%j, whole or letter by letter", (text, expected) => {
  expect(plain(passages([text]))).toEqual(expected);
  expect(plain(passages([...text]))).toEqual(expected);
});

/** What a text may be made of; where a sentence ends in it is often open until much later. */
const scrap = fc.oneof(
  fc.constantFrom(
    ...["[whisper]", "[/whisper]", "[voice x]", "[/voice]", "[effect cave]", "[pause 10ms]", "[sighs] "],
    ...["<speak>", "</speak>", '<prosody rate="slow">', "</prosody>", "<break/>", "&amp;"],
    ...["[", "<", "&", "\n\n", "\n", " "],
  ),
  fc.constantFrom(
    ...["Hello there. ", "Run", "! ", "no, ", "“Ha.” ", "…", "Dr. Who ", "J. R. ", "“Run!” she said. "],
    ...[
      "**",
      "*",
      "_",
      "`",
      "~~",
      "[map](http://a.b/c)",
      "](",
      "![",
      "http://x.y/z?q ",
      "<!--",
      "-->",
      "&mdash;",
    ],
    ...[
      "\n- ",
      "\n2. ",
      "\n> ",
      "\n## ",
      "\n| ",
      " | ",
      "\n---\n",
      "\n```\n",
      "\\",
      "😀",
      "\u200b",
      "«",
      "»",
      "1. A ",
      "2. ",
    ],
    ...["3.5 ", "17 ", "e.g. ", "?!", "(so)", "many words and more ".repeat(9), "on and on, ".repeat(18)],
  ),
  fc.string({ maxLength: 6, unit: "grapheme" }),
);
const cuts = fc.array(fc.nat(), { maxLength: 40 });

test("wherever a text is cut, its passages are the same, and together they are what is shown", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("", "<speak>"),
      fc.array(scrap, { maxLength: 25 }),
      cuts,
      (form, scraps, places) => {
        const text = form + scraps.join("");
        const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
        const whole = passages([text]);
        expect(passages([0, ...at].map((from, i) => text.slice(from, at[i])))).toEqual(whole);
        expect(passages([...text])).toEqual(whole);
        const bare = (shown: string): string => shown.replace(/\s/gu, "");
        expect(bare(whole.map((passage) => passage.text).join(""))).toBe(bare(shownText(text)));
        for (const { text, pieces } of whole) {
          expect(text).toBe(foldSpace(text));
          let at = 0;
          for (const { from, to } of pieces) {
            expect(from).toBeGreaterThanOrEqual(at);
            expect(to).toBeLessThanOrEqual(text.length);
            at = to;
          }
        }
      },
    ),
    { numRuns: 400 },
  );
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { MarkupReader, type Run, shownText } from "../../../src/core/text/markup.ts";

/** Runs that are said in the same way as one. */
function joined(runs: readonly Run[]): Run[] {
  const out: Run[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    const isSame = last?.type === "text" && run.type === "text" && Bun.deepEquals(last.style, run.style);
    if (isSame) out[out.length - 1] = { ...last, text: last.text + run.text };
    else out.push(run);
  }
  return out;
}

function read(deltas: readonly string[]): Run[] {
  const reader = new MarkupReader();
  return joined([...deltas.flatMap((delta) => reader.push(delta)), ...reader.flush()]);
}

const said = (text: string, style = {}): Run => ({ type: "text", text, style });
const WHISPER = { whisper: true, gainDb: -6 };

test.each<[string, Run[]]>([
  ["Hi. [pause 500ms] Ho.", [said("Hi. "), { type: "pause", ms: 500 }, said(" Ho.")]],
  ["[pause 1.5s]", [{ type: "pause", ms: 1500 }]],
  ["[pause 9999999s]", [{ type: "pause", ms: 10_000 }]],
  ["a[whisper]b[/whisper]c", [said("a"), said("b", WHISPER), said("c")]],
  ["[Voice old_mara]b[/VOICE]", [said("b", { voice: "old_mara" })]],
  ["[voice Old Mara ]b", [said("b", { voice: "Old Mara" })]],
  [
    "[effect cave][effect Radio]b[/effect]c",
    [said("b", { effects: ["cave", "radio"] }), said("c", { effects: ["cave"] })],
  ],
  [
    "[voice a]b[voice c]d[/voice]e",
    [said("b", { voice: "a" }), said("d", { voice: "c" }), said("e", { voice: "a" })],
  ],
  [
    "[whisper]a[voice x]b[/whisper]c",
    [said("a", WHISPER), said("b", { ...WHISPER, voice: "x" }), said("c", { voice: "x" })],
  ],
  ["[whisper]to the end", [said("to the end", WHISPER)]],
])("%j is read", (text, runs) => {
  expect(read([text])).toEqual(runs);
});

test.each([
  "[/whisper]",
  "[whisper",
  "[pause 5",
  "[pause]",
  "[pause five]",
  "[pause -1s]",
  "[effect fog]",
  "[effect]",
  "[voice]",
  "[whisper loudly]",
  "[/pause]",
  "[The door creaks]",
  "[[[[",
  "a < b & c > d",
  "<break/> &amp; <b>bold</b>",
  `[voice ${"x".repeat(100)}]`,
  "[pause\n1s]",
])("%j is text", (text) => {
  expect(read([text])).toEqual([said(text)]);
  expect(shownText(text)).toBe(text);
});

test.each([
  ["Wait. [pause 1s] Now [whisper]run[/whisper]!", "Wait. Now run!"],
  ["[voice mara] Hi [/voice] there", "Hi there"],
  ["Hi [pause 1s]", "Hi"],
  ["[pause 1s]", ""],
  ["  as it\n stands ", "  as it\n stands "],
  ["<speak>Tom &amp; Jerry<break/></speak>", "Tom & Jerry"],
])("of %j is shown %j", (text, shown) => {
  expect(shownText(text)).toBe(shown);
});

describe("SSML", () => {
  test.each<[string, Run[]]>([
    ["<speak>Hi</speak>", [said("Hi")]],
    ['\n <speak version="1.1">Hi', [said("\n Hi")]],
    [
      '<speak>a<break time="250ms"/>b<break/>c<break strength="none"/>',
      [
        said("a"),
        { type: "pause", ms: 250 },
        said("b"),
        { type: "pause", ms: 500 },
        said("c"),
        { type: "pause", ms: 0 },
      ],
    ],
    ["<speak><break time='2s'></break>a", [{ type: "pause", ms: 2000 }, said("a")]],
    [
      '<speak><prosody rate="slow" pitch="+2st" volume="soft">a</prosody>b',
      [said("a", { rate: 0.8, pitch: 2, gainDb: -6 }), said("b")],
    ],
    ['<speak><prosody rate="50%"><prosody rate="+10%" volume="+6dB">a', [said("a", { rate: 0.55 })]],
    ['<speak><prosody pitch="-50%">a', [said("a", { pitch: -12 })]],
    ['<speak><prosody rate="0" pitch="+9999st">a', [said("a", { rate: 0.25, pitch: 24 })]],
    ['<speak><prosody rate="quickly" pitch="200Hz" contour="(0%,+20Hz)">a', [said("a")]],
    [
      "<speak><emphasis>a</emphasis><emphasis level='strong'>b</emphasis>",
      [said("a", { rate: 0.92, pitch: 1 }), said("b", { rate: 0.85, pitch: 2 })],
    ],
    [
      '<speak><say-as interpret-as="characters">abc</say-as><say-as interpret-as="date">1/2</say-as>',
      [said("abc", { spelled: true }), said("1/2")],
    ],
    ["<speak>&lt;b&gt; &amp; &quot;&apos;", [said("<b> & \"'")]],
    [
      '<speak><prosody pitch="high">a</prosody pitch="low">b',
      [said('a</prosody pitch="low">b', { pitch: 3 })],
    ],
    ["<speak><b [pause 1s]>", [said("<b "), { type: "pause", ms: 1000 }, said(">")]],
    ["<speak>[whisper]a[/whisper]<emphasis/>", [said("a", WHISPER)]],
  ])("%j is read", (text, runs) => {
    expect(read([text])).toEqual(runs);
  });

  test.each([
    "<!DOCTYPE speak>",
    '<!ENTITY a "b">',
    "&a;",
    "&#65;",
    "&nbsp;",
    "<![CDATA[x]]>",
    "<!-- x -->",
    '<audio src="http://127.0.0.1/x"/>',
    "<b>x</b>",
    "</prosody>",
    "<prosody rate=slow>",
    "</prosody rate='slow'>",
    "<__proto__>",
    "<constructor>",
    "&constructor;",
    "1 < 2",
  ])("%j in it is text", (text) => {
    expect(read([`<speak>${text}`])).toEqual([said(text)]);
  });
});

const fragment = fc.oneof(
  fc.constantFrom(
    "[whisper]",
    "[/whisper]",
    "[voice old_mara]",
    "[/voice]",
    "[effect cave]",
    "[/effect]",
    "[pause 500ms]",
    "[pause",
    "[",
    "]",
    "[sighs]",
    "<speak>",
    "</speak>",
    '<prosody rate="slow">',
    "</prosody>",
    "<break/>",
    "&amp;",
    "&",
    "<",
    "\n\n",
    "Hello there. ",
  ),
  fc.string({ maxLength: 8, unit: "grapheme" }),
);
const cut = fc
  .tuple(
    fc.constantFrom("", "<speak>"),
    fc.array(fragment, { maxLength: 30 }),
    fc.array(fc.nat(), { maxLength: 40 }),
  )
  .map(([begin, fragments, places]) => {
    const text = begin + fragments.join("");
    const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
    return { text, deltas: [0, ...at].map((from, i) => text.slice(from, at[i])) };
  });

test("wherever the text is cut, it is read in the same way", () => {
  fc.assert(
    fc.property(cut, ({ text, deltas }) => {
      expect(deltas.join("")).toBe(text);
      expect(read(deltas)).toEqual(read([text]));
      expect(read([...text])).toEqual(read([text]));
    }),
    { numRuns: 500 },
  );
});

test("what is shown is the text without its tags, whatever the text", () => {
  const known = /\[(?:whisper|voice old_mara|effect cave|pause 500ms)\]/g;
  const piece = fc.oneof(
    fc.constantFrom("[whisper]", "[voice old_mara]", "[effect cave]", "[pause 500ms]"),
    fragment,
  );
  const plain = fc
    .array(piece, { maxLength: 16 })
    .filter((pieces) => !pieces.some((each) => each.includes("/") || each.includes("<")));
  fc.assert(
    fc.property(plain, (pieces) => {
      const runs = read(pieces);
      const shown = runs.map((run) => (run.type === "text" ? run.text : "")).join("");
      expect(shown).toBe(pieces.join("").replace(known, ""));
    }),
    { numRuns: 500 },
  );
});

function cutEvery(length: number, text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, i) =>
    text.slice(i * length, (i + 1) * length),
  );
}

describe("a hostile text", () => {
  test.each([
    ["brackets without end", "[".repeat(100_000)],
    ["tags that never close", "[voice ".repeat(20_000)],
    ["SSML tags that never close", `<speak>${"<prosody rate='".repeat(10_000)}`],
    ["entities that never end", `<speak>${"&a".repeat(50_000)}`],
    ["one opener and a long text", `[${"a".repeat(100_000)}`],
    ["an attribute that goes on", `<speak><prosody ${"a='b' ".repeat(20_000)}>`],
    ["a billion laughs", `<speak><!DOCTYPE l [<!ENTITY a "ha">${'<!ENTITY b "&a;&a;">'.repeat(5_000)}]>&b;`],
  ])("%s is text, whole", (_what, text) => {
    const shown = (runs: Run[]): string => runs.map((run) => (run.type === "text" ? run.text : "")).join("");
    const body = text.replace(/^<speak>/, "");
    expect(shown(read([text]))).toBe(body);
    expect(shown(read(cutEvery(7, text)))).toBe(body);
  });

  test("styles within styles are read to a depth, and the rest is text", () => {
    const text = `${"[whisper]".repeat(10_000)}x${"[/whisper]".repeat(10_000)}`;
    const runs = read([text]);
    expect(runs.map((run) => run.type)).toEqual(["text", "text"]);
    const shown = runs.map((run) => (run.type === "text" ? run.text : "")).join("");
    expect(shown.length).toBe(text.length - 16 * "[whisper][/whisper]".length);
  });

  test.each(["[whisper", "[ x", "<speak><prosody rate=", "<speak>&am"])(
    "%j again and again is kept waiting for no longer than a tag",
    (delta) => {
      const reader = new MarkupReader();
      let given = 0;
      for (let i = 1; i <= 10_000; i++) {
        for (const run of reader.push(delta)) given += run.type === "text" ? run.text.length : 0;
        expect(i * delta.length - given).toBeLessThanOrEqual(256);
      }
    },
  );
});

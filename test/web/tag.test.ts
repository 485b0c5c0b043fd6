import { expect, test } from "bun:test";
import { EFFECTS } from "../../src/core/dsp/effects/names.ts";
import { PassageSplitter } from "../../src/core/text/passages.ts";
import { TAGS, type Tag, tagged } from "../../src/web/dm/tag.ts";

const named = (label: string): Tag => TAGS.find((tag) => tag.label === label) as Tag;

test.each(TAGS.map((tag) => [tag.label, tag] as const))(
  "what the console offers as %s is markup, and ends where it should",
  (_label, tag) => {
    const { text } = tagged({ text: "One. Two. Three.", from: 5, to: 9 }, tag);
    const splitter = new PassageSplitter();
    const [one, two, three] = [...splitter.push(text), ...splitter.flush()];
    expect([one?.text, two?.text, three?.text]).toEqual(["One.", "Two.", "Three."]);
    const isPlain = (passage: typeof one) => JSON.stringify(passage?.style) === "{}";
    expect([isPlain(one), isPlain(two), isPlain(three)]).toEqual([true, tag.close === "", true]);
    expect(two?.pauseMs).toBe(tag.close === "" ? 500 : 0);
  },
);

test("every effect is offered", () => {
  expect(TAGS.map(({ label }) => label)).toEqual(expect.arrayContaining([...EFFECTS]));
});

test("with nothing selected the caret stands within the tag, and otherwise behind it", () => {
  expect(tagged({ text: "Hush. ", from: 6, to: 6 }, named("whisper"))).toEqual({
    text: "Hush. [whisper][/whisper]",
    from: 15,
    to: 15,
  });
  expect(tagged({ text: "Hush. Now.", from: 0, to: 5 }, named("cave"))).toEqual({
    text: "[effect cave]Hush.[/effect] Now.",
    from: 27,
    to: 27,
  });
});

test("a name that is to be written is selected", () => {
  const { text, from, to } = tagged({ text: "Come in!", from: 0, to: 8 }, named("voice"));
  expect(text).toBe("[voice name]Come in![/voice]");
  expect(text.slice(from, to)).toBe("name");
});

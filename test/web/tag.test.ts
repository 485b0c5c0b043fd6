import { expect, test } from "bun:test";
import { EFFECTS } from "../../src/core/dsp/effects/names.ts";
import { PassageSplitter } from "../../src/core/text/passage-splitter.ts";
import { TAGS, type Tag, tagged } from "../../src/web/dm/composer/tag.ts";

const opened = (open: string): Tag => TAGS.find((tag) => tag.open === open) as Tag;

/** A text after a tag was put where `from` and `to` say. */
function after(text: string, [from, to]: [number, number], tag: Tag) {
  const { words, ...selected } = tagged({ text, from, to }, tag);
  return { text: `${text.slice(0, from)}${words}${text.slice(to)}`, ...selected };
}

test.each(TAGS.map((tag) => [tag.label, tag] as const))(
  "what the console offers as %s is markup, and ends where it should",
  (_label, tag) => {
    const { text } = after("One. Two. Three.", [5, 9], tag);
    const splitter = new PassageSplitter();
    const [one, two, three] = [...splitter.push(text), ...splitter.flush()];
    expect([one?.text, two?.text, three?.text]).toEqual(["One.", "Two.", "Three."]);
    const isPlain = (passage: typeof one) => JSON.stringify(passage?.style) === "{}";
    expect([isPlain(one), isPlain(two), isPlain(three)]).toEqual([true, tag.close === "", true]);
    expect(two?.pauseMs).toBe(tag.close === "" ? 500 : 0);
  },
);

test("every effect is offered", () => {
  const tags = EFFECTS.map((effect) => `[effect ${effect}]`);
  expect(TAGS.map(({ open }) => open)).toEqual(expect.arrayContaining(tags));
});

test("with nothing selected the caret stands within the tag, and otherwise behind it", () => {
  expect(after("Hush. ", [6, 6], opened("[whisper]"))).toEqual({
    text: "Hush. [whisper][/whisper]",
    from: 15,
    to: 15,
  });
  expect(after("Hush. Now.", [0, 5], opened("[effect cave]"))).toEqual({
    text: "[effect cave]Hush.[/effect] Now.",
    from: 27,
    to: 27,
  });
});

test("a name that is to be written is selected", () => {
  const { text, from, to } = after("Come in!", [0, 8], opened("[voice name]"));
  expect(text).toBe("[voice name]Come in![/voice]");
  expect(text.slice(from, to)).toBe("name");
});

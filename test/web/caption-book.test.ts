import { expect, test } from "bun:test";
import type { Line } from "../../src/client/index.ts";
import type { Sounds } from "../../src/core/protocol/table-settings.ts";
import type { WordsAppear } from "../../src/web/play/captions/caption.ts";
import { CaptionBook } from "../../src/web/play/captions/caption-book.ts";

function lineOf(id: string, texts: readonly string[], rest: Partial<Line> = {}): Line {
  let start = 0;
  const sentences = texts.map((text, sentence) => {
    const place = { sentence, text, start };
    start += text.length + 1;
    return place;
  });
  return { id, content: texts.join(" "), private: false, timestamp: "", sentences, ...rest };
}

const shownIn = (book: CaptionBook, words: WordsAppear = "at-once"): string[] =>
  book.readable({ words }).map(({ content, shown }) => content.slice(0, shown));

test("words appear as late as the later of both wants them: the game master, and who reads", () => {
  for (const [reveal, words, shown] of [
    [undefined, "at-once", "It is late. You die."],
    [undefined, "sentence", "It is late."],
    ["sentence", "at-once", "It is late."],
    ["word", "sentence", "It is"],
    ["sentence", "word", "It is"],
  ] as const) {
    const book = new CaptionBook();
    book.text(lineOf("a", ["It is late.", "You die."], reveal ? { reveal } : {}));
    book.spoken({ line: "a", sentence: 0, charStart: 3, charLength: 2 });
    expect(shownIn(book, words)).toEqual([shown]);
    book.over("a");
    expect(shownIn(book, words)).toEqual(["It is late. You die."]);
  }
});

test("what somebody has chosen not to hear is read whole when its turn comes", () => {
  const book = new CaptionBook();
  const who = { reveal: "word", speaker: "dm" } as const;
  book.text(lineOf("a", ["It is late.", "You die."], who));
  book.text(lineOf("b", ["It waits."], who));
  const shown = (sounds: Sounds) =>
    book.readable({ words: "at-once", sounds }).map(({ content, shown }) => content.slice(0, shown));
  expect(shown("narration")).toEqual([]);
  expect(shown("characters")).toEqual(["It is late. You die."]);
});

test("what sounds on another device of the room has no words to wait for here, and a whisper none on a loudspeaker", () => {
  const book = new CaptionBook();
  const of = (isPrivate: boolean, loudspeaker?: boolean): string[] => {
    const id = isPrivate ? "whisper" : "a";
    book.text({ ...lineOf(id, ["It is late.", "You die."], { reveal: "word" }), private: isPrivate });
    const read = book
      .readable({ words: "at-once", loudspeaker })
      .map(({ content, shown }) => content.slice(0, shown));
    book.over(id);
    return read;
  };
  expect(of(false, false)).toEqual(["It is late. You die."]);
  expect(of(true, true)).toHaveLength(2);
  const other = new CaptionBook();
  other.text(lineOf("a", ["It is late."], { reveal: "word" }));
  expect(other.readable({ words: "at-once", loudspeaker: true })).toEqual([]);
  expect(other.readable({ words: "at-once" })).toEqual([]);
});

test("a full stop appears with its word", () => {
  const book = new CaptionBook();
  book.text(lineOf("a", ["“Run!” she said."]));
  book.spoken({ line: "a", sentence: 0, charStart: 1, charLength: 3 });
  expect(shownIn(book, "word")).toEqual(["“Run!”"]);
});

test("of a line that was stopped it is known how far it was said, also after the page is loaded again", () => {
  const book = new CaptionBook();
  book.text(lineOf("a", ["I cut the rope my self."], { reveal: "word" }));
  book.text(lineOf("b", ["Nobody hears this."], { reveal: "word" }));
  book.spoken({ line: "a", sentence: 0, charStart: 10, charLength: 4 });
  for (const id of ["a", "b"]) book.stop(id);
  for (const id of ["a", "b"]) book.over(id);
  expect(shownIn(book)).toEqual(["I cut the rope"]);
  const after = new CaptionBook();
  after.restore(JSON.parse(JSON.stringify(book.captions)));
  expect(after.readable({ words: "at-once" }).map(({ id, stoppedAt }) => [id, stoppedAt])).toEqual([
    ["a", 14],
  ]);
  expect(shownIn(after)).toEqual(["I cut the rope"]);
});

test("a line that goes on after the page was loaded again keeps the sentences from before", () => {
  const book = new CaptionBook();
  book.restore([{ ...lineOf("a", ["One.", "Two."]), isOver: true }]);
  const [, two] = lineOf("a", ["One.", "Two."]).sentences ?? [];
  book.begin("a");
  book.text({ ...lineOf("a", []), content: "Two.", sentences: two ? [{ ...two, start: 0 }] : [] });
  expect(shownIn(book)).toEqual(["One. Two."]);
  expect(book.of("a")?.isOver).toBe(false);
});

test("a caption of which nothing has changed stays the same object", () => {
  const book = new CaptionBook();
  book.text(lineOf("a", ["One."]));
  book.text(lineOf("b", ["Two."]));
  const [before] = book.readable({ words: "at-once" });
  book.over("b");
  const [after, other] = book.readable({ words: "at-once" });
  expect(after).toBe(before as NonNullable<typeof before>);
  expect(other?.isOver).toBe(true);
});

import { expect, test } from "bun:test";
import { cleaned, cleanText, TextCleaner } from "../../src/core/clean-text.ts";
import { BardcastError, coded, messageOf, toWire } from "../../src/core/errors.ts";
import { scrub } from "../../src/core/scrub.ts";
import { deltasOf } from "../../src/core/text/text-source.ts";

test.each([
  ["half \ud83d an emoji", "half \ufffd an emoji"],
  ["half \udc09 an emoji", "half \ufffd an emoji"],
  ["a whole 🐉 stays", "a whole 🐉 stays"],
  ["\0\x1b[31mred\x07\x9b\x7f", "\ufffd\ufffd[31mred\ufffd\ufffd\ufffd"],
  ["tab\tand\nlines\r\nof\rall", "tab\tand\nlines\nof\nall"],
])("what is no text is replaced, and nothing else: %j", (text, clean) => {
  expect(cleanText(text)).toBe(clean);
  expect(cleanText(clean)).toBe(clean);
});

test("a text that comes in single halves of characters is what it is as a whole", () => {
  const text = "🐉\r\n🧙‍♀️ \ud83d\ud83d\udc09 \r\r\n end \ud83d";
  const cleaner = new TextCleaner();
  const parts = [...Array(text.length).keys()].map((at) => cleaner.push(text.charAt(at)));
  expect([...parts, cleaner.flush()].join("")).toBe(cleanText(text));
});

test("text is found in lists, in objects and in their keys; what is no plain object stays itself", () => {
  const date = new Date();
  const value = { "a\0": ["\ud83d", { b: "\x1b" }], date, number: 3 };
  expect(cleaned(value)).toEqual({ "a\ufffd": ["\ufffd", { b: "\ufffd" }], date, number: 3 });
});

const hostile = {
  get message(): string {
    throw new Error("no");
  },
};

test.each([
  [undefined, "no reason was given"],
  [null, "no reason was given"],
  ["just words", "just words"],
  [Object.freeze(new Error("frozen")), "frozen"],
  [{ message: "an object" }, "an object"],
  [hostile, "no reason was given"],
  [Object.create(null), "no reason was given"],
  [Symbol("odd"), "Symbol(odd)"],
  [new Error(""), "no reason was given"],
  [new Error("\x1b[2Jhalf \ud83d"), "\ufffd[2Jhalf \ufffd"],
  [new Error("x".repeat(5000)), "x".repeat(1000)],
])("whatever is thrown, there is a message: case %#", (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
  expect(coded(thrown, "engine-failed")).toMatchObject({ code: "engine-failed", message });
});

test("an error that travels is clean", () => {
  expect(toWire(new BardcastError("busy", "half \ud83d")).message).toBe("half \ufffd");
});

test("a secret that is no text is taken out like any other", () => {
  expect(
    scrub("said: half \ud83d an emoji; said: half%20%EF%BF%BD%20an%20emoji", ["half \ud83d an emoji"]),
  ).toBe("said: ***; said: ***");
});

const asDeltas = {
  "an async iterable": async function* (deltas: string[]) {
    yield* deltas;
  },
  "a stream": (deltas: string[]) =>
    new ReadableStream<string>({
      start(controller) {
        for (const delta of deltas) controller.enqueue(delta);
        controller.close();
      },
    }),
};

test.each(Object.entries(asDeltas))(
  "a character cut between two deltas of %s is whole",
  async (_, source) => {
    const deltas = await Array.fromAsync(deltasOf(source(["The \ud83d", "\udc09 \udc09", " roars\0"])));
    expect(deltas.join("")).toBe("The 🐉 \ufffd roars\ufffd");
  },
);

test("a stream that is waited for is cancelled as soon as nobody wants it", async () => {
  let cancelled: unknown;
  const stream = new ReadableStream<string>({
    cancel: () => {
      cancelled = true;
    },
  });
  const abort = new AbortController();
  const reading = Array.fromAsync(deltasOf(stream, abort.signal));
  abort.abort(new Error("enough"));
  await expect(reading).rejects.toThrow("enough");
  expect(cancelled).toBe(true);
});

test("a text that hangs, and whose end hangs, or throws, is waited for by nobody", async () => {
  for (const end of [() => new Promise<never>(() => undefined), () => Promise.reject(new Error("no"))]) {
    let told = 0;
    const source: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => undefined),
        return: () => {
          told += 1;
          return end();
        },
      }),
    };
    const abort = new AbortController();
    const reading = Array.fromAsync(deltasOf(source, abort.signal));
    abort.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    expect(told).toBe(1);
  }
});

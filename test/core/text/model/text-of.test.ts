import { expect, test } from "bun:test";
import { textOf } from "../../../../src/core/text/model/text-of.ts";
import { PassageSplitter } from "../../../../src/core/text/passage-splitter.ts";
import recorded from "../../../fixtures/model-streams.json" with { type: "json" };

/**
 * Parts as libraries give them: those of the AI SDK were recorded from its version 6.0 with the model of its own tests (7.0
 * has the same types); OpenAI's and Anthropic's are written by the types of their clients, 6.49 and 1.14.
 */
const STREAMS = Object.entries(recorded as Record<string, unknown[]>);
const STORY =
  "The door creaks.\n\nMara: Who's there? Speak!\n**Thorin:** It is half past 12:30, friend.\n\nNobody answers.";

async function* streamOf(parts: readonly unknown[]): AsyncGenerator<unknown> {
  for (const part of parts) {
    await Promise.resolve();
    yield part;
  }
}

/** All the text that comes, and the error it ends with. */
async function read(stream: Parameters<typeof textOf>[0]): Promise<{ text: string; error?: unknown }> {
  let text = "";
  try {
    for await (const delta of textOf(stream)) text += delta;
    return { text };
  } catch (error) {
    return { text, error };
  }
}

test.each(STREAMS)("%s has its text, and nothing that the model thought", async (_name, parts) => {
  expect(await read(streamOf(parts))).toEqual({ text: STORY });
  const { readable, writable } = new TransformStream<unknown, unknown>();
  const writer = writable.getWriter();
  void (async () => {
    for (const part of parts) await writer.write(part);
    await writer.close();
  })();
  expect(await read(readable)).toEqual({ text: STORY });
});

test.each(STREAMS)("%s names who speaks", async (_name, parts) => {
  const splitter = new PassageSplitter("en", () => undefined);
  const said: [string | undefined, string][] = [];
  const keep = (passages: ReturnType<PassageSplitter["push"]>): void => {
    for (const { style, pieces } of passages)
      said.push([style.voice, pieces.map((piece) => piece.said).join("")]);
  };
  for await (const delta of textOf(streamOf(parts))) keep(splitter.push(delta));
  keep(splitter.flush());
  expect(said).toEqual([
    [undefined, "The door creaks."],
    ["Mara", "Who's there?"],
    ["Mara", "Speak!"],
    ["Thorin", "It is half past 12:30, friend."],
    [undefined, "Nobody answers."],
  ]);
});

const delta = (text: string, id = "1"): object => ({ type: "text-delta", id, text });

test.each([
  ["its limit of tokens", [delta("Run"), { type: "finish", finishReason: "length" }], "length"],
  ["an error", [delta("Run"), { type: "error", error: new Error("no credit") }], "no credit"],
  ["an error of the network", [delta("Run"), { type: "error", errorText: "gone" }], "gone"],
  ["being stopped", [delta("Run"), { type: "abort" }], "stopped"],
  [
    "a filter",
    [
      { choices: [{ delta: { content: "Run" } }] },
      { choices: [{ delta: {}, finish_reason: "content_filter" }] },
    ],
    "content_filter",
  ],
  [
    "a refusal",
    [{ choices: [{ delta: { content: "Run" } }] }, { choices: [{ delta: { refusal: "I" } }] }],
    "refusal",
  ],
  [
    "its limit (Responses)",
    [
      { type: "response.output_text.delta", delta: "Run" },
      { type: "response.incomplete", response: { incomplete_details: { reason: "max_output_tokens" } } },
    ],
    "max_output_tokens",
  ],
  [
    "a failure (Responses)",
    [
      { type: "response.output_text.delta", delta: "Run" },
      { type: "response.failed", response: { error: { code: "server_error", message: "overloaded" } } },
    ],
    "overloaded",
  ],
  [
    "its limit (Anthropic)",
    [
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Run" } },
      { type: "message_delta", delta: { stop_reason: "max_tokens" } },
    ],
    "max_tokens",
  ],
  [
    "an error (Anthropic)",
    [
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Run" } },
      { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
    ],
    "Overloaded",
  ],
])("a model that ends by %s has not told the whole text", async (_why, parts, reason) => {
  const { text, error } = await read(streamOf(parts));
  // What came is a paragraph: it is said.
  expect(text).toBe("Run\n\n");
  expect(error).toMatchObject({ code: "text-failed", message: expect.stringContaining(reason) });
});

test("what a model writes behind a tool's call begins a paragraph", async () => {
  const parts = [
    delta("I look.", "1"),
    { type: "tool-call", toolName: "look" },
    delta("A door.", "2"),
    delta(" It is shut.", "2"),
  ];
  expect((await read(streamOf(parts))).text).toBe("I look.\n\nA door. It is shut.");
});

test("of several choices one is the text", async () => {
  const chunk = (index: number, content: string): object => ({ choices: [{ index, delta: { content } }] });
  expect((await read(streamOf([chunk(1, "Left."), chunk(0, "Right.")]))).text).toBe("Right.");
});

test("a stream of something else is refused", async () => {
  expect((await read(streamOf([7]))).error).toMatchObject({ code: "text-failed" });
});

test("whoever stops reading stops the model, also while it is silent", async () => {
  const source = Promise.withResolvers<void>();
  const silent: AsyncIterable<unknown> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<IteratorResult<unknown>>(() => undefined),
      return: async () => {
        source.resolve();
        return { done: true, value: undefined };
      },
    }),
  };
  const reading = textOf(silent);
  void reading.next();
  await reading.return?.();
  await source.promise;
});

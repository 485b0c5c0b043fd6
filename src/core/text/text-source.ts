import { abortable } from "../async/abortable.ts";
import { TextCleaner } from "../clean-text.ts";
import { BardcastError } from "../errors.ts";

/** Text as callers have it: whole, or still being written. */
export type TextSource = string | ReadableStream<string> | AsyncIterable<string>;

/**
 * The deltas of a text that is being written, clean. Nobody is waited for who keeps writing after `signal` aborts: the source
 * is told at once, whatever it is at.
 * @throws `signal.reason`; BardcastError `text-failed` where what comes is no text; whatever the source throws
 */
export async function* deltasOf(
  text: Exclude<TextSource, string>,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const cleaner = new TextCleaner();
  for await (const delta of abortable<unknown>(sourceOf(text), signal)) {
    if (typeof delta !== "string") throw new BardcastError("text-failed", "a text comes in strings");
    yield cleaner.push(delta);
  }
  yield cleaner.flush();
}

/** What comes, whatever it comes in; `return` reaches the source at once. */
export function sourceOf(text: ReadableStream<unknown> | AsyncIterable<unknown>): AsyncIterable<unknown> {
  if ("getReader" in text) return { [Symbol.asyncIterator]: () => readerOf(text) };
  if (Symbol.asyncIterator in text) return text;
  // A list or a generator of strings: no type says so, but `for await` takes it.
  const list = text as Iterable<unknown>;
  return { [Symbol.asyncIterator]: () => list[Symbol.iterator]() as unknown as AsyncIterator<unknown> };
}

/** Its own iterator would not hear of `return` before it has read what it is waiting for. */
function readerOf(stream: ReadableStream<unknown>): AsyncIterator<unknown> {
  const reader = stream.getReader();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

/** Nothing to say, nor to do: a tag is more than that, if only a pause. */
export function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** @throws BardcastError `text-empty` where there is none, `bad-request` where it is something else than text */
export function requireText(text: unknown): void {
  if (text === undefined || text === null) throw noText();
  const isWritten =
    typeof text === "object" &&
    ["getReader", Symbol.asyncIterator, Symbol.iterator].some((way) => way in text);
  if (typeof text !== "string" && !isWritten)
    throw new BardcastError(
      "bad-request",
      "text: expected a string, or a stream or an async iterable of strings",
    );
}

/** What is said of a blank text. */
export function noText(): BardcastError {
  return new BardcastError("text-empty", "there is no text to say");
}

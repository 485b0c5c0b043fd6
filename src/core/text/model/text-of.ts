import { BardcastError, messageOf } from "../../errors.ts";
import { sourceOf } from "../text-source.ts";

/** What language models' libraries stream: parts of any shape, or text. */
export type ModelStream = AsyncIterable<unknown> | ReadableStream<unknown>;

/** A part of a stream, in one of the shapes that are known. */
type Part = Readonly<Record<string, unknown>>;

/** What a part means to whoever reads the text. */
type Meaning =
  /** More of the text. `block`: where another one begins, so does a paragraph. */
  | { type: "text"; text: string; block: unknown }
  /** The model has ended before its text has. */
  | { type: "broken"; why: string };

/** Why a model ended, where that is not the end of its text: by the words of all these libraries. */
const CUT_SHORT: ReadonlySet<unknown> = new Set([
  "length",
  "max_tokens",
  "max_output_tokens",
  "model_context_window_exceeded",
  "content_filter",
  "content-filter",
  "refusal",
  "error",
]);

/**
 * The text in what a language model streams, for `speak`: the parts of the Vercel AI SDK (`textStream`, `fullStream`,
 * `toUIMessageStream()`), the events of OpenAI's Responses API, the chunks of its Chat Completions, and Anthropic's
 * events. What a model thinks, and its calls of tools, are passed over; text behind these begins a paragraph.
 * @throws BardcastError `text-failed` where the model failed, refused, or was stopped before its text had ended;
 *   whatever the stream throws
 * @example party.speak({ text: textOf(await client.responses.create({ model, input, stream: true })) })
 */
export function textOf(stream: ModelStream): AsyncIterableIterator<string> {
  const parts = sourceOf(stream)[Symbol.asyncIterator]();
  const reader = new ModelReader();
  return {
    async next() {
      for (;;) {
        const text = reader.take();
        if (text !== undefined) return { done: false, value: text };
        const { done, value } = await parts.next();
        if (done) return { done, value: undefined };
        reader.push(value);
      }
    },
    // No generator: it would not hear of this before it has what it waits for.
    async return() {
      await parts.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Makes text of parts. */
class ModelReader {
  #block: unknown;
  #hasText = false;
  #ready: string | undefined;
  #failure: string | undefined;

  push(part: unknown): void {
    const meaning = meaningOf(part);
    if (meaning === undefined) return;
    if (meaning.type === "broken") {
      // A paragraph ends: what has come is said, though nothing else would end its sentence.
      this.#ready = this.#hasText ? "\n\n" : undefined;
      this.#failure = meaning.why;
    } else if (meaning.text !== "") {
      const isNext = this.#hasText && meaning.block !== this.#block;
      this.#ready = isNext ? `\n\n${meaning.text}` : meaning.text;
      this.#block = meaning.block;
      this.#hasText = true;
    }
  }

  /** @throws BardcastError `text-failed` */
  take(): string | undefined {
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready === undefined && this.#failure !== undefined)
      throw new BardcastError("text-failed", this.#failure);
    return ready;
  }
}

function meaningOf(part: unknown): Meaning | undefined {
  if (typeof part === "string") return { type: "text", text: part, block: undefined };
  if (typeof part !== "object" || part === null)
    throw new BardcastError("text-failed", "a model's stream has parts that are text, or objects");
  const { type } = part as Part;
  if (typeof type !== "string") return chunk(part as Part);
  return type.startsWith("response.") ? openAiEvent(type, part as Part) : event(type, part as Part);
}

/** A chunk of Chat Completions; of several choices, the first. */
function chunk({ choices, error }: Part): Meaning | undefined {
  if (error) return broken(error);
  const choice = (Array.isArray(choices) ? choices : []).map(fieldsOf).find(({ index = 0 }) => index === 0);
  if (!choice) return undefined;
  const { content, refusal } = fieldsOf(choice.delta);
  if (typeof refusal === "string" && refusal !== "") return cutShort("refusal");
  if (typeof content === "string" && content !== "") return { type: "text", text: content, block: undefined };
  return cutShort(choice.finish_reason);
}

function openAiEvent(type: string, part: Part): Meaning | undefined {
  const { delta, output_index, content_index, response } = part;
  if (type === "response.output_text.delta" && typeof delta === "string")
    return { type: "text", text: delta, block: `${output_index}.${content_index}` };
  if (type === "response.refusal.delta") return cutShort("refusal");
  if (type === "response.failed") return broken(fieldsOf(response).error);
  if (type !== "response.incomplete") return undefined;
  const { reason } = fieldsOf(fieldsOf(response).incomplete_details);
  return cutShort(CUT_SHORT.has(reason) ? reason : "length");
}

/** A part of the AI SDK, or an event of Anthropic's. */
function event(type: string, part: Part): Meaning | undefined {
  switch (type) {
    case "text-delta": {
      const text = [part.text, part.delta, part.textDelta].find((each) => typeof each === "string");
      return text === undefined ? undefined : { type: "text", text: String(text), block: part.id };
    }
    case "content_block_delta": {
      const delta = fieldsOf(part.delta);
      if (delta.type !== "text_delta" || typeof delta.text !== "string") return undefined;
      return { type: "text", text: delta.text, block: part.index };
    }
    case "error":
      return broken(part.error ?? part.errorText ?? part.message);
    case "abort":
      return { type: "broken", why: "the model was stopped" };
    case "finish":
    case "finish-step":
      return cutShort(part.finishReason);
    case "message_delta":
      return cutShort(fieldsOf(part.delta).stop_reason);
    default:
      return undefined;
  }
}

function cutShort(reason: unknown): Meaning | undefined {
  if (!CUT_SHORT.has(reason)) return undefined;
  return { type: "broken", why: `the model ended before its text did: ${String(reason)}` };
}

function broken(error: unknown): Meaning {
  const { message } = fieldsOf(error);
  const why = typeof message === "string" ? message : messageOf(error);
  return { type: "broken", why: `the model failed: ${why}` };
}

function fieldsOf(value: unknown): Part {
  return typeof value === "object" && value !== null ? (value as Part) : {};
}

import type { Msg } from "@nats-io/nats-core";
import { z } from "zod";
import { BardcastError, fromWire, toWire, type WireError } from "../../core/errors.ts";
import type { BusConnection } from "../connection.ts";
import { jsonIn } from "../log/log-entry.ts";

/** Characters of a body, and of one answer; a server takes 1 MiB of one message by default. */
const MAX_CHARS = 512 * 1024;
const ANSWER_CHARS = 128 * 1024;
/** ms for which a question waits for more to be written, and after which nobody seems to read it any more. */
const WAIT_MS = 1_500;
const UNREAD_MS = 30_000;
/** ms between two questions that could not be asked, and for which it is tried. */
const RETRY_MS = 100;
const PATIENCE_MS = 30_000;

const askedSchema = z.object({ v: z.literal(1), from: z.number().int().nonnegative() });
const partSchema = z.object({
  v: z.literal(1),
  /** What was written from there on. */
  text: z.string(),
  /** Nothing more comes. */
  end: z.boolean().optional(),
  error: z.looseObject({ code: z.string(), message: z.string(), retryable: z.boolean() }).optional(),
});

/** A text that is still being written to one node, and is read by another: that asks for it part by part. */
export class OfferedBody {
  readonly #body: ReadableStreamDefaultReader<string>;
  readonly #stopListening: () => void;
  #text = "";
  #isWhole = false;
  #error: WireError | undefined;
  readonly #waiting = new Set<() => void>();
  #patience: ReturnType<typeof setTimeout> | undefined;

  /** @param subject where it is asked for */
  constructor(connection: BusConnection, subject: string, body: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#body = body.pipeThrough(new TextDecoderStream()).getReader();
    this.#stopListening = connection.listen(subject, (message) => void this.#answer(message));
    void this.#read();
  }

  /** It was answered: whoever reads it goes on, or does not read it any more. */
  answered(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.close(), UNREAD_MS);
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#stopListening();
    this.#body.cancel().catch(() => undefined);
    this.#wake();
  }

  async #read(): Promise<void> {
    try {
      for (let part = await this.#body.read(); !part.done; part = await this.#body.read()) {
        this.#text += part.value;
        if (this.#text.length > MAX_CHARS)
          throw new BardcastError("payload-too-large", `the body is larger than ${MAX_CHARS} characters`);
        this.#wake();
      }
    } catch (error) {
      this.#error = toWire(error);
    }
    this.#isWhole = true;
    this.#wake();
  }

  async #answer(message: Msg): Promise<void> {
    const { from } = askedSchema.safeParse(jsonIn(message.data)).data ?? {};
    if (from === undefined) return;
    if (this.#patience) this.answered();
    if (this.#text.length <= from && !this.#isWhole) await this.#more();
    const end = from + ANSWER_CHARS;
    // Not between the halves of a character.
    const isHalf = /[\uD800-\uDBFF]/.test(this.#text.charAt(end - 1));
    const text = this.#text.slice(from, isHalf ? end - 1 : end);
    const isAll = this.#isWhole && from + text.length >= this.#text.length;
    const error = isAll && this.#error ? { error: this.#error } : {};
    message.respond(JSON.stringify({ v: 1, text, ...(isAll ? { end: true } : {}), ...error }));
  }

  /** Resolves when more is there, or soon. */
  async #more(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, WAIT_MS);
      const wake = (): void => {
        clearTimeout(timer);
        resolve();
        this.#waiting.delete(wake);
      };
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

/** Reads a text that another node offers, as it is written; it fails where that node is gone. */
export function readOffered(
  connection: BusConnection,
  subject: string,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let from = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { text, end, error } = await nextPart(connection, subject, from);
      from += text.length;
      if (text !== "") controller.enqueue(encoder.encode(text));
      if (error) controller.error(fromWire(error as WireError));
      else if (end) controller.close();
    },
  });
}

/** @throws BardcastError where whoever offers it is gone, or does not answer for long */
async function nextPart(
  connection: BusConnection,
  subject: string,
  from: number,
): Promise<z.infer<typeof partSchema>> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const message = await connection.request(subject, JSON.stringify({ v: 1, from }));
      const part = partSchema.parse(jsonIn(message.data));
      if (part.text !== "" || part.end) return part;
    } catch (error) {
      const isGone = (error as { code?: unknown }).code === "not-found";
      if (isGone || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

import type { BlockSink } from "./block-sink.ts";
import { isWord } from "./code-span.ts";

/** Characters of code that may turn out to be one word. */
const MAX_WORD = 64;

/** Code between fences: for the eye, unless it is one word. */
export class Fence {
  readonly #sink: BlockSink;
  readonly #closing: RegExp;
  readonly #isQuoted: boolean;
  /** Code that may be said. */
  #held: string | undefined = "";

  /** @param ticks that opened it; as many close it */
  constructor(sink: BlockSink, ticks: string, isQuoted: boolean) {
    this.#sink = sink;
    this.#isQuoted = isQuoted;
    this.#closing = new RegExp(`^[ \\t>]*\\${ticks.charAt(0)}{${ticks.length},}[ \\t]*$`);
  }

  /** Whether the line closes it, or leaves the quote that it stands in; `wait` where that is not decided yet. */
  closes(line: string, isLineOver: boolean): "yes" | "no" | "left" | "wait" {
    if (!isLineOver && line.length < 200 && /^[ \t>]*[`~]*[ \t]*$/.test(line)) return "wait";
    if (this.#closing.test(line)) return "yes";
    return this.#isQuoted && !/^[ \t]*>/.test(line) ? "left" : "no";
  }

  add(code: string): void {
    if (this.#held === undefined) {
      this.#sink.eye(code);
      return;
    }
    this.#held += code;
    const inner = this.#held.replace(/^[\s>]+/u, "");
    if (inner.length > MAX_WORD || /\S\s+\S/u.test(inner)) this.#release();
  }

  /** Nothing of it follows: what may be said is. */
  end(): void {
    const held = this.#held ?? "";
    const word = held.replace(/^[\s>]+/u, "").trimEnd();
    if (!isWord(word)) {
      this.#release();
      return;
    }
    const at = held.indexOf(word);
    this.#sink.eye(held.slice(0, at));
    this.#sink.text(word);
    this.#sink.eye(held.slice(at + word.length));
    this.#held = undefined;
  }

  #release(): void {
    if (this.#held) this.#sink.eye(this.#held);
    this.#held = undefined;
  }
}

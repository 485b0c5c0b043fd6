import { printable } from "../../core/text/printable.ts";

/** Part of a download after which it is told of once more, where nobody sees one line change. */
const STEP = 0.1;

/** Where progress is told: a terminal, or a file or pipe. */
interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Progress of downloads: one line that changes on a terminal, and a line now and then everywhere else. */
export class ProgressLine {
  readonly #output: Output;
  readonly #name: string;
  #told = 0;
  #isOpen = false;

  constructor(output: Output, name: string) {
    this.#output = output;
    this.#name = name;
  }

  /** So many bytes of a download are there. */
  tell(bytes: number, total: number | undefined): void {
    // The next file.
    if (bytes < this.#told) this.#told = 0;
    const isDue = this.#output.isTTY || bytes === total || bytes >= this.#told + (total ?? 1e8) * STEP;
    if (!isDue) return;
    this.#told = bytes;
    this.say(total === undefined ? megabytes(bytes) : `${percent(bytes, total)} % of ${megabytes(total)}`);
  }

  say(text: string): void {
    this.#isOpen = this.#output.isTTY === true;
    const line = printable(`${this.#name}: ${text}`);
    // Back to the start of the line, and what stood there is erased.
    this.#output.write(this.#isOpen ? `\r\x1b[K${line}` : `${line}\n`);
  }

  /** Nothing more comes. */
  end(): void {
    if (this.#isOpen) this.#output.write("\n");
    this.#isOpen = false;
  }
}

function percent(bytes: number, total: number): number {
  return Math.floor((100 * bytes) / total);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

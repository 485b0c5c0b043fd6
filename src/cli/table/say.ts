import { createInterface } from "node:readline/promises";
import { BardcastError } from "../../core/errors.ts";
import type { DeliveryReport, PartyStatus } from "../../core/protocol/api.ts";
import { deliveryWords } from "../../server/mcp/delivery-words.ts";
import { commandLine } from "../command-line.ts";
import { EXIT } from "../exit-codes.ts";
import { UsageError } from "../options.ts";
import { stopSignal } from "../stop-signal.ts";
import { tellFailure } from "../tell-failure.ts";
import { say, sayJson, warn } from "../terminal.ts";
import { TableClient } from "./table-client.ts";
import { audienceOf, speakerOf, type TypedSayOptions } from "./table-options.ts";

/** ms between two looks at a line that is being heard. */
const LOOK_MS = 200;
/** Lines of stdin that may be under way: the table says them in order, without a gap. */
const MAX_UNDER_WAY = 8;

/** What became of a line. */
interface Said {
  utterance: string;
  /** Left out where nobody waits for it. */
  report?: DeliveryReport;
}

/** `say`: has a running table say a text, or what comes on stdin; resolves with the exit code. */
export async function runSay(text: string | undefined, typed: TypedSayOptions): Promise<number> {
  try {
    const speaking = new Speaking(await TableClient.find(typed), typed);
    await speaking.begin();
    if (typed.stream && text !== undefined) throw new UsageError("--stream says stdin: leave the text out");
    void stopSignal().then(() => speaking.stop());
    if (typed.stream) return await speaking.stream(process.stdin);
    return text === undefined ? await speaking.lines(process.stdin) : await speaking.line(text);
  } catch (error) {
    return tellFailure(error, `See ${commandLine("say --help")}`);
  }
}

/** Lines on their way to a table. */
class Speaking {
  readonly #table: TableClient;
  readonly #typed: TypedSayOptions;
  readonly #request: object;
  readonly #underWay = new Set<string>();
  readonly #abort = new AbortController();
  /** Of the table at the beginning; undefined for a service, which may not know. */
  #status: PartyStatus | undefined;

  /** @throws UsageError */
  constructor(table: TableClient, typed: TypedSayOptions) {
    this.#table = table;
    this.#typed = typed;
    const { priority, interrupt } = typed;
    this.#request = {
      to: audienceOf(typed),
      ...speakerOf(typed),
      ...(priority === undefined ? {} : { priority: numberOf("--priority", priority) }),
      ...(interrupt === undefined ? {} : { interrupt }),
    };
  }

  /** Finds the table. @throws BardcastError */
  async begin(): Promise<void> {
    this.#status = await this.#table.status().catch((error) => {
      if (error instanceof BardcastError && error.code === "forbidden") return undefined;
      throw error;
    });
  }

  /** Silences what is being said. */
  stop(): void {
    this.#abort.abort(new BardcastError("cancelled", "stopped"));
    for (const utterance of this.#underWay) {
      this.#table.call(`/speak/${utterance}`, { method: "DELETE" }).catch(() => undefined);
    }
  }

  /** One line that is known. @returns the exit code */
  async line(text: string): Promise<number> {
    return this.#tell(await this.#follow(await this.#begin(text)));
  }

  /** Each line as soon as it is there. @returns the exit code of the worst of them */
  async lines(input: NodeJS.ReadStream): Promise<number> {
    if (input.isTTY) warn("Each line is said when Enter is pressed; Ctrl+D ends.");
    const told: Promise<number>[] = [];
    const codes: number[] = [];
    const reader = createInterface({ input, signal: this.#abort.signal });
    for await (const text of reader) {
      if (text.trim() === "") continue;
      if (told.length >= MAX_UNDER_WAY) codes.push((await told.shift()) ?? EXIT.done);
      const begun = await this.#begin(text);
      const telling = this.#follow(begun).then((said) => this.#tell(said));
      told.push(telling.catch((error) => tellFailure(error, "")));
    }
    return Math.max(EXIT.done, ...codes, ...(await Promise.all(told)));
  }

  /** All that comes as one line, spoken while it is written. @returns the exit code */
  async stream(input: NodeJS.ReadStream): Promise<number> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(this.#request)) {
      const isPlain = typeof value !== "object" || Array.isArray(value);
      query.set(name, isPlain ? String(value) : JSON.stringify(value));
    }
    const report = await this.#table.call<DeliveryReport>(`/speak?${query}`, {
      method: "POST",
      headers: { "Content-Type": "text/plain; charset=utf-8" },
      body: bytesOf(input),
      duplex: "half",
      signal: this.#abort.signal,
    });
    return this.#tell(await this.#follow({ utterance: report.utterance, report }));
  }

  /** Hands a text to the table. A service is not told of it later, so it waits here. */
  async #begin(text: string): Promise<Said> {
    const mayAsk = this.#status !== undefined || !this.#typed.wait;
    const begun = await this.#table.call<Said & DeliveryReport>("/speak", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(mayAsk ? { Prefer: "respond-async" } : {}) },
      body: JSON.stringify({ ...this.#request, text }),
    });
    return mayAsk ? { utterance: begun.utterance } : { utterance: begun.utterance, report: begun };
  }

  /** Waits until it is known who heard it, where anybody is to wait and may ask. */
  async #follow(said: Said): Promise<Said> {
    if (!this.#typed.wait || !this.#status) return said;
    const { utterance } = said;
    this.#underWay.add(utterance);
    try {
      for (;;) {
        const { queue } = await this.#table.status();
        if (queue.every((each) => each.utterance !== utterance)) break;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      const over = await this.#table.said(utterance);
      return over ? { utterance, report: over.report } : said;
    } finally {
      this.#underWay.delete(utterance);
    }
  }

  /** Tells what became of a line; its exit code. */
  #tell({ utterance, report }: Said): number {
    const absent = report ? this.#absentOf(report) : [];
    if (this.#typed.json) sayJson({ utterance, ...report, ...(report ? { absent } : {}) });
    else if (report) for (const line of deliveryWords(report, absent)) say(line);
    else say(utterance);
    if (!report) return EXIT.done;
    if (report.cancelled) return EXIT.failed;
    return report.players.some(({ complete }) => complete) ? EXIT.done : EXIT.unheard;
  }

  /** Who was to hear it and is not here. */
  #absentOf({ players }: DeliveryReport): string[] {
    const to = audienceOf(this.#typed);
    const addressed = to === "all" ? (this.#status?.players ?? []).map(({ id }) => id) : to;
    return addressed.filter((player) => players.every((each) => each.player !== player));
  }
}

/** @throws UsageError where it is none */
function numberOf(flag: string, typed: string): number {
  const number = Number(typed);
  if (typed.trim() !== "" && Number.isFinite(number)) return number;
  throw new UsageError(`${flag} is a number, not "${typed}"`);
}

/** What comes, as it comes. */
function bytesOf(input: NodeJS.ReadStream): ReadableStream<Uint8Array> {
  const parts = input[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(typeof value === "string" ? new TextEncoder().encode(value) : value);
    },
  });
}

import { readFileSync } from "node:fs";
import type { RuntimeName } from "./runtime-name.ts";
import { commandFor } from "./runtimes.ts";

/** A program of the bench in a process of its own, asked one thing at a time. */
export class Program {
  readonly #process: Bun.Subprocess<"pipe", "pipe", "inherit">;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: Bun.Subprocess<"pipe", "pipe", "inherit">) {
    this.#process = process;
    this.#lines = linesOf(process.stdout);
  }

  /** @param name of a file in `bench/programs` @param argument what it gets, as JSON */
  static async start(runtime: RuntimeName, name: string, argument: object = {}): Promise<Program> {
    const command = [...(await commandFor(runtime, `bench/programs/${name}`)), JSON.stringify(argument)];
    const program = new Program(Bun.spawn(command, { stdio: ["pipe", "pipe", "inherit"] }));
    await program.#answer();
    return program;
  }

  async call<T = unknown>(call: string, ...args: unknown[]): Promise<T> {
    this.#process.stdin.write(`${JSON.stringify({ call, args })}\n`);
    this.#process.stdin.flush();
    const { value, error } = await this.#answer<T>();
    if (error !== undefined) throw new Error(error);
    return value as T;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** CPU ns that its first thread has used, which serves; workers, compilers and collectors have their own. */
  get mainThreadNs(): number {
    const { pid } = this.#process;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
  }

  async #answer<T>(): Promise<{ value?: T; error?: string }> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`a program of the bench ended: ${await this.#process.exited}`);
    return JSON.parse(value);
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of stream) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

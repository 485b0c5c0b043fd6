import { afterAll } from "bun:test";
import { Dm20Client } from "../support/server.ts";

/** An example in a process of its own, known by what it prints. */
export class Example {
  readonly #process: Bun.Subprocess<"ignore", "pipe", "pipe">;
  readonly #listeners = new Set<() => void>();
  #ended = false;
  /** All it printed up to now. */
  printed = "";

  private constructor(command: readonly string[], env: Record<string, string>) {
    this.#process = Bun.spawn([...command], {
      env: { ...process.env, PORT: "0", NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { stdout, stderr } = this.#process;
    void Promise.all([this.#read(stdout), this.#read(stderr)]).then(() => {
      this.#ended = true;
      this.#tell();
    });
  }

  /** Runs until the test file ends. */
  static start(command: readonly string[], env: Record<string, string> = {}): Example {
    const example = new Example(command, env);
    afterAll(() => example.kill());
    return example;
  }

  /** What the pattern's group found, as soon as it was printed. @throws Error where the process ends before */
  async found(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.printed)?.[1];
      if (found !== undefined) return found;
      if (this.#ended) throw new Error(`the example ended; it printed:\n${this.printed}`);
      await new Promise<void>((resolve) => this.#listeners.add(resolve));
    }
  }

  /** Joins as a browser with this link would; the client knows the dm20 wire. */
  async join(player: string): Promise<Dm20Client> {
    const link = await this.found(new RegExp(`^${player} joins with (\\S+)$`, "m"));
    const client = new Dm20Client(link.replace("/play?", "/ws?"));
    await client.until("connected", 1);
    return client;
  }

  /** Says a line as the DM's console would. */
  async speak(line: object): Promise<unknown> {
    const [base, token = ""] = (await this.found(/^DM console: (\S+)$/m)).split("/dm?token=");
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const body = JSON.stringify(line);
    return (await fetch(`${base}/api/speak`, { method: "POST", headers, body })).json();
  }

  /** As Ctrl+C does; resolves with the exit code. */
  interrupt(): Promise<number> {
    this.#process.kill("SIGINT");
    return this.#process.exited;
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const part of stream) {
      this.printed += decoder.decode(part, { stream: true });
      this.#tell();
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

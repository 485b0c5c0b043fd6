import type { Encoding } from "../../src/engines/sentence-job.ts";
import { Program } from "./program.ts";
import type { RuntimeName } from "./runtime-name.ts";

/** What a house is given: sound in one form; as made ahead, or live, as a source gives it that speaks as it goes. */
export interface HouseOptions {
  encoding: Encoding;
  live?: boolean;
  /** Has the sound come from a worker; the bare server has it at hand. */
  pool?: boolean;
  /** Tables at which the listeners sit; the bare server has none. */
  parties?: number;
}

/** A server in a process of its own, Bardcast's or a bare one, and its listeners in another. */
export class House {
  readonly server: Program;
  readonly listeners: Program;
  readonly #isV2: boolean;
  readonly #parties: number;
  #count = 0;

  private constructor(server: Program, listeners: Program, { encoding, parties = 1 }: HouseOptions) {
    this.server = server;
    this.listeners = listeners;
    this.#isV2 = encoding !== "dm20";
    this.#parties = parties;
  }

  static async open(runtime: RuntimeName, name: "table" | "bare", options: HouseOptions): Promise<House> {
    const server = await Program.start(runtime, name, options);
    return new House(server, await Program.start("bun", "listeners"), options);
  }

  /** Lets listeners in until there are so many. */
  async fill(count: number): Promise<void> {
    for (let table = 0; table < this.#parties; table++) {
      const more = (count - this.#count) / this.#parties;
      await this.listeners.call("connect", await this.server.call("address", table), more, this.#isV2);
    }
    this.#count = count;
    while ((await this.server.call<number>("count")) < count) await Bun.sleep(10);
  }

  /** CPU ms of the server for saying so many lines of so many sentences. */
  async cost(lines: number, sentences: number): Promise<number> {
    const ms = await this.server.call<number>("cost", lines, sentences);
    await this.#hear();
    return ms;
  }

  /** CPU ns of the server's first thread for the same. */
  async mainThreadCost(lines: number, sentences: number): Promise<number> {
    const before = this.server.mainThreadNs;
    await this.server.call("cost", lines, sentences);
    const ns = this.server.mainThreadNs - before;
    await this.#hear();
    return ns;
  }

  async say(sentences: number): Promise<void> {
    await this.server.call("say", sentences);
    await this.#hear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.server[Symbol.asyncDispose](), this.listeners[Symbol.asyncDispose]()]);
  }

  /** Listeners say that they have heard the lines, or the server would wait for them. */
  async #hear(): Promise<void> {
    const said = await this.server.call<string[]>("said");
    for (const utterance of said) {
      const heard = {
        type: "heard",
        utterance,
        heardMs: 1e6,
        bufferedMs: 0,
        underruns: 0,
        state: "playing",
        ended: true,
      };
      if (this.#isV2) await this.listeners.call("send", JSON.stringify(heard));
    }
    await this.server.call("over");
  }
}

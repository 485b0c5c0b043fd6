import type { Encoding } from "../../src/engines/contract/sentence-job.ts";
import { Program } from "./program.ts";
import { roundsOn } from "./rounds.ts";
import type { RuntimeName } from "./runtime-name.ts";

/** What a house is given: sound in one form; as made ahead, or live, as a source gives it that speaks as it goes. */
export interface HouseOptions {
  encoding: Encoding;
  live?: boolean;
  /** Has the sound come from a worker; the bare server has it at hand. */
  pool?: boolean;
  /** What each sentence says: one of `SENTENCES_READY`. */
  sentence?: string;
  /** Tables at which the listeners sit; the bare server has none. */
  parties?: number;
}

/** A thread that used less than this in a window has nothing left to do. */
const QUIET_NS = 1e6;
const QUIET_WINDOW_MS = 60;

const WARM_LISTENERS = 200;
const WARM_ROUNDS = 25;
const WARM_LINES = 5;
const ADMITTED_WITHIN_MS = 30_000;
/** Of a line that warms up. */
const SENTENCES = 4;

/** A server in a process of its own, Bardcast's or a bare one, and its listeners in another. */
export class House {
  readonly server: Program;
  readonly listeners: Program;
  readonly #runtime: RuntimeName;
  readonly #isV2: boolean;
  readonly #parties: number;
  #count = 0;

  private constructor(
    runtime: RuntimeName,
    server: Program,
    listeners: Program,
    { encoding, parties = 1 }: HouseOptions,
  ) {
    this.#runtime = runtime;
    this.server = server;
    this.listeners = listeners;
    this.#isV2 = encoding !== "dm20";
    this.#parties = parties;
  }

  static async open(runtime: RuntimeName, name: "table" | "bare", options: HouseOptions): Promise<House> {
    const server = await Program.start(runtime, name, options);
    return new House(runtime, server, await Program.start("bun", "listeners"), options);
  }

  /** Lets listeners in, or out where they sit at one table, until there are so many. */
  async fill(count: number): Promise<void> {
    if (count < this.#count) await this.listeners.call("leave", this.#count - count);
    else await this.#admit(count);
    this.#count = count;
    const until = performance.now() + ADMITTED_WITHIN_MS;
    while ((await this.server.call<number>("count")) !== count) {
      if (performance.now() > until) throw new Error("a server has lost some of its listeners");
      await Bun.sleep(10);
    }
  }

  async #admit(count: number): Promise<void> {
    for (let table = 0; table < this.#parties; table++) {
      const more = (count - this.#count) / this.#parties;
      await this.listeners.call("connect", await this.server.call("address", table), more, this.#isV2);
    }
  }

  /** Lets the runtime compile what is used often, which takes more CPU than a line does. */
  async warmUp(): Promise<void> {
    await this.fill(WARM_LISTENERS);
    for (let round = 0; round < roundsOn(this.#runtime, WARM_ROUNDS); round++)
      await this.cost(WARM_LINES, SENTENCES);
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

  /** Says a line that listeners go on hearing. */
  async begin(): Promise<void> {
    await this.server.call("say", 1);
  }

  /** CPU ns of the server's first thread for so many reports from every listener on the line that was begun. */
  async reportsCost(reports: number): Promise<number> {
    const [utterance = ""] = await this.server.call<string[]>("said");
    const before = this.server.mainThreadNs;
    for (let report = 0; report < reports; report++) {
      await this.listeners.call("send", reportOn(utterance, { heardMs: report, ended: false }));
    }
    let last = 0;
    while (this.server.mainThreadNs - last > QUIET_NS) {
      last = this.server.mainThreadNs;
      await Bun.sleep(QUIET_WINDOW_MS);
    }
    return last - before;
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
      const heard = reportOn(utterance, { heardMs: 1e6, ended: true });
      if (this.#isV2) await this.listeners.call("send", heard);
    }
    await this.server.call("over");
  }
}

function reportOn(utterance: string, heard: { heardMs: number; ended: boolean }): string {
  return JSON.stringify({
    type: "heard",
    utterance,
    bufferedMs: 0,
    underruns: 0,
    state: "playing",
    ...heard,
  });
}

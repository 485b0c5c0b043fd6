import { NatsServer } from "../../support/nats-server.ts";
import { HouseNode } from "./house.ts";
import { NatsTap, type TappedMessage } from "./nats-tap.ts";
import type { Choose } from "./wanderer.ts";

const NAMES = ["a", "b", "c"];
const SAMPLES = 40;
/** ms for which a node stands still: long enough for others to take what it held, and too short for that. */
const FROZEN_MS = [2_600, 800];

/** What happens to a house. */
export const TROUBLES = [
  /** A node is killed, and started again. */
  "kill",
  /** The same, another one. */
  "kill again",
  /** One is told to end, and started again. */
  "stop",
  /** One stands still for a while. */
  "freeze",
  /** One is cut off from NATS without a goodbye. */
  "cut off",
  /** NATS stands still. */
  "pause NATS",
  /** NATS is killed, and started again with what it stored. */
  "kill NATS",
] as const;

/** Three nodes that serve the same tables over one NATS server, each by a wire that is listened in on. */
export class TroubledHouse {
  readonly #tables: number;
  readonly #choose: Choose;
  readonly #alive = new Map<string, HouseNode>();
  readonly #starting = new Set<Promise<void>>();
  readonly #taps: ReadonlyMap<string, NatsTap>;
  #server: NatsServer;

  private constructor(
    server: NatsServer,
    taps: ReadonlyMap<string, NatsTap>,
    { tables, choose }: { tables: number; choose: Choose },
  ) {
    this.#server = server;
    this.#taps = taps;
    this.#tables = tables;
    this.#choose = choose;
  }

  static async open(options: { tables: number; choose: Choose }): Promise<TroubledHouse> {
    const server = await NatsServer.start();
    const taps = NAMES.map(async (name) => [name, await NatsTap.open(name, server.port)] as const);
    const house = new TroubledHouse(server, new Map(await Promise.all(taps)), options);
    await Promise.all(NAMES.map((name) => house.#start(name)));
    return house;
  }

  /** Those that run. */
  get nodes(): HouseNode[] {
    return [...this.#alive.values()];
  }

  /** All that went between nodes and NATS. */
  get messages(): TappedMessage[] {
    return [...this.#taps.values()].flatMap(({ messages }) => messages);
  }

  /** Resolves when it is over; a node that was ended is started again meanwhile. */
  async trouble(kind: (typeof TROUBLES)[number]): Promise<void> {
    const wait = async (least: number, most: number): Promise<void> =>
      void (await Bun.sleep(least + this.#choose(most - least)));
    if (kind === "pause NATS") {
      this.#server.pause();
      await wait(300, 1_500);
      this.#server.goOn();
    } else if (kind === "kill NATS") {
      const { dir, port } = this.#server;
      await this.#server.kill();
      await wait(0, 500);
      this.#server = await NatsServer.start({ again: { dir, port } });
    } else {
      if (this.#alive.size < 2) await Promise.race(this.#starting);
      const node = this.nodes[this.#choose(this.#alive.size)] as HouseNode;
      if (kind === "freeze") {
        node.process.kill("SIGSTOP");
        await Bun.sleep(FROZEN_MS[this.#choose(FROZEN_MS.length)] ?? 0);
        node.process.kill("SIGCONT");
      } else if (kind === "cut off") {
        this.#taps.get(node.name)?.cutOff();
        await wait(300, 3_000);
        this.#taps.get(node.name)?.comeBack();
      } else {
        this.#alive.delete(node.name);
        await (kind === "stop" ? node.stop() : node.kill());
        const starting = this.#start(node.name).finally(() => this.#starting.delete(starting));
        this.#starting.add(starting);
      }
    }
  }

  /** Resolves when all nodes are there again. */
  async whole(): Promise<void> {
    await Promise.all(this.#starting);
  }

  async close(): Promise<void> {
    await this.whole();
    await Promise.all(this.nodes.map((node) => node.kill()));
    for (const tap of this.#taps.values()) tap.close();
    await this.#server.stop();
  }

  /** One that finds no NATS does not start; whoever started it tries again. */
  async #start(name: string): Promise<void> {
    const servers = this.#taps.get(name)?.url ?? "";
    const options = { samples: SAMPLES, tables: this.#tables };
    const started = await HouseNode.start(servers, name, options).catch(() => undefined);
    if (started) this.#alive.set(name, started);
    else await this.#start(name);
  }
}

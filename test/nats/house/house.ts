import { type ChildProcess, spawn } from "node:child_process";
import { TableAtNode, type TableDoor } from "./table-at-node.ts";

/** Looks again and again whether something is so; the test's own time limit ends it otherwise. */
export async function eventually(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await Bun.sleep(20);
}

/** A node of the house, as a process, and its first table. */
export class HouseNode extends TableAtNode {
  readonly process: ChildProcess;
  /** The first among them. */
  readonly tables: readonly TableAtNode[];

  private constructor(name: string, child: ChildProcess, first: TableDoor, others: readonly TableDoor[]) {
    super(name, first);
    this.process = child;
    this.tables = [this, ...others.map((door) => new TableAtNode(name, door))];
  }

  /** @param options.samples of each character, at 8 kHz: how long a line lasts; `players` have a seat beside the three @throws Error where it finds no NATS */
  static async start(
    servers: string,
    name: string,
    { samples = 80, tables = 1, players = 0 }: { samples?: number; tables?: number; players?: number } = {},
  ): Promise<HouseNode> {
    const file = new URL("house-node.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [file, servers, name, `${samples}`, `${tables}`, `${players}`], {
      stdio: ["ignore", "pipe", process.env.HOUSE_LOG ? "inherit" : "ignore"],
    });
    let said = "";
    for await (const part of child.stdout) {
      said += part;
      if (said.includes("\n")) break;
    }
    const [first, ...others] = JSON.parse(said) as [TableDoor, ...TableDoor[]];
    return new HouseNode(name, child, first, others);
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill(signal);
    await gone;
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { BusConnection } from "../../../src/nats/connection.ts";
import { NatsServer } from "../../support/nats-server.ts";

export interface Times {
  beatMs: number;
  silenceMs: number;
  /** Longer than the silence: nobody is looked for. */
  probeMs: number;
}

interface Frame {
  epoch: number;
  session: string;
  node: string;
}

const NODE = fileURLToPath(new URL("./lease-node.ts", import.meta.url));
const WAIT_MS = 20_000;

/** Three nodes that want the same party, as processes, and a listener that believes the highest epoch. */
export class LeaseTable {
  readonly server: NatsServer;
  /** Frames of former holders that came, and were passed over. */
  stale = 0;
  /** Epochs under which more than one session spoke. */
  readonly shared: Set<number> = new Set();
  readonly #times: Times;
  readonly #listener: BusConnection;
  readonly #nodes = new Map<string, ChildProcess>();
  readonly #owners = new Map<number, string>();
  readonly #waiting = new Set<(frame: Frame) => void>();
  #last: Frame | undefined;

  private constructor(server: NatsServer, listener: BusConnection, times: Times) {
    this.server = server;
    this.#listener = listener;
    this.#times = times;
    listener.client.subscribe("frames", { callback: (_error, message) => this.#hear(message.json<Frame>()) });
  }

  static async open(times: Times): Promise<LeaseTable> {
    const server = await NatsServer.start();
    const listener = await BusConnection.open({ servers: server.url }, "listener");
    const table = new LeaseTable(server, listener, times);
    for (const node of ["a", "b", "c"]) await table.launch(node);
    await table.next(() => true);
    return table;
  }

  /** How often the party has changed hands so far. */
  get epochs(): number {
    return this.#owners.size;
  }

  /** The node that holds the party now. */
  get holder(): string {
    return this.#last?.node ?? "";
  }

  async launch(node: string): Promise<void> {
    const { beatMs, silenceMs, probeMs } = this.#times;
    const args = [NODE, this.server.url, node, beatMs, silenceMs, probeMs].map(String);
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.#nodes.set(node, child);
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once("data", () => resolve());
      child.once("exit", (code) => reject(new Error(`node ${node} ended with ${code}`)));
    });
  }

  signal(node: string, signal: NodeJS.Signals): void {
    this.#nodes.get(node)?.kill(signal);
  }

  /** The next frame of a sort. @returns ms that it took, and the frame */
  next(isIt: (frame: Frame) => boolean): Promise<{ ms: number; frame: Frame }> {
    const since = performance.now();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => end(() => reject(new Error("nobody spoke"))), WAIT_MS);
      const hear = (frame: Frame): void => {
        if (isIt(frame)) end(() => resolve({ ms: performance.now() - since, frame }));
      };
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(hear);
        settle();
      };
      this.#waiting.add(hear);
    });
  }

  /** Somebody else speaks than now. @returns ms until they do */
  async takeover(): Promise<number> {
    const before = this.#last?.epoch ?? 0;
    return (await this.next(({ epoch }) => epoch > before)).ms;
  }

  async close(): Promise<void> {
    for (const node of this.#nodes.values()) {
      node.kill("SIGCONT");
      node.kill("SIGKILL");
    }
    await this.#listener.close();
    await this.server.stop();
  }

  #hear(frame: Frame): void {
    if (frame.epoch < (this.#last?.epoch ?? 0)) {
      this.stale += 1;
      return;
    }
    const owner = this.#owners.get(frame.epoch);
    if (owner !== undefined && owner !== frame.session) this.shared.add(frame.epoch);
    this.#owners.set(frame.epoch, frame.session);
    this.#last = frame;
    for (const hear of [...this.#waiting]) hear(frame);
  }
}

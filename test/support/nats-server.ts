import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Without a NATS server what needs one is skipped, loudly; on CI it fails instead. */
export const hasNats: boolean = Bun.which("nats-server") !== null || process.env.CI === "true";

/** Servers that run: they end with this process, also where a test breaks off. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** ms that a server may take until it is ready. */
const START_MS = 15_000;
const LOOK_MS = 10;

export interface NatsServerOptions {
  /** More lines of its configuration. */
  config?: string;
  /** Another server's folder and port, to go on from there. */
  again?: { dir: string; port: number };
}

/** A real NATS server with JetStream on a free port of this machine, which keeps what it stores in a folder of its own. */
export class NatsServer {
  readonly port: number;
  readonly dir: string;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, { dir, port }: { dir: string; port: number }) {
    this.#process = child;
    this.dir = dir;
    this.port = port;
  }

  static async start({ config = "", again }: NatsServerOptions = {}): Promise<NatsServer> {
    const dir = again?.dir ?? mkdtempSync(join(tmpdir(), "bardcast-nats-"));
    const port = again?.port ?? (await freePort());
    const [file, log] = [join(dir, "server.conf"), join(dir, "log")];
    writeFileSync(log, "");
    writeFileSync(
      file,
      `host: 127.0.0.1\nport: ${port}\njetstream { store_dir: "${dir}/js" }\nlog_file: "${log}"\n${config}\n`,
    );
    const child = spawn("nats-server", ["-c", file], { stdio: "ignore" });
    running.add(child);
    child.once("exit", () => running.delete(child));
    await readiness(child, log);
    return new NatsServer(child, { dir, port });
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  /** It stands still, and its connections stay open. */
  pause(): void {
    this.#process.kill("SIGSTOP");
  }

  goOn(): void {
    this.#process.kill("SIGCONT");
  }

  /** Ends it at once, without a word; what it stored stays for one that goes on `again`. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGCONT");
    this.#process.kill("SIGKILL");
    await gone;
  }

  /** Ends it, and takes away what it stored. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

async function readiness(child: ChildProcess, log: string): Promise<void> {
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  for (const until = performance.now() + START_MS; performance.now() < until; ) {
    const said = readFileSync(log, "utf8");
    if (said.includes("Server is ready")) return;
    if (failure || child.exitCode !== null)
      throw new Error(`nats-server does not start: ${said}`, { cause: failure });
    await Bun.sleep(LOOK_MS);
  }
  child.kill("SIGKILL");
  throw new Error(`nats-server is not ready after ${START_MS} ms`);
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

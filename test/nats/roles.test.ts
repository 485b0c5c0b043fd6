import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nats, synthesisNode } from "../../src/nats/nats.ts";
import { serve } from "../../src/server/bun.ts";
import { hasNats, NatsServer } from "../support/nats-server.ts";
import { ROOT, run } from "../support/run.ts";

/** The same on all nodes. */
const SECRET = { BARDCAST_SECRET: "0123456789abcdef0123456789abcdef" };
const CLI = [
  process.execPath,
  `${ROOT}/src/cli/main.ts`,
  "serve",
  "--port",
  "0",
  "--host",
  "127.0.0.1",
  "--json",
];

/** `bardcast serve` in a process of its own, once it has said that it is ready. */
class Served implements AsyncDisposable {
  readonly #process: Bun.Subprocess<"ignore", "pipe", "inherit">;
  readonly ready: { url: string; role?: string; engines?: string[]; dm: { token: string } };

  private constructor(child: Bun.Subprocess<"ignore", "pipe", "inherit">, ready: Served["ready"]) {
    this.#process = child;
    this.ready = ready;
  }

  static async start(args: readonly string[]): Promise<Served> {
    const child = Bun.spawn([...CLI, ...args], {
      env: { ...process.env, ...SECRET },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { value } = await child.stdout.getReader().read();
    return new Served(child, JSON.parse(new TextDecoder().decode(value)));
  }

  async get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(this.ready.url + path);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Tells it to stop. @returns its exit code */
  async stop(): Promise<number> {
    this.#process.kill("SIGTERM");
    return this.#process.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
  }
}

describe.skipIf(!hasNats)("nodes of a role", () => {
  let server: NatsServer;
  let dir: string;

  beforeAll(async () => {
    server = await NatsServer.start();
    dir = mkdtempSync(join(tmpdir(), "bardcast-roles-"));
  });

  afterAll(async () => {
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test("one without a table speaks for one without workers, tells how it is, and ends in good order", async () => {
    const at = ["--nats", server.url, "--campaign", join(dir, "campaign"), "--engine", "espeak"];
    await using synth = await Served.start([...at, "--role", "synth"]);
    expect(synth.ready).toMatchObject({ role: "synth", engines: ["espeak", "flite"] });
    await using edge = await Served.start([...at, "--role", "edge"]);
    expect(await preview(edge.ready.url, edge.ready.dm.token)).toBeGreaterThan(10_000);
    expect(await synth.get("/readyz")).toMatchObject({ status: 200, body: { status: "ok", workers: 1 } });
    expect((await edge.get("/healthz")).status).toBe(200);
    expect(await synth.stop()).toBe(0);
  }, 30_000);

  test("parties beside the table, each of one node, are spoken for by others as well", async () => {
    const [secret] = Object.values(SECRET);
    const options = { port: 0, host: "127.0.0.1", engines: ["espeak"] as const, log: () => undefined };
    const synth = await synthesisNode({ servers: server.url }, { engines: ["espeak"], size: 1 });
    const edge = await serve({
      ...options,
      ...(secret === undefined ? {} : { secret }),
      parties: { operatorKey: "an-operators-key-of-32-characters" },
      cluster: nats({ servers: server.url, hasWorkers: false }),
    });
    const made = await edge.parties?.create({ id: "friday", players: ["thorin"] });
    const token = (await made?.party.tokens.issueDm()) ?? "";
    expect(await preview(`${edge.url}/p/friday`, token)).toBeGreaterThan(10_000);
    made?.release();
    await edge.close();
    await synth.close({ graceMs: 0 });
  }, 30_000);
});

/** Has a line made to be heard before it is said. @returns its bytes */
async function preview(url: string, token: string): Promise<number> {
  const made = await fetch(`${url}/api/preview`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ text: "The bridge is out." }),
  });
  expect(made.status).toBe(200);
  return (await made.arrayBuffer()).byteLength;
}

test("a role without other nodes is refused, with what is missing", async () => {
  const { exitCode, output } = await run([...CLI, "--role", "edge"]);
  expect(exitCode).toBe(1);
  expect(output).toContain("--role edge wants --nats");
});

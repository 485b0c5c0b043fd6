import { afterAll, afterEach, beforeEach, expect, mock, spyOn, test } from "bun:test";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createParty } from "../../../src/party/create-party.ts";
import { FakeSocket } from "../../support/fake-socket.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

const home = await fs.mkdtemp(join(tmpdir(), "bardcast-hung-"));
afterAll(() => fs.rm(home, { recursive: true, force: true }));

/** Steps in which the product counts what it waits for a disk at the start, ms; they are over as soon as the disk hangs. */
const STEP_MS = 10_000 / 20;
let steps: (() => void)[] = [];
let isHanging = false;
/** Whether an operation on that path is never done. */
let hangs: (operation: string, path: string) => boolean = () => false;

beforeEach(() => {
  const { getBuiltinModule } = process;
  const later = setTimeout;
  const disk = new Proxy(fs, {
    get: (target, operation: keyof typeof fs) => {
      const real = target[operation] as (...args: unknown[]) => unknown;
      if (typeof real !== "function") return real;
      return (...args: unknown[]) => {
        if (!hangs(operation, String(args[0]))) return real(...args);
        later(() => {
          isHanging = true;
          for (const step of steps.splice(0)) step();
        }, 20);
        return new Promise(() => undefined);
      };
    },
  });
  const module = (name: string): unknown =>
    name === "fs/promises" ? disk : getBuiltinModule.call(process, name);
  spyOn(process, "getBuiltinModule").mockImplementation(module as typeof getBuiltinModule);
  const sooner = (run: () => void, ms?: number): unknown => {
    if (ms !== STEP_MS) return later(run, ms);
    if (!isHanging) steps.push(run);
    return later(run, isHanging ? 0 : ms);
  };
  spyOn(globalThis, "setTimeout").mockImplementation(sooner as typeof setTimeout);
});
afterEach(() => {
  mock.restore();
  hangs = () => false;
  steps = [];
  isHanging = false;
});

async function evening(campaignDir: string): Promise<{ told: string[]; texts: string[]; link: string }> {
  const told: string[] = [];
  const options = { campaignDir, engines: [new ToneEngine()], players: ["thorin"] };
  const party = await createParty({ ...options, log: (message) => told.push(message) });
  const socket = new FakeSocket();
  party.connections.connect(socket, "thorin");
  expect(await party.streamToPlayer("thorin", "The dragon roars!")).toBe(true);
  const texts = party.streams.log.recent.map(({ text }) => text);
  const link = await party.tokens.issue("thorin");
  await party.close();
  return { told, texts, link };
}

test("a disk that answers nothing at the start is told once, and speech goes on; what it has stays as it is", async () => {
  const folder = join(home, "silent");
  await evening(folder);
  const names = ["state.json", "journal.jsonl", "voice_registry.yaml"];
  const files = (): Promise<string[]> =>
    Promise.all(names.map((name) => fs.readFile(join(folder, name), "utf8")));
  const before = await files();
  hangs = (_, path) => path.startsWith(folder);
  const { told } = await evening(folder);
  expect(told).toEqual([expect.stringContaining(`${folder} did not answer within 10000 ms`)]);
  hangs = () => false;
  expect(await files()).toEqual(before);
});

test("a disk that answers no more after it was looked at: what cannot be read is told, and speech goes on", async () => {
  for (const name of ["state.json", "journal.jsonl"]) {
    const folder = join(home, name);
    await evening(folder);
    hangs = (operation, path) => /^(?:open|readFile)$/.test(operation) && path === join(folder, name);
    const { told } = await evening(folder);
    expect(told).toEqual([expect.stringContaining(`${join(folder, name)} did not answer within 10000 ms`)]);
    hangs = () => false;
  }
});

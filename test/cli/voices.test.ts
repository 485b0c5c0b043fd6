import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bzip2 } from "../support/bzip2.ts";
import { type Ran, ROOT, run } from "../support/run.ts";
import { writeVitsVoice } from "../support/stand-in-voices.ts";
import { type TarEntry, tar } from "../support/tar.ts";
import { VoiceServer } from "../support/voice-server.ts";

const ARCHIVE = "tts-models/tiny.tar.bz2";
const home = mkdtempSync(join(tmpdir(), "bardcast-install-"));
let server: VoiceServer;
let dir: string;
let voice: TarEntry[];
let archive: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  await writeVitsVoice(join(home, "source"));
  const content = (name: string): TarEntry => ({
    name: `tiny/${name}`,
    content: readFileSync(join(home, "source", name)),
  });
  voice = [{ name: "tiny/", type: "5" }, content("model.onnx"), content("tokens.txt")];
  archive = bzip2(tar(voice));
});

beforeEach(async () => {
  await server?.stop();
  server = await VoiceServer.start();
  dir = mkdtempSync(join(home, "voices-"));
});

afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true });
});

/** Runs `bardcast voices …`. */
function voices(...args: string[]): Promise<Ran> {
  const env = { BARDCAST_VOICES_DIR: dir, BARDCAST_VOICES_URL: server.url };
  return run([process.execPath, `${ROOT}/src/cli/main.ts`, "voices", ...args], { env });
}

/** What is left of a voice that could not be installed. */
function left(): string[] {
  return readdirSync(dir).filter((name) => name !== ".downloads");
}

test("a voice is installed, listed, tried and removed", async () => {
  server.offer(ARCHIVE, archive);
  const installed = await voices("install", "tiny");
  expect(installed.output).toContain("100 %");
  expect(installed.exitCode, installed.output).toBe(0);
  expect(readdirSync(join(dir, "tiny")).sort()).toEqual(["bardcast.json", "model.onnx", "tokens.txt"]);
  expect(readdirSync(join(dir, ".downloads"))).toEqual([]);
  expect((await voices("list")).stdout).toContain("tiny             vits, en-us, speakers tiny/0 to tiny/3");
  const out = join(dir, "said.wav");
  const tried = await voices("try", "tiny/2", "hello", "--out", out);
  expect(tried.exitCode, tried.output).toBe(0);
  expect(readFileSync(out).subarray(0, 4).toString()).toBe("RIFF");
  expect((await voices("install", "tiny")).output).toContain("installed already");
  expect((await voices("remove", "tiny")).exitCode).toBe(0);
  expect(left().filter((name) => name !== "said.wav")).toEqual([]);
  expect((await voices("remove", "tiny")).exitCode).toBe(1);
}, 30_000);

test("a download that breaks off goes on from where it was", async () => {
  server.offer(ARCHIVE, archive);
  server.breakOff(400, 2);
  const { exitCode, output } = await voices("install", "tiny");
  expect(exitCode, output).toBe(0);
  expect(server.ranges).toEqual([undefined, "bytes=400-", "bytes=800-"]);
});

test("a download that was given up goes on with the next command", async () => {
  server.offer(ARCHIVE, archive);
  await mkdir(join(dir, ".downloads"));
  await writeFile(join(dir, ".downloads/tiny.tar.bz2.part"), archive.subarray(0, 500));
  expect((await voices("install", "tiny")).exitCode).toBe(0);
  expect(server.ranges).toEqual(["bytes=500-"]);
});

test("a download that never gets further says how to go on, and keeps what it has", async () => {
  server.offer(ARCHIVE, archive);
  server.breakOff(0, 99);
  await mkdir(join(dir, ".downloads"));
  await writeFile(join(dir, ".downloads/tiny.tar.bz2.part"), archive.subarray(0, 500));
  const { exitCode, output } = await voices("install", "tiny");
  expect(exitCode).toBe(1);
  expect(output).toContain("the same command goes on from there");
  expect(readFileSync(join(dir, ".downloads/tiny.tar.bz2.part")).length).toBe(500);
});

describe("an archive is refused, and nothing of it is left,", () => {
  test("where its hash is another one; what was downloaded is thrown away", async () => {
    server.offer(ARCHIVE, archive, "0".repeat(64));
    const { exitCode, output } = await voices("install", "tiny");
    expect(exitCode).toBe(1);
    expect(output).toContain("is not what it should be");
    expect(left()).toEqual([]);
    expect(readdirSync(join(dir, ".downloads"))).toEqual([]);
  });

  test("where nobody tells its hash, unless the user does, or does not care", async () => {
    server.offer(ARCHIVE, archive, null);
    const { exitCode, output } = await voices("install", "tiny");
    expect(exitCode).toBe(1);
    expect(output).toContain("--sha256");
    expect(server.ranges).toEqual([]);
    expect((await voices("install", "tiny", "--sha256", "1".repeat(64))).exitCode).toBe(1);
    expect((await voices("install", "tiny", "--unverified")).exitCode).toBe(0);
  });

  test.each([
    ["a path that leads out", { name: "tiny/../../evil", content: "x" }, "outside its folder"],
    ["an absolute path", { name: "/tmp/evil", content: "x" }, "outside its folder"],
    ["a path of another system", { name: "tiny\\..\\..\\evil", content: "x" }, "outside its folder"],
    ["a symbolic link", { name: "tiny/link", type: "2", target: "/etc/passwd" }, "a link or a device"],
    ["a hard link", { name: "tiny/link", type: "1", target: "../../x" }, "a link or a device"],
    ["the same file twice", { name: "tiny/model.onnx", content: "x" }, "EEXIST"],
  ])("where it has %s", async (_what, entry, said) => {
    server.offer(ARCHIVE, bzip2(tar([...voice, entry])));
    const { exitCode, output } = await voices("install", "tiny");
    expect(exitCode).toBe(1);
    expect(output).toContain(said);
    expect(left()).toEqual([]);
    expect(readdirSync(home).filter((name) => name.includes("evil"))).toEqual([]);
  });

  test("where it holds no voice", async () => {
    server.offer(ARCHIVE, bzip2(tar([{ name: "tiny/readme", content: "no voice" }])));
    const { exitCode, output } = await voices("install", "tiny");
    expect(exitCode).toBe(1);
    expect(output).toContain("has no .onnx model");
    expect(left()).toEqual([]);
  });

  test("where it is not whole", async () => {
    server.offer(ARCHIVE, archive.slice(0, -200));
    const { exitCode, output } = await voices("install", "tiny");
    expect(exitCode).toBe(1);
    expect(output).toMatch(/not a whole bzip2 archive|ends too early/);
    expect(left()).toEqual([]);
  });

  test("where there is none", async () => {
    const { exitCode, output } = await voices("install", "tiny", "--unverified");
    expect(exitCode).toBe(1);
    expect(output).toContain("answers 404");
  });
});

test("names that are paths are refused", async () => {
  await mkdir(join(home, "precious"), { recursive: true });
  for (const name of ["../precious", "..", ".", "/tmp", ""]) {
    expect((await voices("remove", name)).exitCode, name).toBe(1);
    expect((await voices("install", name)).exitCode, name).toBe(1);
  }
  expect(readdirSync(home)).toContain("precious");
});

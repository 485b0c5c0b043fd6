import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CatalogueFile, catalogueEntry } from "../../src/cli/voices/catalogue.ts";
import { hashFile } from "../../src/cli/voices/download/checksum.ts";
import { installVoice } from "../../src/cli/voices/install-voice.ts";
import { bzip2 } from "../support/bzip2.ts";
import { type Ran, ROOT, run } from "../support/run.ts";
import { writeVitsVoice } from "../support/stand-in-voices.ts";
import { type TarEntry, tar } from "../support/tar.ts";
import { VoiceServer } from "../support/voice-server.ts";

const ARCHIVE = "tts-models/tiny.tar.bz2";
/** A record that gives the next entry another name (POSIX.1-2001, pax). */
const PAX_EVIL = "24 path=tiny/../../evil\n";
const PART = ".downloads/tiny.tar.bz2.part";
const COMMAND = [process.execPath, `${ROOT}/src/cli/main.ts`, "voices"];
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

function environment(): Record<string, string> {
  return { BARDCAST_VOICES_DIR: dir, BARDCAST_VOICES_URL: server.url };
}

/** Runs `bardcast voices …`. */
function voices(...args: string[]): Promise<Ran> {
  return run([...COMMAND, ...args], { env: environment() });
}

/** Starts it, and does not wait for its end. */
function start(...args: string[]): Bun.Subprocess<"ignore", "ignore", "pipe"> {
  const env = { ...process.env, ...environment() };
  return Bun.spawn([...COMMAND, ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
}

/** Waits until a file in the folder of voices has so many bytes. */
async function existing(path: string, bytes: number): Promise<void> {
  while (!existsSync(join(dir, path)) || readFileSync(join(dir, path)).length < bytes) await Bun.sleep(20);
}

/** What is left of a voice that could not be installed. */
function left(): string[] {
  return readdirSync(dir).filter((name) => name !== ".downloads");
}

test("a voice is installed, listed, tried and removed", async () => {
  server.offer(ARCHIVE, archive);
  const installed = await voices("install", "tiny");
  expect(installed.output).toContain("tiny: 100 % of 0.0 MB\ntiny: unpacking\n");
  expect(installed.exitCode, installed.output).toBe(0);
  expect(readdirSync(join(dir, "tiny")).sort()).toEqual(["bardcast.json", "model.onnx", "tokens.txt"]);
  expect(readdirSync(join(dir, ".downloads"))).toEqual([]);
  expect((await voices("list")).stdout).toContain("tiny              vits, en-us, speakers tiny/0 to tiny/3");
  const out = join(dir, "said.wav");
  const tried = await voices("try", "tiny/2", "hello", "--out", out);
  expect(tried.exitCode, tried.output).toBe(0);
  expect(readFileSync(out).subarray(0, 4).toString()).toBe("RIFF");
  expect((await voices("install", "tiny")).output).toContain("installed already");
  // Mixtures of its speakers, as they are kept.
  await mkdir(join(dir, ".blends"));
  for (const kept of ["tiny.bin", "tiny.txt", "other.bin"]) await writeFile(join(dir, ".blends", kept), "");
  expect((await voices("remove", "tiny")).exitCode).toBe(0);
  expect(left().filter((name) => name !== "said.wav")).toEqual([".blends"]);
  expect(readdirSync(join(dir, ".blends"))).toEqual(["other.bin"]);
  expect((await voices("remove", "tiny")).exitCode).toBe(1);
}, 30_000);

test("a download that breaks off goes on from where it was", async () => {
  server.offer(ARCHIVE, archive);
  server.breakOff(400, 2);
  const { exitCode, output } = await voices("install", "tiny");
  expect(exitCode, output).toBe(0);
  expect(server.ranges).toStrictEqual([undefined, "bytes=400-", "bytes=800-"]);
});

test("one that is stopped leaves nothing but what was downloaded, with which the next command goes on", async () => {
  server.offer(ARCHIVE, archive);
  server.stall(500);
  const installing = start("install", "tiny");
  await existing(PART, 500);
  installing.kill("SIGINT");
  expect(await new Response(installing.stderr).text()).toContain("stopped; the same command goes on");
  expect(await installing.exited).toBe(1);
  expect(left()).toEqual([]);
  expect(readdirSync(join(dir, ".downloads")).sort()).toEqual([
    "tiny.tar.bz2.part",
    "tiny.tar.bz2.part.etag",
  ]);
  expect((await voices("install", "tiny")).exitCode).toBe(0);
  expect(server.ranges).toStrictEqual([undefined, "bytes=500-"]);
});

test.each([true, false])(
  "a download is begun anew where the file has become another one meanwhile (the server tells: %p)",
  async (tags) => {
    server.tags = tags;
    server.offer(ARCHIVE, bzip2(tar([{ name: "tiny/other", content: "x".repeat(3000) }])));
    server.stall(100);
    const installing = start("install", "tiny");
    await existing(PART, 100);
    installing.kill("SIGKILL");
    await installing.exited;
    server.offer(ARCHIVE, archive);
    const { exitCode, output } = await voices("install", "tiny");
    expect(exitCode, output).toBe(0);
    expect(server.ranges).toStrictEqual([undefined, "bytes=100-", ...(tags ? [] : [undefined])]);
  },
);

test("two installs do not write to the same files: the second waits for nothing, and says so", async () => {
  server.offer(ARCHIVE, archive);
  server.stall(500);
  const first = start("install", "tiny");
  await existing(PART, 500);
  const { exitCode, output } = await voices("install", "tiny");
  expect(exitCode).toBe(1);
  expect(output).toContain(`another voice is being installed (process ${first.pid})`);
  expect(readFileSync(join(dir, PART)).length).toBe(500);
  first.kill("SIGKILL");
  await first.exited;
  // What it has left holds nobody up, and goes.
  await mkdir(join(dir, ".unpacking-abc"));
  expect((await voices("install", "tiny")).exitCode).toBe(0);
  expect(readdirSync(dir).sort()).toEqual([".downloads", "tiny"]);
  expect(readdirSync(join(dir, ".downloads"))).toEqual([]);
});

test("a disk that takes no more ends it, without asking the server again; what is there is kept", async () => {
  server.offer(ARCHIVE, new Uint8Array(3_000_000));
  const limited = ["sh", "-c", 'trap "" XFSZ; ulimit -f 2000; exec "$@"', "sh"];
  const { exitCode, output } = await run([...limited, ...COMMAND, "install", "tiny"], { env: environment() });
  expect(exitCode).toBe(1);
  expect(output).toContain("cannot be written to the disk");
  expect(server.ranges).toStrictEqual([undefined]);
  expect(left()).toEqual([]);
  expect(readFileSync(join(dir, PART)).length).toBeGreaterThan(500_000);
});

test("a server that cannot be reached is called that", async () => {
  const { exitCode, output } = await voices("install", "tiny", "--url", "http://127.0.0.1:9/");
  expect(exitCode).toBe(1);
  expect(output).toContain("127.0.0.1:9 cannot be reached");
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
    expect(server.ranges).toStrictEqual([]);
    expect((await voices("install", "tiny", "--sha256", "1".repeat(64))).exitCode).toBe(1);
    expect((await voices("install", "tiny", "--unverified")).exitCode).toBe(0);
  });

  test("where the catalogue knows another size: before it is downloaded", async () => {
    server.offer("tts-models/kitten-nano-en-v0_8-fp32.tar.bz2", archive);
    const { exitCode, output } = await voices("install", "kitten-nano-en");
    expect(exitCode).toBe(1);
    expect(output).toContain(`has ${archive.length} bytes instead of 63815222`);
    expect(readdirSync(join(dir, ".downloads"))).toEqual([]);
  });

  test("where the catalogue knows another hash, whatever the server says", async () => {
    server.offer(ARCHIVE, archive);
    const known = { path: ARCHIVE, versions: [{ bytes: archive.length, sha256: "0".repeat(64) }] };
    await expect(install(known)).rejects.toThrow("is not what it should be");
    expect(left()).toEqual([]);
  });

  test.each([
    ["a path that leads out", { name: "tiny/../../evil", content: "x" }, "outside its folder"],
    ["an absolute path", { name: "/tmp/evil", content: "x" }, "outside its folder"],
    ["a path of another system", { name: "tiny\\..\\..\\evil", content: "x" }, "outside its folder"],
    ["a symbolic link", { name: "tiny/link", type: "2", target: "/etc/passwd" }, "a link or a device"],
    ["a hard link", { name: "tiny/link", type: "1", target: "../../x" }, "a link or a device"],
    ["a device", { name: "tiny/zero", type: "3" }, "a link or a device"],
    [
      "a long name that leads out",
      { name: "@", type: "L", content: "tiny/../../evil\0" },
      "outside its folder",
    ],
    ["an extended header that leads out", { name: "@", type: "x", content: PAX_EVIL }, "outside its folder"],
    ["a file below a file", { name: "tiny/model.onnx/x", content: "x" }, "EEXIST"],
    ["the same file twice", { name: "tiny/model.onnx", content: "x" }, "twice"],
  ])("where it has %s", async (_what, entry, said) => {
    server.offer(ARCHIVE, bzip2(tar([...voice, entry, { name: "tiny/last", content: "x" }])));
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

test("each version of an archive that the catalogue knows is taken, and its server need not vouch for it", async () => {
  server.offer(ARCHIVE, archive, null);
  await writeFile(join(home, "archive"), archive);
  const sha256 = await hashFile(join(home, "archive"));
  const newer = { bytes: archive.length + 1, sha256: "0".repeat(64) };
  await install({ path: ARCHIVE, versions: [newer, { bytes: archive.length, sha256 }] });
  expect(left()).toEqual(["tiny"]);
});

/** Installs an archive of the catalogue. */
function install(file: CatalogueFile): Promise<string> {
  return installVoice({ ...catalogueEntry("tiny"), archive: file }, { dir, baseUrl: server.url });
}

test("an index that `sha256sum` has written is read as well", async () => {
  server.index = "hash first";
  server.offer(ARCHIVE, archive);
  expect((await voices("install", "tiny")).exitCode).toBe(0);
});

test("a voice of the catalogue that is not installed is not spoken by another engine under its name", async () => {
  const { exitCode, output } = await voices("try", "kitten-nano-en");
  expect([exitCode, output]).toEqual([
    1,
    "kitten-nano-en is not installed: npm start -- voices install kitten-nano-en\n",
  ]);
});

test("what is no voice is not removed", async () => {
  await mkdir(join(dir, "Documents"));
  await writeFile(join(dir, "Documents/letter.txt"), "Dear dragon");
  const { exitCode, output } = await voices("remove", "Documents");
  expect(exitCode).toBe(1);
  expect(output).toContain('no voice "Documents" is installed');
  expect(readdirSync(join(dir, "Documents"))).toEqual(["letter.txt"]);
});

test("names that are paths are refused", async () => {
  await mkdir(join(home, "precious"), { recursive: true });
  for (const name of ["../precious", "..", ".", "/tmp", ""]) {
    expect((await voices("remove", name)).exitCode, name).toBe(1);
    expect((await voices("install", name)).exitCode, name).toBe(1);
  }
  expect(readdirSync(home)).toContain("precious");
});

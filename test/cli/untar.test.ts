import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bunzip2 } from "../../src/cli/voices/archive/bunzip2.ts";
import { type UntarLimits, untar } from "../../src/cli/voices/archive/untar.ts";
import { bzip2 } from "../support/bzip2.ts";
import { type TarEntry, tar } from "../support/tar.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-untar-"));
afterAll(() => rm(home, { recursive: true }));

/** Bytes as they come over a network, in pieces that respect nothing. */
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpacked(entries: TarEntry[], limits: UntarLimits = {}, size = 700): Promise<string> {
  const folder = mkdtempSync(join(home, "out-"));
  await untar(bunzip2(pieces(bzip2(tar(entries)), size)), folder, limits);
  return folder;
}

test.each([1, 700, 1_000_000])(
  "files and folders come out as they went in, in pieces of %d bytes",
  async (size) => {
    const noise = crypto.getRandomValues(new Uint8Array(9000));
    const long = `voice/${"deep/".repeat(30)}file`;
    const folder = await unpacked(
      [
        { name: "voice/", type: "5" },
        { name: "voice/noise", content: noise },
        { name: "voice/empty" },
        { name: "voice/sub/aaaa", content: "a".repeat(5000) },
        { name: "././@LongLink", type: "L", content: `${long}\0` },
        { name: long.slice(0, 100), content: "deep" },
      ],
      {},
      size,
    );
    expect(new Uint8Array(readFileSync(join(folder, "noise")))).toEqual(noise);
    expect(readFileSync(join(folder, "empty")).length).toBe(0);
    expect(readFileSync(join(folder, "sub/aaaa"), "utf8")).toBe("a".repeat(5000));
    expect(readFileSync(join(folder, `${"deep/".repeat(30)}file`), "utf8")).toBe("deep");
  },
);

test("an archive that has a name twice is refused, and what came first stays as it is", async () => {
  const folder = mkdtempSync(join(home, "twice-"));
  const twice = tar([
    { name: "voice/model", content: "one" },
    { name: "voice/./model", content: "another" },
  ]);
  const unpacking = untar(bunzip2(pieces(bzip2(twice), 700)), folder);
  await expect(unpacking).rejects.toMatchObject({ code: "bad-request" });
  await expect(unpacking).rejects.toThrow('the archive has "voice/./model" twice');
  expect(readFileSync(join(folder, "model"), "utf8")).toBe("one");
});

test("an archive that is far larger unpacked ends at the limit, before its bytes are written", async () => {
  const bomb = [{ name: "voice/zeros", content: new Uint8Array(2_000_000) }];
  const folder = mkdtempSync(join(home, "bomb-"));
  const packed = bzip2(tar(bomb));
  expect(packed.length).toBeLessThan(100_000);
  const unpacking = untar(bunzip2(pieces(packed, 700)), folder, { maxBytes: 1_000_000 });
  await expect(unpacking).rejects.toMatchObject({ code: "payload-too-large" });
  expect(readdirSync(folder)).toEqual([]);
});

test("of what is far larger unpacked, no more comes out than is allowed, and a piece at a time", async () => {
  const packed = bzip2(new Uint8Array(2_000_000));
  const sizes: number[] = [];
  const unpacking = (async () => {
    const limits = { freeBytes: 1_000_000, maxRatio: 2 };
    for await (const bytes of bunzip2(pieces(packed, 700), limits)) sizes.push(bytes.length);
  })();
  await expect(unpacking).rejects.toMatchObject({ code: "payload-too-large" });
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1_000_000);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024);
});

test("an archive of countless files ends at the limit", async () => {
  const files = Array.from({ length: 12 }, (_, index) => ({ name: `voice/${index}` }));
  await expect(unpacked(files, { maxEntries: 10 })).rejects.toMatchObject({ code: "payload-too-large" });
});

test("an archive of countless names for one file ends at the limit", async () => {
  const names = Array.from({ length: 12 }, () => ({ name: "@", type: "x", content: "16 path=voice/a\n" }));
  await expect(unpacked(names, { maxEntries: 10 })).rejects.toMatchObject({ code: "payload-too-large" });
});

test("what is no archive is refused", async () => {
  const folder = mkdtempSync(join(home, "no-"));
  const page = new TextEncoder().encode("<!doctype html>".repeat(100));
  await expect(untar(bunzip2(pieces(page, 700)), folder)).rejects.toThrow("not a whole bzip2 archive");
  const noTar = bzip2(new Uint8Array(2000).fill(65));
  await expect(untar(bunzip2(pieces(noTar, 700)), folder)).rejects.toThrow("not a whole tar archive");
});

test("an archive that is cut off is refused, wherever it is", async () => {
  const whole = tar([{ name: "voice/a", content: "a".repeat(3000) }]);
  for (const length of [512, 2000, whole.length - 1024]) {
    const folder = mkdtempSync(join(home, "cut-"));
    const unpacking = untar(pieces(whole.subarray(0, length), 700), folder);
    await expect(unpacking).rejects.toThrow("not a whole tar archive");
  }
});

test("what goes wrong with the source is what is told", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield tar([{ name: "voice/a", content: "a".repeat(3000) }]).subarray(0, 1000);
    throw new Error("the disk is gone");
  }
  const folder = mkdtempSync(join(home, "broken-"));
  await expect(untar(broken(), folder)).rejects.toThrow("the disk is gone");
});

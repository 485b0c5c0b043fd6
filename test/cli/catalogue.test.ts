import { expect, test } from "bun:test";
import { CATALOGUE, catalogueEntry, filesOf } from "../../src/cli/voices/catalogue.ts";
import { VOICE_NAME } from "../../src/cli/voices/installed-voice.ts";

test("every file of a voice that is listed has a size and a hash, and every voice a name of its own", () => {
  const files = CATALOGUE.flatMap(filesOf);
  for (const { path, versions } of files) {
    expect(versions.length, path).toBeGreaterThan(0);
    for (const { bytes, sha256 } of versions) {
      expect(bytes, path).toBeGreaterThan(1e6);
      expect(sha256, path).toMatch(/^[0-9a-f]{64}$/);
    }
  }
  const hashes = files.flatMap(({ versions }) => versions.map(({ sha256 }) => sha256));
  expect(new Set(hashes).size).toBe(hashes.length);
  const names = CATALOGUE.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !VOICE_NAME.test(name))).toEqual([]);
});

test("any other name is that of an archive, for which its server vouches", () => {
  const { archive } = catalogueEntry("vits-piper-is_IS-bui-medium");
  expect(archive).toEqual({ path: "tts-models/vits-piper-is_IS-bui-medium.tar.bz2", versions: [] });
});

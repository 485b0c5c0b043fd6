import { describe, expect, test } from "bun:test";
import { joinBytes } from "../../../../src/core/bytes.ts";
import { readBytes } from "../../../support/services/read-bytes.ts";

/** 0.12 s of a tone of 440 Hz at 8 kHz. */
const file = (name: string): Promise<Uint8Array> =>
  Bun.file(`${import.meta.dir}/../../../support/services/${name}`).bytes();
const SAMPLES = 960;

describe.each(["tone.flac", "tone.oga"])("%s", async (name) => {
  const bytes = await file(name);
  const once = await readBytes(bytes, undefined, { size: bytes.length });

  test.each([1, 7, 100, 4096])(
    "has every sample in pieces of %d bytes, one file after the other",
    async (size) => {
      expect([once.samples.length, once.sampleRate]).toEqual([SAMPLES, 8000]);
      expect(Math.max(...once.samples)).toBeCloseTo(0.5, 1);
      const twice = await readBytes(joinBytes([bytes, bytes]), "audio/flac", { size });
      expect([...twice.samples]).toEqual([...once.samples, ...once.samples]);
    },
  );

  test("that ends anywhere is heard up to there, or refused where nothing of it is sound", async () => {
    for (let end = 200; end < bytes.length; end += 97) {
      const heard = await readBytes(bytes.subarray(0, end)).catch((error) => error);
      if (heard instanceof Error) expect([end < 400, heard.message]).toEqual([true, "the FLAC is broken"]);
      else expect([...heard.samples]).toEqual([...once.samples.subarray(0, heard.samples.length)]);
    }
  });
});

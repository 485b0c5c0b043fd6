import { expect, test } from "bun:test";
import fc from "fast-check";
import { bunzip2 } from "../../src/cli/voices/archive/bunzip2.ts";
import { BZIP2, runs, squares } from "../support/bzip2-streams.ts";
import { mustRun, ROOT } from "../support/run.ts";

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpacked(bytes: Uint8Array, size = 100): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(bunzip2(pieces(bytes, size))));
}

const packed = (name: keyof typeof BZIP2): Buffer => Buffer.from(BZIP2[name], "base64");

test.each([1, 100, 10_000])(
  "what bzip2 has packed comes out as it went in, in pieces of %d bytes",
  async (size) => {
    expect(await unpacked(packed("text"), size)).toEqual(squares(120));
    expect(await unpacked(packed("runs"), size)).toEqual(runs(300));
    expect(await unpacked(packed("joined"), size)).toEqual(squares(120));
  },
);

test("an archive of 846 bytes that becomes 1.2 GB is refused, and takes no memory", async () => {
  expect(packed("bomb").length).toBe(846);
  const program = `
    import { bunzip2 } from ${JSON.stringify(`${ROOT}/src/cli/voices/archive/bunzip2.ts`)};
    const source = (async function* () { yield Buffer.from("${BZIP2.bomb}", "base64"); })();
    let bytes = 0;
    try { for await (const piece of bunzip2(source)) bytes += piece.length; }
    catch ({ code }) {
      const highest = /^VmHWM:\\s+(\\d+) kB$/m.exec(await Bun.file("/proc/self/status").text())[1];
      console.log(JSON.stringify({ code, bytes, megabytes: highest / 1000 }));
    }`;
  const told = JSON.parse(await mustRun([process.execPath, "-e", program]));
  expect(told).toMatchObject({ code: "payload-too-large" });
  expect(told.bytes).toBeLessThanOrEqual(64 * 1024 * 1024);
  expect(told.megabytes).toBeLessThan(200);
});

test("no more is unpacked than is taken", async () => {
  const source = pieces(packed("bomb"), 846);
  const unpacking = bunzip2(source);
  const { value } = await unpacking.next();
  expect(value?.length).toBe(64 * 1024);
  await unpacking.return();
  expect(await source.next()).toMatchObject({ done: true });
});

test("whatever is changed in an archive, it ends: with what was packed, or an error that says it is broken", async () => {
  const truth = squares(120);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(packed("text").length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        const bytes = packed("text");
        for (const [at, byte] of changes) bytes[at] = byte;
        const outcome = await unpacked(bytes).catch((error: { code: string }) => error.code);
        if (typeof outcome !== "string") expect(outcome).toEqual(truth);
        else expect(["bad-request", "payload-too-large"]).toContain(outcome);
      },
    ),
    { numRuns: 400 },
  );
});

test("an archive that is cut anywhere is not whole", async () => {
  const bytes = packed("text");
  for (let length = 0; length < bytes.length; length += 7) {
    await expect(unpacked(bytes.subarray(0, length))).rejects.toThrow("not a whole bzip2 archive");
  }
});

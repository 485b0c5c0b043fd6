import { expect, test } from "bun:test";
import fc from "fast-check";
import { joinBytes } from "../../../../src/core/bytes.ts";
import { joinPcm } from "../../../../src/core/dsp/pcm.ts";
import { WavReader } from "../../../../src/engines/services/audio/wav-reader.ts";

interface Form {
  tag: number;
  bits: number;
  channels: number;
  sampleRate: number;
  isExtensible: boolean;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function chunk(id: string, body: Uint8Array, { size = body.length, pad = true } = {}): Uint8Array {
  const padding = new Uint8Array(pad ? body.length % 2 : 0);
  return joinBytes([ascii(id), u32(size), body, padding]);
}

function formatOf({ tag, bits, channels, sampleRate, isExtensible }: Form): Uint8Array {
  const bytes = new Uint8Array(isExtensible ? 40 : 16);
  const view = new DataView(bytes.buffer);
  const block = (channels * bits) / 8;
  view.setUint16(0, isExtensible ? 0xfffe : tag, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, sampleRate, true);
  view.setUint32(8, sampleRate * block, true);
  view.setUint16(12, block, true);
  view.setUint16(14, bits, true);
  if (!isExtensible) return bytes;
  view.setUint16(16, 22, true);
  view.setUint16(18, bits, true);
  view.setUint16(24, tag, true);
  bytes.set([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71], 26);
  return bytes;
}

/** Samples from −1 to 1, as bytes; the same on every channel. */
function bodyOf({ tag, bits, channels }: Form, samples: readonly number[]): Uint8Array {
  const bytes = new Uint8Array((samples.length * channels * bits) / 8);
  const view = new DataView(bytes.buffer);
  for (const [index, sample] of samples.flatMap((each) => Array<number>(channels).fill(each)).entries()) {
    const at = (index * bits) / 8;
    if (tag === 3 && bits === 32) view.setFloat32(at, sample, true);
    else if (tag === 3) view.setFloat64(at, sample, true);
    else if (bits === 8) view.setUint8(at, sample * 128 + 128);
    else
      for (let byte = 0; byte < bits / 8; byte++)
        view.setUint8(at + byte, Math.floor((sample * 2 ** (bits - 1)) / 256 ** byte) & 255);
  }
  return bytes;
}

function file(parts: readonly Uint8Array[], size?: number): Uint8Array {
  const body = joinBytes([ascii("WAVE"), ...parts]);
  return joinBytes([ascii("RIFF"), u32(size ?? body.length), body]);
}

/** All that is read, given in pieces of such lengths, over and over. */
function read(bytes: Uint8Array, lengths: readonly number[]): { samples: number[]; rates: Set<number> } {
  const reader = new WavReader();
  const pieces = [];
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const length = lengths[index % lengths.length] ?? 1;
    pieces.push(...reader.push(bytes.slice(at, at + length)));
    at += length;
  }
  pieces.push(...reader.end());
  return {
    samples: [...joinPcm(pieces.map(({ samples }) => samples))],
    rates: new Set(pieces.map(({ sampleRate }) => sampleRate)),
  };
}

const form = fc
  .record({
    kind: fc.constantFrom([1, 8], [1, 16], [1, 24], [1, 32], [3, 32], [3, 64]),
    channels: fc.integer({ min: 1, max: 8 }),
    sampleRate: fc.constantFrom(8000, 11_025, 22_050, 24_000, 44_100, 48_000, 96_000),
    isExtensible: fc.boolean(),
  })
  .map(({ kind: [tag = 1, bits = 16], ...rest }): Form => ({ tag, bits, ...rest }));
/** Values that every form can hold. */
const samples = fc.array(
  fc.integer({ min: -128, max: 127 }).map((value) => value / 128),
  { minLength: 1, maxLength: 60 },
);
const lengths = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 });
const before = fc.array(
  fc.tuple(fc.constantFrom("LIST", "fact", "JUNK", "bext", "abcd"), fc.uint8Array({ maxLength: 40 })),
  { maxLength: 3 },
);
const behind = fc.array(
  fc.tuple(fc.constantFrom("LIST", "id3 ", "cue ", "iXML", "note"), fc.uint8Array({ maxLength: 400 })),
  { maxLength: 3 },
);
const chunks = (list: readonly (readonly [string, Uint8Array])[]): Uint8Array =>
  joinBytes(list.map(([id, body]) => chunk(id, body)));

test("any WAV reads the same however it is cut, whatever stands before and behind its samples", () => {
  const files = fc.array(fc.record({ samples, before, behind }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(form, files, lengths, (form, files, lengths) => {
      const bytes = joinBytes(
        files.map(({ samples, before, behind }) =>
          file([
            chunks(before),
            chunk("fmt ", formatOf(form)),
            chunk("data", bodyOf(form, samples)),
            chunks(behind),
          ]),
        ),
      );
      const { samples, rates } = read(bytes, lengths);
      expect(samples).toEqual(files.flatMap((each) => each.samples));
      expect([...rates]).toEqual([form.sampleRate]);
    }),
    { numRuns: 300 },
  );
});

/** As 8 bits they are from 128 on: no letters, so that none of them looks like the id of a chunk. */
const samplesWithoutIds = fc.array(
  fc.integer({ min: 0, max: 127 }).map((value) => value / 128),
  { minLength: 1, maxLength: 60 },
);

test("what follows samples of a size that nobody knew is not heard", () => {
  const sizes = fc.constantFrom(0, 0xffff_ffff, 0x7fff_ffff, 0x7fff_ffdb, 0xffff_ff00);
  const files = fc.array(fc.record({ samples: samplesWithoutIds, behind }), { minLength: 1, maxLength: 3 });
  const even = form.filter(({ bits, channels }) => ((bits / 8) * channels) % 2 === 0);
  fc.assert(
    fc.property(even, sizes, files, lengths, (form, size, files, lengths) => {
      const bytes = joinBytes(
        files.map(({ samples, behind }) => {
          const data = chunk("data", bodyOf(form, samples), { size });
          return file([chunk("fmt ", formatOf(form)), data, chunks(behind)], 0xffff_ffff);
        }),
      );
      expect(read(bytes, lengths).samples).toEqual(files.flatMap((each) => each.samples));
    }),
    { numRuns: 300 },
  );
});

test("a WAV that ends anywhere gives what is whole of it, and no error", () => {
  fc.assert(
    fc.property(
      form,
      samples,
      before,
      fc.double({ min: 0, max: 1, noNaN: true }),
      lengths,
      (form, samples, before, part, lengths) => {
        const bytes = file([
          chunks(before),
          chunk("fmt ", formatOf(form)),
          chunk("data", bodyOf(form, samples)),
        ]);
        const heard = read(bytes.subarray(0, Math.floor(part * bytes.length)), lengths).samples;
        expect(heard).toEqual(samples.slice(0, heard.length));
      },
    ),
    { numRuns: 300 },
  );
});

const mono: Form = { tag: 1, bits: 16, channels: 1, sampleRate: 24_000, isExtensible: false };
const format = chunk("fmt ", formatOf(mono));

test("a writer who does not fill up odd sizes is read too", () => {
  const eight = { ...mono, bits: 8 };
  const data = chunk("data", bodyOf(eight, [0.5, 0.25, -0.5]), { pad: false });
  const bytes = file([chunk("fmt ", formatOf(eight)), data, chunk("LIST", ascii("INFO"))]);
  expect(read(bytes, [7]).samples).toEqual([0.5, 0.25, -0.5]);
});

test.each([20, 21, 35])(
  "a size of %d that was written too early neither cuts the rest off nor shifts it",
  (size) => {
    const samples = Array.from({ length: 40 }, (_, index) => -0.5 - index / 128);
    const bytes = file([format, chunk("data", bodyOf(mono, samples), { size })]);
    for (const length of [1, 33, 1000]) expect(read(bytes, [length]).samples).toEqual(samples);
  },
);

test.each([
  ["silence", joinBytes([new Uint8Array(4), u32(9_000_000), new Uint8Array(60).fill(3)])],
  ["what has the form of an id", joinBytes([ascii("wxyz"), u32(9_000_000), new Uint8Array(60).fill(3)])],
])("behind a size that was written too early, %s is sound too", (_, rest) => {
  const bytes = file([format, chunk("data", joinBytes([new Uint8Array(20), rest]), { size: 20 })]);
  expect(read(bytes, [50]).samples).toHaveLength((20 + rest.length) / 2);
});

test("a file with room for long sizes is read, and the next one behind it", () => {
  const long = (id: string): Uint8Array => {
    const data = chunk("data", bodyOf(mono, [0.5, -0.5]), { size: 0xffff_ffff });
    const bytes = file([chunk("ds64", new Uint8Array(28)), format, data], 0xffff_ffff);
    bytes.set(ascii(id));
    return bytes;
  };
  expect(read(joinBytes([long("RF64"), long("BW64"), long("BW64")]), [7]).samples).toEqual([
    0.5, -0.5, 0.5, -0.5, 0.5, -0.5,
  ]);
});

test("a form that is not read is called by its name", () => {
  for (const [tag, name] of [
    [17, "IMA ADPCM"],
    [85, "MP3"],
    [0x1234, "format 4660"],
  ] as const) {
    const bytes = file([
      chunk("fmt ", formatOf({ ...mono, tag, bits: 4 })),
      chunk("data", new Uint8Array(100)),
    ]);
    expect(() => read(bytes, [30])).toThrow(`in a form that is not read here (${name}, 4 bits`);
  }
});

test("samples that look like a chunk are samples", () => {
  const body = joinBytes([
    new Uint8Array(8),
    ascii("note"),
    u32(4),
    new Uint8Array(40),
    ascii("LIST"),
    u32(999),
    new Uint8Array(30),
  ]);
  const bytes = file([format, chunk("data", joinBytes([body, new Uint8Array(2000).fill(200)]), { size: 0 })]);
  expect(read(bytes, [100]).samples).toHaveLength((body.length + 2000) / 2);
});

test("µ-law and A-law are what ITU-T G.711 says", () => {
  const heard = (tag: number, codes: number[]) =>
    read(
      file([chunk("fmt ", formatOf({ ...mono, tag, bits: 8 })), chunk("data", Uint8Array.from(codes))]),
      [5],
    ).samples.map((sample) => sample * 32_768 + 0);
  expect(heard(7, [0xff, 0x7f, 0x80, 0x00, 0xe5])).toEqual([0, 0, 32_124, -32_124, 292]);
  expect(heard(6, [0xd5, 0x55, 0xaa, 0x2a, 0x9f])).toEqual([8, -8, 32_256, -32_256, 3392]);
});

test.each([
  ["ADPCM", { ...mono, tag: 17, bits: 4 }],
  ["16-bit floats", { ...mono, tag: 3 }],
  ["no channels", { ...mono, channels: 0 }],
  ["no rate", { ...mono, sampleRate: 0 }],
])("%s are refused, not played", (_, form) => {
  const bytes = file([chunk("fmt ", formatOf(form)), chunk("data", new Uint8Array(100))]);
  expect(() => read(bytes, [30])).toThrow(/is in a form that is not read here .* let it send 16-bit PCM/);
});

test("a file that never comes to its samples is given up, and one that does not say what they are", () => {
  const endless = joinBytes(Array.from({ length: 5 }, () => chunk("junk", new Uint8Array(4 * 1024 * 1024))));
  expect(() => read(file([format, endless]), [1024 * 1024])).toThrow(/has no samples/);
  expect(() => read(file([chunk("data", new Uint8Array(10))]), [9])).toThrow(/does not say/);
});

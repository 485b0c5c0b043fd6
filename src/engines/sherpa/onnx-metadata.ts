import { files, type OpenFile } from "../../voices/files.ts";

/** Fields of a `ModelProto`: the version of its format comes first; metadata are pairs (onnx.proto). */
const IR_VERSION = 1;
const METADATA = 14;
const KEY = 1;
const VALUE = 2;
/** Wire types of protobuf. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
/** Longest tag and length that are read at once. */
const MAX_PREFIX_BYTES = 20;
/** Longest pair that is read; speakers' names are the longest. */
const MAX_PAIR_BYTES = 1024 * 1024;
/** A model has some tens of fields. */
const MAX_FIELDS = 10_000;

/**
 * The metadata of an ONNX model. Only the frame of the file is read, not its weights.
 * @returns undefined where it is no ONNX file, or not a whole one
 */
export async function readOnnxMetadata(path: string): Promise<Map<string, string> | undefined> {
  const { size } = await files().stat(path);
  const file = await files().open(path, "r");
  try {
    const pairs = new Map<string, string>();
    let fields = 0;
    for (let at = 0; at < size; fields++) {
      const field = fieldAt(await bytesAt(file, at, MAX_PREFIX_BYTES));
      if (!field || fields > MAX_FIELDS || (at === 0 && field.number !== IR_VERSION)) return undefined;
      const body = at + field.prefix;
      if (field.number === METADATA && field.size <= MAX_PAIR_BYTES) {
        const [key, value] = pairOf(await bytesAt(file, body, field.size));
        pairs.set(key, value);
      }
      at = body + field.size;
      if (at > size) return undefined;
    }
    return fields > 0 ? pairs : undefined;
  } finally {
    await file.close();
  }
}

/** Metadata as bytes that go at the end of an ONNX file. */
export function encodeOnnxMetadata(pairs: Readonly<Record<string, string>>): Uint8Array {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  const put = (into: number[], field: number, content: Uint8Array | number[]): void => {
    into.push(...varint(field * 8 + BYTES), ...varint(content.length), ...content);
  };
  for (const [key, value] of Object.entries(pairs)) {
    const pair: number[] = [];
    put(pair, KEY, encoder.encode(key));
    put(pair, VALUE, encoder.encode(value));
    put(bytes, METADATA, pair);
  }
  return Uint8Array.from(bytes);
}

interface Field {
  number: number;
  /** Bytes before its content, and of its content. */
  prefix: number;
  size: number;
}

function fieldAt(bytes: Uint8Array): Field | undefined {
  const tag = readVarint(bytes, 0);
  if (!tag || tag.value < 8) return undefined;
  const field = { number: Math.floor(tag.value / 8), prefix: tag.end };
  const wire = tag.value % 8;
  if (wire === FIXED64) return { ...field, size: 8 };
  if (wire === FIXED32) return { ...field, size: 4 };
  const value = readVarint(bytes, tag.end);
  if (!value) return undefined;
  if (wire === VARINT) return { ...field, size: value.end - tag.end };
  return wire === BYTES ? { ...field, prefix: value.end, size: value.value } : undefined;
}

function pairOf(bytes: Uint8Array): [key: string, value: string] {
  const found = ["", ""];
  for (let at = 0; at < bytes.length; ) {
    const field = fieldAt(bytes.subarray(at));
    if (!field) break;
    const start = at + field.prefix;
    at = start + field.size;
    if (field.number === KEY || field.number === VALUE) {
      found[field.number - 1] = new TextDecoder().decode(bytes.subarray(start, at));
    }
  }
  return [found[0] ?? "", found[1] ?? ""];
}

async function bytesAt(file: OpenFile, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  return bytes.subarray(0, bytesRead);
}

function readVarint(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return undefined;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

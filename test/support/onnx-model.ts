/**
 * Writes small ONNX models: as much of protobuf and of `onnx.proto` (IR version 7, opset 13) as they need.
 * @module
 */

type Bytes = Uint8Array<ArrayBuffer>;

/** Element types. */
const FLOAT = 1;
const INT64 = 7;
/** Kind of an attribute: a whole number. */
const ATTRIBUTE_INT = 2;

const encoder = new TextEncoder();

export interface OnnxModel {
  nodes: readonly Bytes[];
  constants: readonly Bytes[];
  inputs: readonly Bytes[];
  outputs: readonly Bytes[];
  metadata: Readonly<Record<string, string | number>>;
}

/** A whole model, as a file has it. */
export function onnxModel({ nodes, constants, inputs, outputs, metadata }: OnnxModel): Bytes {
  const graph = [
    ...nodes.map((each) => field(1, each)),
    text(2, "stand-in"),
    ...constants.map((each) => field(5, each)),
    ...inputs.map((each) => field(11, each)),
    ...outputs.map((each) => field(12, each)),
  ];
  const pairs = Object.entries(metadata).map(([key, value]) => field(14, text(1, key), text(2, `${value}`)));
  return concat([
    int(1, 7),
    text(2, "bardcast"),
    field(7, ...graph),
    field(8, text(1, ""), int(2, 13)),
    ...pairs,
  ]);
}

/** An operation, and the names of what goes in and comes out. */
export function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number>> = {},
): Bytes {
  return concat([
    ...inputs.map((each) => text(1, each)),
    text(2, output),
    text(3, output),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      field(5, text(1, name), int(3, value), int(20, ATTRIBUTE_INT)),
    ),
  ]);
}

export function floats(
  name: string,
  values: number | readonly number[],
  shape: readonly number[] = [],
): Bytes {
  return tensor(name, FLOAT, shape, new Uint8Array(Float32Array.from([values].flat()).buffer));
}

export function ints(name: string, values: number | readonly number[], shape: readonly number[] = []): Bytes {
  return tensor(name, INT64, shape, new Uint8Array(BigInt64Array.from([values].flat().map(BigInt)).buffer));
}

/** An input or an output; a dimension with a name may have any size. */
export function value(name: string, type: "float" | "int64", shape: readonly (number | string)[]): Bytes {
  const dimensions = shape.map((size) => field(1, typeof size === "string" ? text(2, size) : int(1, size)));
  const element = int(1, type === "float" ? FLOAT : INT64);
  return concat([text(1, name), field(2, field(1, element, field(2, ...dimensions)))]);
}

function tensor(name: string, type: number, shape: readonly number[], raw: Bytes): Bytes {
  return concat([...shape.map((size) => int(1, size)), int(2, type), text(8, name), field(9, raw)]);
}

function field(number: number, ...content: readonly Uint8Array[]): Bytes {
  const body = concat(content);
  return concat([varint(number * 8 + 2), varint(body.length), body]);
}

function text(number: number, content: string): Bytes {
  return field(number, encoder.encode(content));
}

function int(number: number, content: number): Bytes {
  return concat([varint(number * 8), varint(content)]);
}

function varint(content: number): Bytes {
  const bytes: number[] = [];
  let rest = content;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

function concat(parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(Buffer.concat(parts));
}

import { getHeapSnapshot } from "node:v8";

/** How many objects of a kind there are, and their own bytes. */
export interface Kind {
  count: number;
  bytes: number;
}
export type Census = Record<string, Kind>;

/** The part of a snapshot of V8 that is read here. */
interface V8Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
  strings: string[];
}
/** A node of a snapshot of JavaScriptCore: id, bytes, class, flags. */
interface JscSnapshot {
  nodes: number[];
  nodeClassNames: string[];
}

/** What lives on this process's heap, by class. Stops the process for a second or more. */
export async function takeCensus(): Promise<Census> {
  const bun = (globalThis as { Bun?: { generateHeapSnapshot(): JscSnapshot } }).Bun;
  return bun ? ofJsc(bun.generateHeapSnapshot()) : ofV8(await readSnapshot());
}

async function readSnapshot(): Promise<V8Snapshot> {
  const parts: Uint8Array[] = [];
  for await (const part of getHeapSnapshot()) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

function ofJsc({ nodes, nodeClassNames }: JscSnapshot): Census {
  const census: Census = Object.create(null);
  for (let at = 0; at < nodes.length; at += 4)
    add(census, nodeClassNames[nodes[at + 2] ?? 0] ?? "", nodes[at + 1] ?? 0);
  return census;
}

function ofV8({ snapshot: { meta }, nodes, strings }: V8Snapshot): Census {
  const fields = meta.node_fields;
  const [type, name, size] = ["type", "name", "self_size"].map((field) => fields.indexOf(field));
  const kinds = meta.node_types[0];
  const census: Census = Object.create(null);
  for (let at = 0; at < nodes.length; at += fields.length) {
    const of = (field: number | undefined): number => nodes[at + (field ?? 0)] ?? 0;
    const kind = kinds[of(type)] ?? "";
    // Only what has a class is named after it: a string's name is its text.
    add(census, kind === "object" || kind === "native" ? (strings[of(name)] ?? "") : `(${kind})`, of(size));
  }
  return census;
}

function add(census: Census, name: string, bytes: number): void {
  const kind = census[name] ?? { count: 0, bytes: 0 };
  census[name] = { count: kind.count + 1, bytes: kind.bytes + bytes };
}

/** The kinds of which there are more than before, those with the most bytes more first. */
export function grownKinds(
  before: Census,
  after: Census,
  most: number,
): (Kind & { name: string; more: number })[] {
  return Object.entries(after)
    .map(([name, { count, bytes }]) => ({
      name,
      count,
      more: count - (before[name]?.count ?? 0),
      bytes: bytes - (before[name]?.bytes ?? 0),
    }))
    .filter(({ more }) => more > 0)
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, most);
}

import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  Pair,
  Scalar,
  YAMLMap,
} from "yaml";
import { cleaned } from "../core/clean-text.ts";
import { DEFAULT_REGISTRY } from "./default-registry.ts";
import { BEGINNING, invalid, isMerge, keyOf, MERGE, parseRegistry } from "./registry-yaml.ts";
import { fieldNamed, isRecord } from "./voice-config.ts";
import { partsOf, release } from "./yaml-aliases.ts";

/** Something with a name in the file. */
export interface WrittenField {
  /** As written. */
  name: string;
  value: unknown;
  /** As it is written where YAML takes it for something else than text: `007`, `yes`. */
  text: string | undefined;
  /** `line 12, column 3` */
  place: string;
}

/** A voice as it is written, with its place in the file; what it merges or refers to is in it. */
export interface RegistryEntry {
  /** As written. */
  key: string;
  place: string;
  /** Undefined where it is neither a map nor a text. */
  fields: readonly WrittenField[] | undefined;
}

/** Something that is passed over. */
export interface Complaint {
  place: string;
  message: string;
}

/** The text of `voice_registry.yaml`: read by entries, changed without losing comments, order or anchors. */
export class RegistryFile {
  /** Mistakes found so far; the entries concerned were passed over. */
  readonly complaints: Complaint[] = [];
  readonly #doc: Document;
  readonly #placeOf: (node: Node) => string;
  /** The targets of aliases, valid until something is changed. */
  #targets: ReadonlyMap<Node, Node>;

  /** @throws BardcastError `registry-invalid`, naming line and column */
  constructor(text: string) {
    const { doc, targets, placeOf } = parseRegistry(text);
    this.#doc = doc;
    this.#targets = targets;
    this.#placeOf = placeOf;
  }

  static default(): RegistryFile {
    return new RegistryFile(DEFAULT_REGISTRY);
  }

  /** A single value of the file. */
  field(name: string): WrittenField | undefined {
    const pair = this.#pairsOf(this.#doc.contents).get(name);
    return pair && this.#fieldOf(name, pair);
  }

  /** What stands in the file beside these, and nothing else in it refers to. */
  strangers(known: readonly string[]): Complaint[] {
    return [...this.#pairsOf(this.#doc.contents)].flatMap(([name, { key, value }]) => {
      if (known.includes(name) || [...partsOf(value)].some(isAnchored)) return [];
      const message = `${name} is passed over; there is: ${known.join(", ")}`;
      return [{ place: this.#placeOf(key as Node), message }];
    });
  }

  /** What a map of the file has in it, its values as they are written where YAML takes them for something else: `no`, `007`. */
  texts(name: string): Record<string, unknown> | undefined {
    const node = this.#resolved(this.#pairsOf(this.#doc.contents).get(name)?.value);
    if (!isMap(node)) return undefined;
    return Object.fromEntries([...this.#pairsOf(node)].map(([key, { value }]) => [key, this.#textOf(value)]));
  }

  /** Where a key of a map stands. */
  placeIn(name: string, key: string): string | undefined {
    const node = this.#resolved(this.#pairsOf(this.#doc.contents).get(name)?.value);
    const own = this.#pairsOf(node).get(key)?.key;
    return own ? this.#placeOf(own as Node) : undefined;
  }

  /** A single voice of the file. */
  entry(key: string): RegistryEntry | undefined {
    const pair = this.#pairsOf(this.#doc.contents).get(key);
    return pair && this.#entryOf(key, pair);
  }

  /** The entries of a section, in order. @throws BardcastError `registry-invalid` where it is not a map */
  section(name: string): RegistryEntry[] {
    const node = this.#resolved(this.#pairsOf(this.#doc.contents).get(name)?.value);
    if (!node || (isScalar(node) && node.value === null)) return [];
    if (!isMap(node)) throw invalid(`${name} is a list of \`name: voice\``, this.#placeOf(node));
    return [...this.#pairsOf(node)].map(([key, pair]) => this.#entryOf(key, pair));
  }

  /** Makes a section have these entries and no others; what stays the same keeps its place and its comments. */
  replace(section: string, entries: Readonly<Record<string, unknown>>): void {
    const before = this.texts(section) ?? {};
    for (const key of Object.keys(before)) if (!Object.hasOwn(entries, key)) this.delete(section, key);
    for (const [key, value] of Object.entries(entries))
      if (JSON.stringify(before[key]) !== JSON.stringify(value)) this.set(section, key, value);
  }

  /** Sets an entry of a section, where it stands or at the end. @param key as written, or new */
  set(section: string, key: string, value: unknown): void {
    const map = this.#changing(section);
    const pair = map.items.find((item) => keyOf(item) === key);
    if (!pair) {
      const name = this.#doc.createNode(key);
      if (key === MERGE) name.type = Scalar.QUOTE_DOUBLE;
      map.items.push(new Pair(name, this.#doc.createNode(value, { flow: true })));
      return;
    }
    release(this.#doc, partsOf(pair.value));
    if (isPlainMap(pair.value) && isRecord(value)) this.#rewrite(pair.value, value);
    else pair.value = annotated(this.#doc.createNode(value, { flow: true }), pair.value);
  }

  /** @param key as written */
  delete(section: string, key: string): void {
    const map = this.#changing(section);
    const own = map.items.find((item) => keyOf(item) === key);
    if (own) {
      release(this.#doc, partsOf(own));
      map.items.splice(map.items.indexOf(own), 1);
    }
    if (!this.#pairsOf(map).has(key)) return;
    this.#writeOut(map);
    map.items = map.items.filter((item) => keyOf(item) !== key);
  }

  toString(): string {
    return this.#doc.toString({ lineWidth: 0 });
  }

  /** What is in a map, by key: its own pairs, then what it merges. */
  #pairsOf(node: unknown): Map<string, Pair> {
    const found = new Map<string, Pair>();
    if (!isMap(node)) return found;
    const merges = node.items.filter(isMerge);
    for (const pair of node.items) if (!isMerge(pair)) found.set(keyOf(pair), pair);
    for (const source of merges.flatMap(({ value }) => this.#sourcesOf(value)))
      for (const [key, pair] of this.#pairsOf(source)) if (!found.has(key)) found.set(key, pair);
    return found;
  }

  /** The maps that are merged by one `<<`. */
  #sourcesOf(value: unknown): YAMLMap[] {
    const node = this.#resolved(value);
    return (isSeq(node) ? node.items : [node]).flatMap((item) => {
      const source = this.#resolved(item);
      if (isMap(source)) return [source];
      const place = item ? this.#placeOf(item as Node) : BEGINNING;
      if (!this.complaints.some((known) => known.place === place))
        this.complaints.push({ place, message: "<<: what is merged is no map, and passed over" });
      return [];
    });
  }

  #entryOf(key: string, pair: Pair): RegistryEntry {
    const place = this.#placeOf((pair.key ?? pair.value) as Node);
    const node = this.#resolved(pair.value);
    if (isMap(node)) {
      const fields = [...this.#pairsOf(node)].map(([name, field]) => this.#fieldOf(name, field));
      return { key, place, fields };
    }
    const isText = isScalar(node) && node.value !== null;
    return { key, place, fields: isText ? [this.#fieldOf("voice_id", pair)] : undefined };
  }

  #fieldOf(name: string, { key, value }: Pair): WrittenField {
    const node = this.#resolved(value);
    const text = isScalar(node) && typeof node.value !== "string" ? node.source : undefined;
    return { name, value: this.#valueOf(node), text, place: this.#placeOf((key ?? value) as Node) };
  }

  #valueOf(value: unknown): unknown {
    const node = this.#resolved(value);
    if (isScalar(node)) return cleaned(node.value);
    if (isMap(node))
      return Object.fromEntries(
        [...this.#pairsOf(node)].map(([key, pair]) => [key, this.#valueOf(pair.value)]),
      );
    if (!isSeq(node)) return null;
    return node.items.map((item) =>
      isPair(item) ? { [keyOf(item)]: this.#valueOf(item.value) } : this.#valueOf(item),
    );
  }

  #textOf(value: unknown): unknown {
    const node = this.#resolved(value);
    if (isScalar(node))
      return node.value === null ? null : cleaned(typeof node.value === "string" ? node.value : node.source);
    if (isSeq(node)) return node.items.map((item) => this.#textOf(item));
    if (!isMap(node)) return null;
    return Object.fromEntries([...this.#pairsOf(node)].map(([key, pair]) => [key, this.#textOf(pair.value)]));
  }

  #resolved(node: unknown): Node | null {
    if (!isAlias(node)) return (node as Node | undefined) ?? null;
    return this.#targets.get(node) ?? node.resolve(this.#doc) ?? null;
  }

  /** The section's own map, which is about to be changed. */
  #changing(section: string): YAMLMap {
    this.#targets = new Map();
    const known = this.#doc.get(section, true);
    if (isPlainMap(known)) {
      release(this.#doc, new Set([known]));
      // An empty `{}` would stay on one line for ever.
      if (known.items.length === 0) known.flow = false;
      return known;
    }
    const map = new YAMLMap(this.#doc.schema);
    // Of another's map, of one that is merged and of a `!!set` this section gets its own.
    const source = this.#resolved(this.#pairsOf(this.#doc.contents).get(section)?.value);
    if (isMap(source)) map.items = (isAlias(known) || !known ? source.clone() : source).items as Pair[];
    this.#doc.set(section, annotated(map, known));
    return map;
  }

  /** Of a map that stays: keys that are still wanted keep their spelling and their comments. */
  #rewrite(map: YAMLMap, value: Readonly<Record<string, unknown>>): void {
    const wanted = new Map(Object.entries(value).map(([key, each]) => [fieldNamed(key), { key, each }]));
    delete map.anchor;
    map.items = map.items.filter((pair) => {
      const field = fieldNamed(keyOf(pair));
      const { each } = wanted.get(field) ?? {};
      if (isMerge(pair) || !wanted.delete(field)) return false;
      const isSame = isScalar(pair.value) && !pair.value.anchor && pair.value.value === each;
      if (!isSame) pair.value = annotated(this.#doc.createNode(each, { flow: true }), pair.value);
      return true;
    });
    for (const { key, each } of wanted.values())
      map.items.push(new Pair(this.#doc.createNode(key), this.#doc.createNode(each, { flow: true })));
  }

  /** Instead of merging, a map has copies of what it merged. */
  #writeOut(map: YAMLMap): void {
    const all = this.#pairsOf(map);
    for (const merge of map.items.filter(isMerge)) release(this.#doc, partsOf(merge));
    const own = map.items.filter((pair) => !isMerge(pair));
    const merged = [...all.values()]
      .filter((pair) => !own.includes(pair))
      .map((pair) => pair.clone() as Pair);
    map.items = [...own, ...merged];
  }
}

/** A `!!set` is a map, too, but one that takes no values. */
/** Whether others may refer to it. */
function isAnchored(part: Node): boolean {
  return "anchor" in part && part.anchor !== undefined;
}

function isPlainMap(node: unknown): node is YAMLMap {
  return isMap(node) && Object.getPrototypeOf(node) === YAMLMap.prototype;
}

/** With the comments of what stood there before. */
function annotated<N extends Node>(node: N, before: unknown): N {
  const { comment, commentBefore, spaceBefore } = (before ?? {}) as Partial<Node>;
  return Object.assign(node, { comment, commentBefore, spaceBefore });
}

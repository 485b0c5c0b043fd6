import { type Document, isMap, isScalar, LineCounter, type Node, Pair, parseDocument, YAMLMap } from "yaml";
import { cleaned } from "../core/clean-text.ts";
import { BardcastError, messageOf } from "../core/errors.ts";
import { DEFAULT_REGISTRY } from "./default-registry.ts";

/** A campaign has hundreds of voices at the most. */
const MAX_CHARS = 1024 * 1024;

/** An entry as it is written, with its place in the file. */
export interface RegistryEntry {
  /** As written. */
  key: string;
  raw: unknown;
  /** `line 12, column 3` */
  place: string;
}

/** The text of `voice_registry.yaml`: read by entries, changed without losing comments or order. */
export class RegistryFile {
  readonly #doc: Document;
  readonly #lines: LineCounter;

  /** @throws BardcastError `registry-invalid`, naming line and column */
  constructor(text: string) {
    this.#lines = new LineCounter();
    if (text.length > MAX_CHARS)
      throw invalid(`it is longer than ${MAX_CHARS} characters`, "line 1, column 1");
    this.#doc = parse(text, this.#lines);
    const [error] = this.#doc.errors;
    if (error) {
      const [start] = error.linePos ?? [];
      // The library's message goes on with a picture of the place.
      const [what = "not YAML"] = error.message.split(/ at line \d+|\n/);
      throw invalid(what, start ? `line ${start.line}, column ${start.col}` : "line 1, column 1");
    }
    if (this.#doc.contents !== null && !isMap(this.#doc.contents)) {
      throw invalid("a list of `key: value` is expected", this.#placeOf(this.#doc.contents));
    }
  }

  static default(): RegistryFile {
    return new RegistryFile(DEFAULT_REGISTRY);
  }

  /** A single value of the file. @throws BardcastError `registry-invalid` */
  entry(key: string): RegistryEntry | undefined {
    const node = this.#doc.get(key, true) as Node | undefined;
    return node ? { key, raw: this.#valueOf(node), place: this.#placeOf(node) } : undefined;
  }

  /** The entries of a section, in order. @throws BardcastError `registry-invalid` where it is not a map */
  section(name: string): RegistryEntry[] {
    const node = this.#doc.get(name, true) as Node | undefined;
    if (!node || (isScalar(node) && node.value === null)) return [];
    if (!isMap(node)) throw invalid(`${name} is a list of \`name: voice\``, this.#placeOf(node));
    return node.items.map(({ key, value }) => ({
      key: String(isScalar(key) ? key.value : key),
      raw: this.#valueOf(value as Node | null),
      place: this.#placeOf((key ?? value) as Node),
    }));
  }

  /** Sets an entry of a section, where it stands or at the end. @param key as written, or new */
  set(section: string, key: string, value: Record<string, unknown>): void {
    const map = this.#sectionMap(section);
    const node = this.#doc.createNode(value, { flow: true });
    const pair = map.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === key);
    if (pair) pair.value = node;
    else map.items.push(new Pair(this.#doc.createNode(key), node));
  }

  /** @param key as written */
  delete(section: string, key: string): void {
    const map = this.#sectionMap(section);
    map.items = map.items.filter((item) => String(isScalar(item.key) ? item.key.value : item.key) !== key);
  }

  toString(): string {
    return this.#doc.toString({ lineWidth: 0 });
  }

  #sectionMap(section: string): YAMLMap {
    const known = this.#doc.get(section, true);
    // An empty `{}` would stay on one line for ever.
    if (isMap(known) && known.items.length > 0) return known;
    const map = new YAMLMap(this.#doc.schema);
    this.#doc.set(section, map);
    return map;
  }

  #valueOf(node: Node | null): unknown {
    try {
      return cleaned(node?.toJS(this.#doc, { maxAliasCount: 20 }));
    } catch (error) {
      throw invalid(messageOf(error), node ? this.#placeOf(node) : "line 1, column 1");
    }
  }

  #placeOf(node: Node): string {
    const { line, col } = this.#lines.linePos(node.range?.[0] ?? 0);
    return `line ${line}, column ${col}`;
  }
}

function parse(text: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter });
  } catch (error) {
    // A thousand brackets deep, the parser itself gives up.
    throw invalid(messageOf(error), "line 1, column 1");
  }
}

function invalid(what: string, place: string): BardcastError {
  return new BardcastError("registry-invalid", `${place}: ${what}`);
}

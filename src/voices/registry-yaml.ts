import {
  type Alias,
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  type Tags,
  visit,
} from "yaml";
import { BardcastError, messageOf } from "../core/errors.ts";
import { MAX_REGISTRY_CHARS } from "./registry-keys.ts";
import { resolveAliases } from "./yaml-aliases.ts";

/** The key under which a map names others whose pairs it has as well. */
export const MERGE = "<<";
export const BEGINNING = "line 1, column 1";

/** A document with which nothing is wrong as YAML goes. */
export interface ParsedRegistry {
  doc: Document;
  /** What each alias refers to. */
  targets: ReadonlyMap<Alias, Node>;
  /** `line 12, column 3` */
  placeOf: (node: Node) => string;
}

/** @throws BardcastError `registry-invalid`, naming line and column */
export function parseRegistry(text: string): ParsedRegistry {
  if (text.length > MAX_REGISTRY_CHARS)
    throw invalid(`it is longer than ${MAX_REGISTRY_CHARS} characters`, BEGINNING);
  const lines = new LineCounter();
  const placeOf = (node: Node): string => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    return `line ${line}, column ${col}`;
  };
  try {
    const doc = parse(text, lines);
    if (doc.contents !== null && !isMap(doc.contents))
      throw invalid("a list of `key: value` is expected", placeOf(doc.contents));
    requireUniqueKeys(doc, placeOf);
    return { doc, targets: resolveAliases(doc, (alias, why) => invalid(why, placeOf(alias))), placeOf };
  } catch (error) {
    // A thousand brackets deep, the parser itself gives up.
    throw error instanceof BardcastError ? error : invalid(messageOf(error), BEGINNING);
  }
}

/** Names are text, whatever they look like. */
export function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.value === MERGE && key.type === Scalar.PLAIN;
}

export function invalid(what: string, place: string): BardcastError {
  return new BardcastError("registry-invalid", `${place}: ${what}`);
}

function parse(text: string, lineCounter: LineCounter): Document {
  const doc = parseOnce(text, lineCounter);
  const [error] = doc.errors;
  if (!error) return doc;
  const quoted = withQuotedStars(text);
  if (quoted !== text) {
    lineCounter.lineStarts.length = 0;
    return parse(quoted, lineCounter);
  }
  const [start] = error.linePos ?? [];
  // The library's message goes on with a picture of the place.
  const [what = "not YAML"] = error.message.split(/ at line \d+|\n/);
  throw invalid(what, start ? `line ${start.line}, column ${start.col}` : BEGINNING);
}

function parseOnce(text: string, lineCounter: LineCounter): Document {
  // That keys are unique the library would find out by comparing each with all.
  return parseDocument(text, { lineCounter, stringKeys: true, uniqueKeys: false, customTags: asWritten });
}

/** `*_orc` for a key, which YAML takes for a reference to `&_orc`, with the quotes that it wants. */
function withQuotedStars(text: string): string {
  return text.replace(/^([ \t]*)(\*[\p{L}\p{M}\p{N}_ -]*?)(?=[ \t]*:(?:\s|$))/gmu, '$1"$2"');
}

/** Only `<<` may be there more than once. */
function requireUniqueKeys(doc: Document, placeOf: ParsedRegistry["placeOf"]): void {
  visit(doc, {
    Map: (_, { items }) => {
      const keys = new Set<string>();
      for (const pair of items) {
        const key = keyOf(pair);
        if (keys.has(key) && !isMerge(pair))
          throw invalid(`"${key}" is there twice`, placeOf(pair.key as Node));
        keys.add(key);
      }
    },
  });
}

/** Numbers are saved as they were written: `1e3` and `007` may be somebody's voice. */
function asWritten(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === "string" || tag.collection || !/:(?:int|float)$/.test(tag.tag)) return tag;
    const { stringify } = tag;
    return {
      ...tag,
      stringify: (scalar, ...rest) => scalar.source ?? stringify?.(scalar, ...rest) ?? String(scalar.value),
    };
  });
}

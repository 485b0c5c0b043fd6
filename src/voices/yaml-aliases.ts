/**
 * Who refers to what in a YAML document, as `*name` does to `&name`.
 * @module
 */
import { type Alias, type Document, isAlias, isCollection, isNode, isPair, type Node } from "yaml";

/** What aliases may stand for, in nodes: so many in any file, and so many for each node that is written. */
const FREE_EXPANSION = 1000;
const EXPANSION_PER_NODE = 20;

/** An alias where it stands. */
interface AliasUse {
  alias: Alias;
  /** What it refers to; undefined where nothing before it has that name. */
  target: Node | undefined;
  /** It stands within what it refers to. */
  isCircular: boolean;
  /** Puts something else in its place. */
  put: (node: Node) => void;
}

/** Every alias, in the order in which they are written. */
function* aliasUses(doc: Document): Generator<AliasUse, void, undefined> {
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  function* walk(node: unknown, put: AliasUse["put"]): Generator<AliasUse, void, undefined> {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      return yield { alias: node, target, isCircular: target !== undefined && open.has(target), put };
    }
    if (!isNode(node)) return;
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (!isCollection(node)) return;
    open.add(node);
    for (const [index, item] of node.items.entries()) {
      if (isPair(item)) {
        yield* walk(item.key, (other) => {
          item.key = other;
        });
        yield* walk(item.value, (other) => {
          item.value = other;
        });
      } else {
        yield* walk(item, (other) => {
          node.items[index] = other;
        });
      }
    }
    open.delete(node);
  }
  yield* walk(doc.contents, () => undefined);
}

/**
 * What each alias refers to.
 * @param refused makes the error for an alias that refers to nothing or to itself, or with which the aliases stand for more
 * than anybody would write
 */
export function resolveAliases(
  doc: Document,
  refused: (alias: Alias, why: string) => Error,
): ReadonlyMap<Alias, Node> {
  const targets = new Map<Alias, Node>();
  for (const { alias, target, isCircular } of aliasUses(doc)) {
    if (!target) throw refused(alias, `nothing before it is called &${alias.source}`);
    if (isCircular) throw refused(alias, `*${alias.source} refers to what it is a part of`);
    targets.set(alias, target);
  }
  if (targets.size > 0) weigh(doc, targets, refused);
  return targets;
}

/** @throws where few nodes stand for very many, as in the billion laughs */
function weigh(
  doc: Document,
  targets: ReadonlyMap<Alias, Node>,
  refused: (alias: Alias, why: string) => Error,
): void {
  const weights = new Map<Node, number>();
  let written = 0;
  let expanded = 0;
  const weightOf = (node: unknown): number => {
    written += 1;
    if (isAlias(node)) {
      const weight = weights.get(targets.get(node) as Node) ?? 1;
      expanded += weight;
      if (expanded > FREE_EXPANSION + EXPANSION_PER_NODE * written)
        throw refused(node, "the aliases stand for too much");
      return weight;
    }
    if (!isNode(node)) return 1;
    let weight = 1;
    const items = isCollection(node) ? node.items : [];
    for (const item of items) {
      if (isPair(item)) weight += weightOf(item.key) + weightOf(item.value);
      else weight += weightOf(item);
    }
    weights.set(node, weight);
    return weight;
  };
  weightOf(doc.contents);
}

/**
 * Before nodes are changed or taken out: whoever refers to one of them from elsewhere gets it for their own. The first of
 * those has the name then, so that the others go on referring to it.
 */
export function release(doc: Document, nodes: ReadonlySet<Node>): void {
  for (let use = nextUse(doc, nodes); use; use = nextUse(doc, nodes)) {
    const own = use.target.clone() as Node;
    own.comment = null;
    own.commentBefore = null;
    own.spaceBefore = false;
    use.put(own);
  }
}

/** The first alias elsewhere that refers to one of these. */
function nextUse(doc: Document, nodes: ReadonlySet<Node>): (AliasUse & { target: Node }) | undefined {
  for (const use of aliasUses(doc)) {
    const { alias, target } = use;
    if (target && nodes.has(target) && !nodes.has(alias)) return { ...use, target };
  }
  return undefined;
}

/** A node or a pair with everything in it. */
export function partsOf(whole: unknown): Set<Node> {
  const parts = new Set<Node>();
  const collect = (part: unknown): void => {
    if (isPair(part)) for (const side of [part.key, part.value]) collect(side);
    if (!isNode(part)) return;
    parts.add(part);
    if (isCollection(part)) for (const item of part.items) collect(item);
  };
  collect(whole);
  return parts;
}

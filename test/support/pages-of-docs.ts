import { Glob } from "bun";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { ROOT } from "./run.ts";

/** A markdown file of the repository. */
export interface DocPage {
  /** From the repository's root. */
  path: string;
  nodes: Nodes[];
}

const ELSEWHERE = /(^|\/)(node_modules|dist|campaign|\.real-parts)\/|^docs\/api\//;

/** Every markdown file of the repository that people wrote. */
export async function docPages(pattern = "**/*.md"): Promise<DocPage[]> {
  const paths = (await Array.fromAsync(new Glob(pattern).scan(ROOT))).filter((path) => !ELSEWHERE.test(path));
  return Promise.all(paths.sort().map(async (path) => ({ path, nodes: nodesOf(await textOf(path)) })));
}

function textOf(path: string): Promise<string> {
  return Bun.file(`${ROOT}/${path}`).text();
}

function nodesOf(markdown: string): Nodes[] {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const found: Nodes[] = [tree];
  // What is found on the way is gone through as well.
  for (const node of found) if ("children" in node) found.push(...node.children);
  return found;
}

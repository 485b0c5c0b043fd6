import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import GithubSlugger from "github-slugger";
import { toString as plainText } from "mdast-util-to-string";
import { type DocPage, docPages } from "../support/pages-of-docs.ts";
import { ROOT } from "../support/run.ts";

const pages = await docPages();
const anchors = new Map(pages.map((page) => [page.path, anchorsOf(page)]));

test("no link between the repository's pages is dead, nor to a heading of theirs", () => {
  const links = pages.flatMap((page) => linksOf(page).map((link) => ({ page: page.path, link })));
  expect(links.length).toBeGreaterThan(80);
  expect(links.filter(({ page, link }) => isDead(page, link))).toEqual([]);
});

test("every page of docs stands in the list of them, and beside the others on the site", async () => {
  const list = linksOf(pages.find(({ path }) => path === "docs/README.md") as DocPage);
  const sidebar = await Bun.file(`${ROOT}/site/.vitepress/config.js`).text();
  const missing = pages
    .map(({ path }) => /^docs\/(.*)\.md$/.exec(path)?.[1])
    .filter((name) => name !== undefined && name !== "README")
    .filter((name) => !list.includes(`${name}.md`) || !sidebar.includes(`"/${name}"`));
  expect(missing).toEqual([]);
});

function isDead(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : relative(ROOT, resolve(ROOT, dirname(page), decodeURI(path)));
  if (!existsSync(`${ROOT}/${target}`)) return true;
  return anchor !== undefined && anchors.get(target)?.has(anchor) !== true;
}

/** Links and pictures that lead to something in the repository. */
function linksOf({ nodes }: DocPage): string[] {
  return nodes.flatMap((node) => ("url" in node ? [node.url] : [])).filter((url) => !/^[a-z]+:/.test(url));
}

/** Headings, as the code host and the site name them. */
function anchorsOf({ nodes }: DocPage): Set<string> {
  const slugger = new GithubSlugger();
  return new Set(nodes.flatMap((node) => (node.type === "heading" ? [slugger.slug(plainText(node))] : [])));
}

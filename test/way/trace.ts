/** A preload: from now on it is written down which file of `src` is entered, whenever a function in it is called. */
import { plugin } from "bun";
import { parseAst } from "vite";

const ROOT = new URL("../../", import.meta.url).pathname;
const FUNCTIONS = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];

/** Files in the order in which they were entered, once where one calls itself. */
const entered: string[] = [];

Object.assign(globalThis, {
  entered,
  enter(file: string) {
    if (entered.at(-1) !== file) entered.push(file);
  },
});

plugin({
  name: "trace",
  setup(build) {
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const text = await Bun.file(path).text();
      const contents = path.startsWith(`${ROOT}src/`) ? traced(text, path.slice(ROOT.length)) : text;
      return { contents, loader: "ts" };
    });
  },
});

/** What is looked at of a node of the syntax tree. */
interface Node {
  type?: string;
  kind?: string;
  value?: Node;
  body?: Node;
  start?: number;
}

/** The same text, which says so wherever a function begins; what only makes or reads an object enters nothing. */
function traced(text: string, file: string): string {
  const places: number[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) {
      for (const each of node) visit(each);
      return;
    }
    const { type, kind, value, body } = node as Node;
    if (type === "MethodDefinition" && kind !== "method") {
      visit(value?.body);
      return;
    }
    if (FUNCTIONS.includes(type ?? "") && body?.type === "BlockStatement") places.push((body.start ?? 0) + 1);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(text, { lang: "ts" }));
  let out = "";
  let at = 0;
  for (const place of places.sort((a, b) => a - b)) {
    out += `${text.slice(at, place)} globalThis.enter(${JSON.stringify(file)});`;
    at = place;
  }
  return out + text.slice(at);
}

import { afterAll } from "bun:test";
import { Glob } from "bun";
import { docPages } from "./pages-of-docs.ts";
import { ROOT } from "./run.ts";

/** Another site on this machine, until its test file ends: pages, each at a path of its own. */
export class OtherSite {
  readonly #files = new Map<string, { body: string; type: string }>();
  readonly #server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ url }) => {
      const file = this.#files.get(new URL(url).pathname);
      if (file === undefined) return new Response("not here", { status: 404 });
      return new Response(file.body, { headers: { "Content-Type": `${file.type}; charset=utf-8` } });
    },
  });
  #count = 0;

  constructor() {
    afterAll(() => this.#server.stop(true));
  }

  get port(): number {
    return this.#server.port ?? 0;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Has a page with that in its body. @returns its path */
  page(html: string, head = ""): string {
    const path = `/${++this.#count}`;
    const body = `<!doctype html><html lang="en"><head><title>Another site</title>${head}</head><body><main><h1>Another site</h1>${html}</main></body></html>`;
    this.#files.set(path, { body, type: "text/html" });
    return path;
  }

  script(path: string, body: string): void {
    this.#files.set(path, { body, type: "text/javascript" });
  }

  /** Has the scripts of a folder of this repository below that path. */
  async scripts(path: string, folder: string): Promise<void> {
    for (const file of new Glob("**/*.js").scanSync(`${ROOT}/${folder}`))
      this.script(`${path}/${file}`, await Bun.file(`${ROOT}/${folder}/${file}`).text());
  }
}

/** What docs/embedding.md shows in that language, in order, of this table and with this token. */
export async function embeddingBlocks(language: string, table: string, token: string): Promise<string[]> {
  const [page] = await docPages("docs/embedding.md");
  const blocks = page?.nodes.flatMap((node) =>
    node.type === "code" && node.lang === language ? node.value : [],
  );
  return (blocks ?? []).map((code) => code.replaceAll("https://party.example", table).replaceAll("…", token));
}

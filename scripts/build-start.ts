import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { sources, transpile } from "./build-dist.ts";
import { buildWeb } from "./build-web.ts";

const WEB = fileURLToPath(new URL("../web", import.meta.url));

/** Writes what `npm start` runs, a mirror of the sources with the pages in it. @param outdir absolute */
export async function buildStart(outdir: string): Promise<void> {
  await Promise.all([sources().then((files) => transpile(files, outdir)), buildWeb()]);
  await cp(WEB, `${outdir}/web`, { recursive: true });
}

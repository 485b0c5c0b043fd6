import { expect, test } from "bun:test";
import { mustRun, ROOT } from "../support/run.ts";

const BUILT = `${ROOT}/site/dist`;

test("the documentation is built as a site: no dead link, none in a docstring, and every import has its page", async () => {
  await mustRun(["node", "site/build.js"], { timeoutMs: 240_000 });
  expect(await Bun.file(`${BUILT}/index.html`).text()).toContain("Tonight");
  const api = await Bun.file(`${BUILT}/api/index.html`).text();
  const { exports } = await Bun.file(`${ROOT}/package.json`).json();
  const entries = Object.keys(exports).filter((entry) => !entry.startsWith("./workers/"));
  const missing = entries
    .map((entry) => entry.replace(".", "bardcast"))
    .filter((name) => !api.includes(`>${name}<`));
  expect(missing).toEqual([]);
}, 250_000);

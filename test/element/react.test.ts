import { expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { hasChromium, launchForMany } from "../support/browser.ts";
import { embeddingBlocks, OtherSite } from "../support/other-site.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";

const HOOK = fileURLToPath(new URL("../../src/element/react.ts", import.meta.url));
/** In StrictMode effects run twice, so that what does not clean up after itself shows. */
const APP = `
import { createElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
const root = createRoot(document.querySelector("#app"));
window.show = (token) => root.render(createElement(StrictMode, null, createElement(Table, { token })));
window.leave = () => root.unmount();
`;

const server = await startServer({ players: ["thorin", "elara"] });
const site = new OtherSite();

test.skipIf(!hasChromium)(
  "a component made with React shows and sounds what is said, to one listener at a time, and leaves the table with its page",
  async () => {
    const [table = ""] = await embeddingBlocks("jsx", server.url, "");
    const { outputFiles } = await build({
      stdin: { contents: table + APP, resolveDir: import.meta.dir, loader: "jsx" },
      jsx: "automatic",
      alias: { "bardcast/react": HOOK },
      bundle: true,
      write: false,
      format: "esm",
      external: ["node:module"],
      define: { "process.env.NODE_ENV": '"development"' },
    });
    site.script("/app.js", outputFiles[0]?.text ?? "");
    const browser = await launchForMany();
    try {
      const page = await browser.newPage();
      await page.goto(
        site.origin + site.page('<div id="app"></div><script type="module" src="/app.js"></script>'),
      );
      const show = async (player: string): Promise<void> => {
        const token = await server.party.tokens.issue(player);
        await page.waitForFunction(() => "show" in window);
        await page.evaluate((own) => (window as unknown as { show(token: string): void }).show(own), token);
        await until(() => server.party.connections.connectionCount(player) === 1);
      };
      await show("thorin");
      await page.getByText("At the table").waitFor();
      await page.getByRole("button").click();
      await page.getByRole("button").waitFor({ state: "detached" });
      const { utterance } = await (await server.speak({ text: "The door creaks.", to: ["thorin"] })).json();
      await page.getByText("The door creaks.").waitFor();
      await until(() => server.party.streams.log.recent.some(({ report }) => report.utterance === utterance));
      expect(server.party.streams.log.recent[0]?.report.players[0]?.heardMs).toBeGreaterThan(300);
      await show("elara");
      await until(() => server.party.connections.connectionCount() === 1);
      expect(await page.getByText("The door creaks.").count()).toBe(0);
      await page.evaluate(() => (window as unknown as { leave(): void }).leave());
      await until(() => server.party.connections.connectionCount() === 0);
    } finally {
      await browser.close();
    }
  },
  60_000,
);

import { expect, test } from "bun:test";
import { cp } from "node:fs/promises";
import { hasChromium, installAudioProbe, launch, readAudioProbe } from "../support/browser.ts";
import { packed } from "../support/package.ts";
import { mustRun, ROOT, tool } from "../support/run.ts";
import { serveFolder } from "../support/serve-folder.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";

const server = await startServer();

test.skipIf(!hasChromium)(
  "a page with a player of its own shows and sounds what is said",
  async () => {
    const { consumer } = await packed();
    const project = `${consumer}/own-player`;
    await cp(`${ROOT}/examples/own-player.html`, `${project}/index.html`);
    await mustRun([tool("vite"), "build", project, "--logLevel", "error"], { cwd: consumer });
    const site = serveFolder(`${project}/dist`);
    const browser = await launch();
    try {
      const page = await browser.context.newPage();
      await page.addInitScript(installAudioProbe);
      const token = await server.party.tokens.issue("thorin");
      await page.goto(`${site.url}index.html?table=${server.url}&token=${token}`);
      await page.getByText("open").waitFor();
      await page.getByRole("button", { name: "Listen" }).click();
      const report = await (await server.speak({ text: "The door creaks. Nobody is there." })).json();
      expect(report).toMatchObject({ delivered: true, listeners: 1, sentences: 2 });
      expect(await page.getByRole("listitem").allTextContents()).toEqual([
        "The door creaks. Nobody is there.",
      ]);
      await until(() => server.party.streams.log.recent.length > 0);
      const [heard] = server.party.streams.log.recent[0]?.report.players ?? [];
      // It was said in the moment of the tap: who has just come falls into step in the middle of it.
      expect(heard?.heardMs).toBeGreaterThan(report.durationMs / 2);
      const { levels } = await readAudioProbe(page);
      expect(levels.filter((level) => level > 0.005).length).toBeGreaterThan(10);
    } finally {
      await browser.close();
      await site.stop(true);
    }
  },
  60_000,
);

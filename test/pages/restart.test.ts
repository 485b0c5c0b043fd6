import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerProcess } from "../runtime/server-process.ts";
import { hasChromium, launch } from "../support/browser.ts";
import { startCutProxy } from "../support/cut-proxy.ts";
import { ROOT } from "../support/run.ts";
import { until } from "../support/table.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-restart-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const MAIN = [
  process.execPath,
  `${ROOT}/src/cli/main.ts`,
  "--json",
  "--host",
  "127.0.0.1",
  "--campaign",
  home,
];

describe.skipIf(!hasChromium)("a server that is killed and started again", () => {
  test("pages come back by themselves with what they missed, once; the console has what was said, and what was being written", async () => {
    const before = await ServerProcess.start([...MAIN, "--port", "0"], ROOT);
    const port = Number(new URL(before.line.url).port);
    // The page's own way to the server, which can be closed while the others' stays.
    const wire = await startCutProxy(port);
    const browser = await launch();
    try {
      browser.context.setDefaultTimeout(15_000);
      const page = await browser.context.newPage();
      await page.goto(`http://127.0.0.1:${wire.port}/play?token=${before.token("thorin")}`);
      await page.getByRole("button", { name: /listen/i }).click();
      await page.getByText("Listening").waitFor();
      const console = await browser.context.newPage();
      await console.goto(before.line.dm.url);
      await before.speak({ text: "Heard by all." });
      await page.getByText("Heard by all.").waitFor();
      await console.getByRole("button", { name: /^Thorin/ }).click();
      await console.getByLabel("What is said").fill("And now, the dragon");
      await until(() => readFileSync(join(home, "state.json"), "utf8").includes("And now, the dragon"));

      wire.close();
      await before.speak({ text: "Missed by the page." }, { Prefer: "respond-async" });
      await before.speak({ text: "And whispered to it.", to: ["thorin"] }, { Prefer: "respond-async" });
      await before.speak({ text: "For Elara's ears.", to: ["elara"] }, { Prefer: "respond-async" });
      // A text that is still being written is read as long as there is anybody to hear it.
      const pip = await before.join("pip");
      const dictation = before.dictate("to=all");
      dictation.response.catch(() => undefined);
      await dictation.write("The wolves were near. And ");
      await until(() => readFileSync(join(home, "journal.jsonl"), "utf8").includes("wolves were near"));
      await before[Symbol.asyncDispose]();
      pip.socket.close();
      await using after = await ServerProcess.start([...MAIN, "--port", `${port}`], ROOT);
      const again = await startCutProxy(port, wire.port);

      await page.getByText("The wolves were near.").waitFor();
      await page.getByText("Listening").waitFor();
      const captions = await page.getByRole("log").locator(".caption-text").allTextContents();
      expect(captions).toEqual([
        "Heard by all.",
        "Missed by the page.",
        "And whispered to it.",
        "The wolves were near.",
      ]);
      // It hears what is said next, without a tap.
      const report = await (await after.speak({ text: "Welcome back.", to: ["thorin"] })).json();
      expect(report).toMatchObject({ delivered: true });
      await page.getByText("Welcome back.").waitFor();

      await console.reload();
      const talk = (text: string) => console.getByRole("listitem").filter({ hasText: text });
      await talk("The wolves were near.")
        .getByText(/Broke off/)
        .waitFor();
      const box = console.getByLabel("What is said");
      while ((await box.inputValue()) !== "And now, the dragon") await Bun.sleep(20);
      expect(await console.getByRole("button", { name: /^Thorin/ }).getAttribute("aria-pressed")).toBe(
        "true",
      );
      await talk("For Elara's ears.")
        .getByRole("button", { name: /Say again/ })
        .click();
      // It is said at once, to those it was said to; what is being written stays.
      await until(
        () => readFileSync(join(home, "journal.jsonl"), "utf8").split("For Elara's ears.").length > 3,
      );
      await page.bringToFront();
      expect(await page.getByText("For Elara's ears.").count()).toBe(0);
      expect(await box.inputValue()).toBe("And now, the dragon");
      again.close();
    } finally {
      await browser.close();
      await before[Symbol.asyncDispose]();
    }
  }, 90_000);
});

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred } from "../../src/core/async/deferred.ts";
import { BardcastError } from "../../src/core/errors.ts";
import { hasChromium, launch } from "../support/browser.ts";
import { Installer } from "../support/installer.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-click-"));
afterAll(() => rmSync(home, { recursive: true }));
const installer = new Installer(home);
const server = await startServer({ engines: [new ToneEngine()], voiceInstaller: installer });

test.skipIf(!hasChromium)(
  "one click installs a voice, shows how far it is on a phone too, survives a failure, and lets it be heard",
  async () => {
    const { context, close } = await launch();
    const page = await context.newPage();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${server.url}/dm?token=${server.dmToken}`);
    const strip = page.getByRole("region", { name: "Voices" });
    expect(await strip.getByText("4 speakers").textContent()).toContain("licence CC0");
    installer.next = async () => {
      throw new BardcastError("internal", "example.com cannot be reached", { retryable: true });
    };
    await strip.getByRole("button", { name: "Install" }).click();
    const trouble = "Example.com cannot be reached. Nothing is lost: the voices that are here speak on.";
    await strip.getByRole("alert").getByText(trouble).waitFor();
    const rest = deferred();
    installer.next = async (_, { onProgress }) => {
      onProgress(30e6, 60e6);
      await rest.promise;
    };
    await strip.getByRole("button", { name: "Try again" }).click();
    const bar = strip.getByRole("progressbar", { name: "Downloading tiny" });
    await bar.waitFor();
    expect(await bar.evaluate((each) => (each as HTMLProgressElement).position)).toBe(0.5);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    rest.resolve();
    const heard = page.waitForResponse((response) => response.url().includes("/voices/sample"));
    await strip.getByRole("button", { name: "Hear it" }).click();
    expect((await heard).status()).toBe(200);
    expect(await strip.locator(".trouble").textContent()).toBe("");
    await strip.getByRole("button", { name: "Done" }).click();
    await strip.waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("button", { name: "Invite", exact: true }).waitFor();
    expect(await strip.count()).toBe(0);
    await close();
  },
  60_000,
);

import { launch } from "../support/browser.ts";
import { serveFolder } from "../support/serve-folder.ts";
import type { Heard } from "./apps/say-and-hear.ts";

/** Serves a folder, opens a page of it in Chromium and gives what its app heard. @throws what the page complains of */
export async function heardInPage(folder: string, path = "index.html"): Promise<Heard> {
  const server = serveFolder(folder);
  const browser = await launch();
  try {
    const page = await browser.context.newPage();
    const failed = new Promise<never>((_, reject) => {
      page.on("pageerror", reject);
      page.on("console", (message) => {
        if (message.type() === "error") reject(new Error(message.text()));
      });
    });
    await page.goto(`${server.url}${path}`);
    const heard = page
      .waitForFunction(() => "heard" in globalThis)
      .then(() => page.evaluate(() => (globalThis as unknown as { heard: Promise<Heard> }).heard));
    return await Promise.race([heard, failed]);
  } finally {
    await browser.close();
    await server.stop(true);
  }
}

/** A page that runs one module. */
export async function writePage(path: string, script: string): Promise<void> {
  const head = '<meta charset="utf-8" /><title>An app</title><link rel="icon" href="data:," />';
  await Bun.write(path, `<!doctype html>${head}<script type="module" src="${script}"></script>`);
}

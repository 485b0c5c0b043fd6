import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Browser, hasChromium, launchForMany, type Page } from "../support/browser.ts";
import { embeddingBlocks, OtherSite } from "../support/other-site.ts";
import { startServer } from "../support/server.ts";

/** What a page asks with. */
interface Asked {
  method?: "POST";
  headers?: Record<string, string>;
  body?: string;
  credentials?: "include";
}

const site = new OtherSite();
const HERE = site.origin;
const listed = await startServer({ allowOrigins: [HERE] });
const open = await startServer();

describe.skipIf(!hasChromium)("a page of another site", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchForMany();
  });
  afterAll(() => browser?.close());

  async function visit(html: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await page.goto(HERE + site.page(html));
    return page;
  }

  /** What a page can tell of a request: its status and the code of its error, or that it was kept from it. */
  const ask = (page: Page, url: string, init: Asked = {}): Promise<unknown> =>
    page.evaluate(
      async ([to, request]) => {
        const answer = await fetch(to, request).catch(() => undefined);
        return answer ? [answer.status, (await answer.json()).error?.code] : "kept from it";
      },
      [url, init] as const,
    );

  test("calls the API of a table that names it, and reads its errors; of others it learns nothing", async () => {
    const page = await visit("");
    const speak = (token: string): Asked => ({
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ text: "" }),
    });
    expect(await ask(page, `${listed.url}/api/speak`, speak(listed.dmToken))).toEqual([400, "text-empty"]);
    expect(await ask(page, `${listed.url}/api/speak`, speak("forged"))).toEqual([401, "unauthorized"]);
    expect(await ask(page, `${listed.url}/healthz`)).toEqual([200, undefined]);
    expect(await ask(page, `${listed.url}/healthz`, { credentials: "include" })).toBe("kept from it");
    expect(await ask(page, `${open.url}/api/speak`, speak(open.dmToken))).toBe("kept from it");
    expect(await ask(page, `${open.url}/healthz`)).toBe("kept from it");
    // A page in a frame that is sandboxed is from nowhere.
    await page.setContent(`<iframe sandbox="allow-scripts" srcdoc="<p>nowhere</p>"></iframe>`);
    const [, nowhere] = page.frames();
    if (!nowhere) throw new Error("there is no frame");
    const origin = await nowhere.evaluate(() => self.origin);
    const read = await nowhere.evaluate(
      (url) =>
        fetch(url)
          .then(() => "read")
          .catch(() => "kept from it"),
      `${listed.url}/healthz`,
    );
    expect([origin, read]).toEqual(["null", "kept from it"]);
  }, 60_000);

  test("shows the players' page of a table that names it, and that listens; of others it shows nothing", async () => {
    const [frame = ""] = await embeddingBlocks("html", listed.url, await listed.party.tokens.issue("thorin"));
    const page = await visit(frame);
    const inside = page.frameLocator("iframe");
    await inside.getByRole("button", { name: /listen/i }).click();
    await inside.getByText("Listening").waitFor();
    await listed.speak({ text: "The door creaks." });
    await inside.getByText("The door creaks.").waitFor();
    const [other = ""] = await embeddingBlocks("html", open.url, await open.party.tokens.issue("thorin"));
    const refused = await visit(other);
    await refused.waitForLoadState("load");
    expect(refused.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
    expect(open.party.connections.connectionCount()).toBe(0);
  }, 60_000);
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import {
  type Browser,
  hasChromium,
  installAudioProbe,
  launchForMany,
  type Page,
  readAudioProbe,
} from "../support/browser.ts";
import { expectNoBarriers } from "../support/looks.ts";
import { embeddingBlocks, OtherSite } from "../support/other-site.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";

const site = new OtherSite();
const server = await startServer({ players: ["thorin", "elara"] });
const closed = await startServer({ allowOrigins: ["self"], players: ["thorin"] });
const SCRIPT = `<script type="module" src="${server.url}/assets/bardcast-player.js"></script>`;
const ELEMENT = `<bardcast-player src="${server.url}"></bardcast-player>`;

describe.skipIf(!hasChromium)("<bardcast-player> in a page of another site", () => {
  let browser: Browser;
  const addresses: string[] = [];
  beforeAll(async () => {
    browser = await launchForMany();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await until(() => connections() === 0);
  });
  afterAll(() => browser?.close());

  async function visit(html: string, head = ""): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    page.on("request", (request) => addresses.push(request.url()));
    page.on("websocket", (socket) => addresses.push(socket.url()));
    await page.addInitScript(installAudioProbe);
    await page.goto(site.origin + site.page(html, head));
    return page;
  }

  /** Gives the element of that number its token, as a page does. */
  const seat = (page: Page, index: number, token: string): Promise<void> =>
    page.evaluate(
      ([at, own]) => {
        const element = document.querySelectorAll("bardcast-player")[at];
        Object.assign(element as object, { token: own });
      },
      [index, token] as const,
    );

  const connections = (player?: string): number => server.party.connections.connectionCount(player);
  const problemOf = (page: Page): Promise<unknown> =>
    page
      .waitForFunction(
        () =>
          (document.querySelector("bardcast-player") as { state?: { problem?: { code: string } } }).state
            ?.problem?.code,
      )
      .then((found) => found.jsonValue());

  test("is one script and one line: its words come first, its sound after a tap, and no token is in an address", async () => {
    const thorin = await server.party.tokens.issue("thorin");
    const [, own = "", looks = ""] = await embeddingBlocks("html", server.url, thorin);
    const page = await visit(
      own + looks,
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${server.url} 'unsafe-inline' 'wasm-unsafe-eval'; connect-src ${server.url} ${server.url.replace("http", "ws")}">`,
    );
    await page.getByText("No sound yet").waitFor();
    const early = await (await server.speak({ text: "The door creaks." })).json();
    await page.getByText("The door creaks.").waitFor();
    expect(early).toMatchObject({ delivered: true, listeners: 1 });
    await page.getByRole("button", { name: "Listen" }).click();
    await page.getByText("Listening.").waitFor();
    await server.speak({ text: "Nobody is there. You are sure that nobody is there." });
    await until(() => server.party.streams.log.recent.length >= 2);
    const heard = server.party.streams.log.recent[0]?.report.players[0];
    expect(heard?.heardMs).toBeGreaterThan(500);
    expect((await readAudioProbe(page)).levels.filter((level) => level > 0.005).length).toBeGreaterThan(10);
    await expectNoBarriers(page, "element");
    expect(addresses.filter((address) => address.includes(thorin))).toEqual([]);
    expect(await page.content()).not.toContain(`src="${thorin}`);
    expect(await page.locator("bardcast-player").getAttribute("src")).toBe(server.url);
  }, 60_000);

  test("a page has two, and a whisper is in one of them", async () => {
    const page = await visit(SCRIPT + ELEMENT + ELEMENT);
    await seat(page, 0, await server.party.tokens.issue("thorin"));
    await seat(page, 1, await server.party.tokens.issue("elara"));
    await until(() => connections("thorin") + connections("elara") === 2);
    await server.speak({ text: "The key is under the mat.", to: ["elara"] });
    await server.speak({ text: "Dawn." });
    await page.getByText("Dawn.").nth(1).waitFor();
    const texts = await page
      .locator("bardcast-player")
      .evaluateAll((all) =>
        all.map((each) =>
          [...(each.shadowRoot?.querySelectorAll("[part~=caption]") ?? [])].map(
            (row) => `${row.part}: ${row.textContent}`,
          ),
        ),
      );
    expect(texts).toEqual([
      [expect.stringMatching(/^caption( spoken)?: Dawn\.$/)],
      [
        expect.stringMatching(
          /^caption whisper( spoken)?: Game master, to you aloneThe key is under the mat\.$/,
        ),
        expect.stringMatching(/^caption( spoken)?: Dawn\.$/),
      ],
    ]);
  }, 60_000);

  test("moved it stays, taken out it leaves, and put back, into a shadow root too, it is told what it missed", async () => {
    const before = addresses.length;
    const sockets = (): string[] => addresses.slice(before).filter((address) => address.startsWith("ws"));
    const page = await visit(`${SCRIPT}${ELEMENT}<div id="host"></div>`);
    await seat(page, 0, await server.party.tokens.issue("thorin"));
    // The browser may tell of a socket after the server has it.
    await until(() => connections("thorin") === 1 && sockets().length === 1);
    await page.evaluate(() => {
      const element = document.querySelector("bardcast-player") as HTMLElement;
      Object.assign(window, { element });
      const shadow = document.querySelector("#host")?.attachShadow({ mode: "open" });
      document.body.append(element);
      shadow?.append(element);
    });
    await server.speak({ text: "First." });
    await page.getByText("First.").waitFor();
    expect([connections("thorin"), sockets().length]).toEqual([1, 1]);
    await page.evaluate(() => (window as unknown as { element: Element }).element.remove());
    await until(() => connections("thorin") === 0);
    await server.speak({ text: "Second." });
    await page.evaluate(() =>
      document
        .querySelector("#host")
        ?.shadowRoot?.append((window as unknown as { element: Element }).element),
    );
    await page.getByText("Second.").waitFor();
    expect(await page.getByText("First.").count()).toBe(1);
    // Another listener sees nothing of what was said to the one before.
    await page.evaluate(
      (token) => Object.assign((window as unknown as { element: object }).element, { token }),
      await server.party.tokens.issue("elara"),
    );
    await until(() => connections("elara") === 1 && connections("thorin") === 0);
    expect(await page.getByText("First.").count()).toBe(0);
  }, 60_000);

  test("takes a player's link and puts its token away; says why it is not at the table, and what to do", async () => {
    const link = `${server.url}/play?token=${await server.party.tokens.issue("thorin")}`;
    const linked = await visit(`${SCRIPT}<bardcast-player src="${link}"></bardcast-player>`);
    await linked.getByText("At the table.").waitFor();
    expect(await linked.locator("bardcast-player").getAttribute("src")).toBe(`${server.url}/`);
    // Shown another table, it does not tell that one the token of the first.
    await linked.evaluate(
      (src) => Object.assign(document.querySelector("bardcast-player") as object, { src }),
      closed.url,
    );
    await linked.getByText("No table yet.").waitFor();
    expect(
      await linked
        .locator("bardcast-player")
        .evaluate((each) => (each as HTMLElement & { token: string }).token),
    ).toBe("");
    const problems: [string, string, string][] = [
      [`${server.url}/play?token=forged`, "token-refused", "The game master has another one"],
      [
        `${closed.url}/play?token=${await closed.party.tokens.issue("thorin")}`,
        "origin-refused",
        "--allow-origin",
      ],
      ["http://127.0.0.1:9/play?token=x", "unreachable", "does not answer"],
      ["javascript:alert(1)", "bad-address", "a player's link"],
    ];
    for (const [src, code, words] of problems) {
      const page = await visit(`${SCRIPT}<bardcast-player src="${src}"></bardcast-player>`);
      expect(await problemOf(page)).toBe(code);
      await page.getByText(words).waitFor();
    }
  }, 60_000);
});

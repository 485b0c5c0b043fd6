import { afterAll, beforeAll, expect, test } from "bun:test";
import { hasChromium, launch, type Page } from "../support/browser.ts";
import { startPrefixProxy } from "../support/prefix-proxy.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const server = await startServer({ engines: [new ToneEngine()], cache: false, allowOrigins: ["self"] });
let browser: Awaited<ReturnType<typeof launch>> | undefined;

beforeAll(async () => {
  if (hasChromium) browser = await launch();
}, 60_000);
afterAll(() => browser?.close());

/** A page that collects what the browser refuses it. */
async function newPage(): Promise<{ page: Page; refusals: string[] }> {
  if (!browser) throw new Error("there is no browser");
  const page = await browser.context.newPage();
  const refusals: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) refusals.push(message.text());
  });
  return { page, refusals };
}

const linkOf = async (player: string, base: string): Promise<string> =>
  `${base}/play?codec=pcm16&token=${await server.party.tokens.issue(player)}`;

test.skipIf(!hasChromium)(
  "the token leaves the address bar, and the page can be loaded again, left and come back to",
  async () => {
    const { page } = await newPage();
    await page.addInitScript(() => {
      for (const name of ["localStorage", "sessionStorage"]) {
        Object.defineProperty(window, name, {
          get: () => {
            throw new DOMException("storage is refused", "SecurityError");
          },
        });
      }
    });
    const url = `${server.url}/play?codec=pcm16`;
    await page.goto(await linkOf("thorin", server.url));
    await page.getByText("At the table").waitFor();
    expect(page.url()).toBe(url);
    await page.reload();
    await page.getByText("At the table").waitFor();
    await page.goto(await linkOf("elara", server.url));
    await page.getByRole("heading", { name: "Elara" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Thorin" }).waitFor();
    await page.goForward();
    await page.getByRole("heading", { name: "Elara" }).waitFor();
    expect(page.url()).toBe(url);
    await page.close();
  },
  60_000,
);

test.skipIf(!hasChromium)(
  "a page may talk to its own server and to nobody else, outside of a secure context too",
  async () => {
    const { page, refusals } = await newPage();
    const { port } = new URL(server.url);
    await page.goto(await linkOf("thorin", `http://party.test:${port}`));
    await page.getByText("At the table").waitFor();
    expect(refusals).toEqual([]);
    const reached = await page.evaluate(
      (elsewhere) =>
        new Promise((resolve) => {
          document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) =>
            resolve(effectiveDirective),
          );
          const socket = new WebSocket(elsewhere);
          socket.onopen = () => resolve("open");
        }),
      `ws://127.0.0.1:${port}/ws`,
    );
    expect(reached).toBe("connect-src");
    await page.close();
  },
  60_000,
);

test.skipIf(!hasChromium)(
  "under a proxy's prefix the pages find their server, which takes them for its own, and sockets have no token in their address",
  async () => {
    // As many proxies tell it: without the port.
    const says = { "X-Forwarded-Prefix": "/table", "X-Forwarded-Host": "party.test" };
    const proxy = await startPrefixProxy(Number(new URL(server.url).port), { prefix: "/table", says });
    const { page, refusals } = await newPage();
    const base = `http://party.test:${proxy.port}/table`;
    await page.goto(await linkOf("thorin", base));
    await page.getByText("At the table").waitFor();
    await page.goto(`${base}?token=${server.dmToken}`);
    await page.getByText("of 2 here").waitFor();
    expect([page.url(), refusals]).toEqual([`${base}/dm`, []]);
    const opened = (): string[] => proxy.asked.filter((line) => line.includes("/ws"));
    await page.getByLabel("Listen along").selectOption("the table");
    await until(() => opened().length === 2);
    expect(opened()).toEqual(Array(2).fill("GET /table/ws HTTP/1.1"));
    await page.close();
    proxy.close();
  },
  60_000,
);

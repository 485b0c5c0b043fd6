import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { nats } from "../../src/nats/nats.ts";
import { hasChromium, launch } from "../support/browser.ts";
import { hasNats, NatsServer } from "../support/nats-server.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

describe.skipIf(!hasNats || !hasChromium)("the console of a table that several machines serve", () => {
  let server: NatsServer;
  let browser: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    [server, browser] = await Promise.all([NatsServer.start(), launch()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("says that new lines wait while NATS is gone; they are heard once, in order, when it is back", async () => {
    const cluster = nats({ servers: server.url });
    const table = await startServer({ engines: [new ToneEngine()], cluster });
    const thorin = await table.join("thorin");
    const texts = (): unknown[] => thorin.of("narrative").map(({ content }) => content);
    const page = await browser.context.newPage();
    await page.goto(`${table.url}/dm?token=${table.dmToken}`);
    await page.getByRole("button", { name: /^Thorin/ }).waitFor();
    const news = page.getByText("The connection between this table’s machines is lost: new lines wait");
    expect(await news.count()).toBe(0);
    await server.kill();
    await news.waitFor();
    const said = ["The bridge is down.", "So is the ford."];
    for (const text of said) {
      await page.getByRole("textbox", { name: "What is said" }).fill(text);
      await page.keyboard.press("Enter");
    }
    await Bun.sleep(500);
    expect(texts()).toEqual([]);
    server = await NatsServer.start({ again: server });
    await thorin.until("narrative", 2);
    await news.waitFor({ state: "detached" });
    expect(texts()).toEqual(said);
    await page.close();
    thorin.socket.close();
  }, 60_000);
});

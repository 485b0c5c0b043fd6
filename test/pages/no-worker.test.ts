import { test } from "bun:test";
import { hasChromium, launch } from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const server = await startServer({ engines: [new ToneEngine()] });

test.skipIf(!hasChromium)(
  "a page whose worker does not come shows the words all the same",
  async () => {
    const { context, close } = await launch();
    const page = await context.newPage();
    await page.route("**/assets/listener.js", (route) => route.abort());
    await page.goto(`${server.url}/play?token=${await server.party.tokens.issue("thorin")}`);
    await page.getByText("At the table").waitFor();
    server.party.speak({ text: "Run!", to: "all" });
    await page.getByText("Run!").waitFor();
    await close();
  },
  60_000,
);

import { expect, test } from "bun:test";
import { hasChromium, launch } from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const server = await startServer({ engines: [new ToneEngine()] });

test.skipIf(!hasChromium)(
  "a page too many says why it is not at the table, leaves the others in peace, and comes in when one has left",
  async () => {
    const devices = [];
    for (let i = 0; i < 8; i++) devices.push(await server.join("thorin"));
    const { context, close } = await launch();
    const page = await context.newPage();
    let sockets = 0;
    server.party.connections.onChange(() => (sockets += 1));
    await page.goto(`${server.url}/play?token=${await server.party.tokens.issue("thorin")}`);
    await page.getByText("open on too many devices").waitFor();
    expect([sockets, devices.filter(({ closed }) => closed).length]).toEqual([0, 0]);
    devices[0]?.socket.close();
    await until(() => server.party.connections.connectionCount("thorin") === 7);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("At the table").waitFor();
    await close();
  },
  60_000,
);

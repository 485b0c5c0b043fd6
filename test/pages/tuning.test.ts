import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { hasChromium, launch, type Page } from "../support/browser.ts";
import { expectNoBarriers } from "../support/looks.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const server = await startServer({ engines: [new ToneEngine()] });
const port = new URL(server.url).port;

/** In the page before its scripts: a microphone that hears a tone and nothing else. */
function hearTone(): void {
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const destination = context.createMediaStreamDestination();
    const tone = context.createOscillator();
    tone.connect(destination);
    tone.start();
    return destination.stream;
  };
}

describe.skipIf(!hasChromium)("Tune the room, at a console", () => {
  let browser: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    browser = await launch();
  }, 60_000);
  afterAll(() => browser?.close());

  async function open(host: string, prepare?: () => void): Promise<Page> {
    const page = await browser.context.newPage();
    if (prepare) await page.addInitScript(prepare);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`http://${host}:${port}/dm?token=${server.dmToken}`);
    await page.getByRole("button", { name: "Table", exact: true }).click();
    await page.getByRole("button", { name: "Tune the room" }).click();
    return page;
  }

  test("on plain http, says where there is one, and offers nothing else", async () => {
    const page = await open("party.test");
    await page.getByText("browsers allow it on http://localhost and https only").waitFor();
    expect(await page.getByText(`http://localhost:${port}`).isVisible()).toBe(true);
    expect(await page.getByRole("button", { name: /Listen to the devices|Tune again/ }).count()).toBe(0);
    await expectNoBarriers(page, "desk-tune-insecure");
    await page.getByRole("button", { name: "Table", exact: false }).last().click();
    await page.close();
  }, 60_000);

  test("where the microphone is refused, says so; lines go on, and it may be tried again", async () => {
    const page = await open("127.0.0.1");
    await page.getByText("Do the devices sound together?").waitFor();
    await page.getByRole("button", { name: "Listen to the devices" }).click();
    await page.getByRole("alert").getByText("microphone was").waitFor();
    await page.getByRole("button", { name: "Tune again" }).waitFor();
    const { delivered } = await server.party.speak({ text: "Still here.", to: "all" }).done;
    expect(delivered).toBe(false);
    await page.getByRole("button", { name: "‹ Table" }).click();
    await page.getByRole("heading", { name: "Players" }).waitFor();
    await page.close();
  }, 60_000);

  test("that hears nobody, names everybody and why; a phone is told, and lines wait", async () => {
    const [phone, old] = [await browser.context.newPage(), await server.join("elara")];
    const asked: string[] = [];
    phone.on("request", (request) => asked.push(request.url()));
    await phone.goto(`${server.url}/play?codec=pcm16&token=${await server.party.tokens.issue("thorin")}`);
    await phone.getByRole("button", { name: "Tap to listen" }).click();
    await phone.getByRole("button", { name: "Settings" }).click();
    await phone.getByText(/sounds? (together with|a little before or after) the others/i).waitFor();
    await phone.getByRole("button", { name: "Done" }).click();
    expect(asked.filter((url) => url.includes("tuned-device"))).toEqual([]);
    const page = await open("127.0.0.1", hearTone);
    await page.getByRole("button", { name: "Listen to the devices" }).click();
    await phone.getByText("this device will hiss for a moment").waitFor();
    const line = server.party.speak({ text: "Are we there yet?", to: "all" });
    await phone.getByText("Are we there yet?").waitFor();
    expect([line.id, old.of("audio").length]).toEqual([line.id, 0]);
    await page.getByRole("button", { name: "Tune again" }).waitFor();
    expect(await page.locator(".tunings > li").allTextContents()).toEqual([
      "Elaranot tunedAn older player page that cannot be tuned.",
      "Thorinnot heardTurn it up, or bring it nearer; hold headphones to the microphone. Then tune again.",
    ]);
    expect((await line.handedOver).delivered).toBe(true);
    expect(asked.filter((url) => url.includes("tuned-device"))).toHaveLength(1);
    await expectNoBarriers(page, "desk-tuned");
    for (const each of [page, phone]) await each.close();
    old.socket.close();
  }, 60_000);
});

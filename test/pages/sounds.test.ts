import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SoundsStatus } from "../../src/core/protocol/sounds.ts";
import {
  type AudioProbe,
  type Browser,
  hasChromium,
  installAudioProbe,
  launchForMany,
  type Page,
} from "../support/browser.ts";
import { expectNoBarriers } from "../support/looks.ts";
import { startServer } from "../support/server.ts";
import { sine } from "../support/sound.ts";
import { wavOf } from "../support/sound-files.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const campaignDir = mkdtempSync(join(tmpdir(), "bardcast-desk-sounds-"));
const server = await startServer({ campaignDir, engines: [new ToneEngine()], players: ["thorin", "elara"] });
const { sounds } = server.party;

describe.skipIf(!hasChromium)("the desk of sounds", () => {
  let browser: Browser;
  let desk: Page;
  let elara: V2SocketClient;

  beforeAll(async () => {
    elara = new V2SocketClient(`${server.url}/ws?token=${await server.party.tokens.issue("elara")}`);
    await elara.greet({ codecs: ["opus"] });
    browser = await launchForMany();
    desk = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await desk.addInitScript(installAudioProbe);
    await desk.goto(`${server.url}/dm?token=${server.dmToken}`);
    await desk.getByText("The table is quiet.").waitFor();
  }, 120_000);
  afterAll(async () => {
    elara?.socket.close();
    await browser?.close();
    rmSync(campaignDir, { recursive: true, force: true });
  });

  const button = (name: string) => desk.getByRole("button", { name, exact: true });
  const until = async (isSo: (status: SoundsStatus) => boolean): Promise<void> => {
    while (!isSo(await sounds.status())) await Bun.sleep(20);
  };

  test("lets a bed come, and another one instead of it", async () => {
    await button("Sounds").click();
    await button("Add Rain").click();
    await until(({ beds }) => beds.some(({ sound, leaving }) => sound === "rain" && !leaving));
    await button("Change to Fire").click();
    await until(({ beds }) => beds.find(({ sound }) => sound === "rain")?.leaving === true);
    await desk.getByLabel("How loud Fire is").fill("50");
    await until(({ beds }) => beds.find(({ sound }) => sound === "fire")?.volume === 0.5);
    await desk.getByLabel("All sounds").fill("70");
    await desk.getByLabel("During speech").selectOption("Nearly silent");
    await until(({ master, duckDb }) => master === 0.7 && duckDb === 30);
  }, 30_000);

  test("keeps files that are chosen, measures them, and says what is wrong with others", async () => {
    const files = [
      { name: "Door.wav", mimeType: "audio/wav", buffer: Buffer.from(wavOf(sine(1_000, 24_000, 0.1, 1))) },
      { name: "Tavern.wav", mimeType: "audio/wav", buffer: Buffer.from(wavOf(sine(500, 24_000, 0.2, 20))) },
      { name: "film.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("no sound at all".repeat(99)) },
    ];
    await desk.locator(".drop input").setInputFiles(files);
    await button("Add Tavern").waitFor();
    await desk.getByText("“film.mp3” was not added").waitFor();
    await until((status) => status.sounds.filter(({ measure }) => measure).length === 2);
    const door = (await sounds.status()).sounds.find(({ name }) => name === "Door")?.measure;
    // A sine at 1 kHz of that amplitude, by BS.1770 on one channel.
    expect(door?.lufs).toBeWithin(-23.7, -22.7);
    expect(door?.peak).toBeWithin(0.099, 0.101);
  }, 30_000);

  test("plays short sounds by their letters, to one player alone where that is chosen", async () => {
    const heard = (): string[] => elara.of("sound.hit").map(({ sound }) => sound);
    const sent = async (count: number): Promise<void> => {
      while (heard().length < count) await Bun.sleep(20);
    };
    await desk.locator("body").click({ position: { x: 5, y: 5 } });
    await desk.keyboard.press("q");
    await sent(1);
    await desk.getByLabel("To whom").selectOption("Thorin alone");
    await button("Door W").click();
    await desk.getByLabel("To whom").selectOption("everyone");
    await desk.locator("body").click({ position: { x: 5, y: 5 } });
    await desk.keyboard.press("w");
    await sent(2);
    const door = (await sounds.status()).sounds.find(({ name }) => name === "Door")?.id ?? "";
    expect(heard()).toEqual(["dice", door]);
    // Where somebody writes, a letter is a letter.
    await desk.getByRole("textbox", { name: "What is said" }).pressSequentially("qw");
    await Bun.sleep(300);
    expect(heard()).toHaveLength(2);
  }, 30_000);

  test("points out a sound in a line that is not there, before it is said", async () => {
    const box = desk.getByRole("textbox", { name: "What is said" });
    await box.fill("It shuts. [sound dor]");
    await desk.getByText("No sound is called dor").waitFor();
    await button("Write [sound Door]").click();
    expect(await box.inputValue()).toBe("It shuts. [sound Door]");
    await desk.getByText("No sound is called dor").waitFor({ state: "hidden" });
  }, 30_000);

  test("is heard by the computer that listens along, until it does no more", async () => {
    const loudest = (): Promise<number> =>
      desk.evaluate(() =>
        Math.max(0, ...(window as unknown as { audioProbe: AudioProbe }).audioProbe.levels.slice(-10)),
      );
    await sounds.play({ sound: "fire", fadeMs: 0 });
    await desk.getByLabel("Listen along").selectOption("the table");
    while ((await loudest()) < 0.01) await Bun.sleep(50);
    await desk.getByLabel("Listen along").selectOption("off");
    const heard = await desk.evaluate(
      () => (window as unknown as { audioProbe: AudioProbe }).audioProbe.levels.length,
    );
    await Bun.sleep(300);
    // Its context is closed.
    expect(
      await desk.evaluate(() => (window as unknown as { audioProbe: AudioProbe }).audioProbe.levels.length),
    ).toBeLessThan(heard + 8);
  }, 30_000);

  test("keeps nobody from using it", async () => {
    await desk.getByText("How loud for each player").click();
    await desk.getByText("Your files").click();
    await expectNoBarriers(desk, "desk-sounds");
  }, 120_000);
});

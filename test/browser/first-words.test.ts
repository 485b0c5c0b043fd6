import { afterAll, describe, expect, test } from "bun:test";
import {
  type AudioProbe,
  hasChromium,
  installAudioProbe,
  launch,
  type Page,
  readAudioProbe,
  type ScheduledBuffer,
} from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";

/** Seconds of sound that were scheduled. */
const scheduledSeconds = (scheduled: readonly ScheduledBuffer[]): number =>
  scheduled.reduce((sum, { frames, sampleRate }) => sum + frames / sampleRate, 0);

/** Where a buffer does not begin with the frame after the last one's end: frames between them. */
function seams(scheduled: readonly ScheduledBuffer[]): number[] {
  const gaps = scheduled.slice(1).map((buffer, index) => {
    const before = scheduled[index];
    if (!before) throw new Error("a buffer has one before it");
    return (buffer.when - before.when) * buffer.sampleRate - before.frames;
  });
  return gaps.filter((frames) => Math.abs(frames) >= 1);
}

/** Blocks in which something was to be heard, at 1,024 frames each. */
const loudBlocks = ({ levels }: AudioProbe): number => levels.filter((level) => level > 0.005).length;

const server = await startServer();

describe.skipIf(!hasChromium)("first words", () => {
  const players: Record<string, Page> = {};
  let dm: Page;
  let close: (() => Promise<void>) | undefined;
  const problems: string[] = [];
  afterAll(() => close?.());

  const open = async (browser: Awaited<ReturnType<typeof launch>>, path: string): Promise<Page> => {
    const page = await browser.context.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.addInitScript(installAudioProbe);
    await page.goto(`${server.url.replace("127.0.0.1", "party.test")}${path}`);
    return page;
  };

  test("two players and the DM open their pages outside a secure context", async () => {
    const browser = await launch();
    close = browser.close;
    for (const player of ["thorin", "elara"]) {
      const page = await open(browser, `/play?sync=off&token=${await server.party.tokens.issue(player)}`);
      await page.getByRole("button", { name: /listen/i }).click();
      players[player] = page;
    }
    dm = await open(browser, `/dm?token=${server.dmToken}`);
    await dm.getByText("2 of 2 here").waitFor();
    const secure = await dm.evaluate(() => [isSecureContext, "audioWorklet" in AudioContext.prototype]);
    expect(secure).toEqual([false, false]);
  }, 60_000);

  const text = "The dragon wakes. Its eyes are burning coals, and the whole mountain holds its breath. Run!";

  test("a typed line is played by both, whole, and captioned", async () => {
    const seconds = await sayTyped(1);
    for (const [player, page] of Object.entries(players)) {
      const probe = await readAudioProbe(page);
      expect(probe.scheduled.length).toBeGreaterThanOrEqual(3);
      expect(Math.abs(scheduledSeconds(probe.scheduled) / seconds - 1)).toBeLessThan(0.03);
      // Where the machine is too busy to speak as fast as it is heard, sound runs dry; the page says each time.
      expect(seams(probe.scheduled).length).toBeLessThanOrEqual(underruns(player));
      const audible = (loudBlocks(probe) * 1024) / (probe.scheduled[0]?.sampleRate ?? 1);
      expect(audible / seconds).toBeGreaterThan(0.5);
      expect(audible / seconds).toBeLessThan(1.03);
      expect(await page.getByRole("log").textContent()).toContain("the whole mountain holds its breath");
    }
  }, 60_000);

  test("said again its sound is there at once, and it is played without a seam", async () => {
    const before = await Promise.all(
      Object.values(players).map(async (page) => (await readAudioProbe(page)).scheduled.length),
    );
    const seconds = await sayTyped(2);
    for (const [index, page] of Object.values(players).entries()) {
      const again = (await readAudioProbe(page)).scheduled.slice(before[index]);
      expect(Math.abs(scheduledSeconds(again) / seconds - 1)).toBeLessThan(0.03);
      expect(seams(again)).toEqual([]);
    }
  }, 60_000);

  test("a whisper reaches one page only", async () => {
    const before = { thorin: await heard("thorin"), elara: await heard("elara") };
    await dm.getByRole("button", { name: /^Elara/ }).click();
    await dm.getByRole("textbox", { name: "What is said" }).fill("Only you can see the key.");
    await dm.getByRole("button", { name: /Whisper to Elara/ }).click();
    await players.elara?.getByText("Only you can see the key.").waitFor();
    await until(() => server.party.streams.log.recent.length === 3);
    await Bun.sleep(500);
    expect((await heard("elara")).buffers).toBeGreaterThan(before.elara.buffers);
    expect(await heard("thorin")).toEqual(before.thorin);
    expect(await players.thorin?.content()).not.toContain("Only you can see the key");
  }, 60_000);

  test("no page had anything to complain about", () => {
    expect(problems).toEqual([]);
  });

  /** Types the line at the console. @returns its seconds, once both have heard it: it is the table's `count`th */
  const sayTyped = async (count: number): Promise<number> => {
    await dm.getByRole("textbox", { name: "What is said" }).fill(text);
    await dm.keyboard.press("Enter");
    await dm
      .getByText(text)
      .nth(count - 1)
      .waitFor();
    await until(() => server.party.streams.log.recent.length === count);
    const { report } = latest();
    expect(report).toMatchObject({ delivered: true, listeners: 2, sentences: 3 });
    return report.durationMs / 1000;
  };

  const latest = () => {
    const line = server.party.streams.log.recent[0];
    if (!line) throw new Error("nothing was said");
    return line;
  };

  /** How often the page says that its sound ran dry in the latest line. */
  const underruns = (player: string): number =>
    latest().report.players.find((each) => each.player === player)?.underruns ?? 0;

  const heard = async (player: string): Promise<{ buffers: number; captions: string }> => {
    const page = players[player];
    if (!page) throw new Error(`${player} has no page`);
    const captions = (await page.getByRole("log").textContent()) ?? "";
    return { buffers: (await readAudioProbe(page)).scheduled.length, captions };
  };
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { barriersIn } from "../support/axe.ts";
import { hasChromium, installAudioProbe, launch, type Page, readAudioProbe } from "../support/browser.ts";
import { startCutProxy } from "../support/cut-proxy.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

/** Waits for what only a page can say. */
async function eventually(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await Bun.sleep(50);
}

/** Some 2,000 characters, of one second to 80. */
const LONG = Array.from({ length: 50 }, (_, n) => `Word ${n} of a road that does not end at all.`).join(" ");

const server = await startServer({
  players: ["elara", "thorin"],
  engines: [new ToneEngine({ samplesPerChar: 100 })],
});

describe.skipIf(!hasChromium)("a phone of 390 by 844", () => {
  let browser: Awaited<ReturnType<typeof launch>>;
  let wire: Awaited<ReturnType<typeof startCutProxy>>;
  let page: Page;
  beforeAll(async () => {
    browser = await launch({ bypassCSP: true });
    wire = await startCutProxy(Number(new URL(server.url).port));
    page = await browser.context.newPage();
    await page.addInitScript(installAudioProbe);
    await page.addInitScript(installWordPlace);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`http://127.0.0.1:${wire.port}/play?token=${await server.party.tokens.issue("elara")}`);
    await page.getByText("At the table").waitFor();
  }, 60_000);
  afterAll(async () => {
    wire?.close();
    await browser?.close();
  });

  const say = (text: string, rest: object = {}) => server.party.speak({ text, to: "all", ...rest });
  const captions = async (): Promise<string[]> =>
    (await page.locator(".caption").allInnerTexts()).map((text) => text.replace(/\n+/g, "\n"));
  const settings = (): Promise<void> => page.getByRole("button", { name: "Settings" }).click();
  const done = (): Promise<void> => page.getByRole("button", { name: "Done" }).click();

  /** By day and by night, as wide as phones and desks are. */
  async function expectNoBarriers(): Promise<void> {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await barriersIn(page)).toEqual([]);
    }
    for (const [width, height] of [
      [320, 640],
      [844, 390],
      [1280, 800],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  }

  test("before the first tap nothing is in anybody's way", expectNoBarriers, 60_000);

  test("whoever speaks is named, whispers are marked, and both are there after the page is loaded again", async () => {
    await page.getByRole("button", { name: /listen/i }).click();
    await page.getByText("Listening").waitFor();
    await say("It is *late*.").done;
    await say("Sit down.", { speaker: "mother_harrow" }).done;
    await say("You have her eyes.", { speaker: "mother_harrow", to: ["elara"] }).done;
    const expected = [
      "Game master\nIt is late.",
      "Mother Harrow\nSit down.",
      "Mother Harrow whispers to you\nYou have her eyes.",
    ];
    await eventually(async () => (await captions()).length === 3);
    expect(await captions()).toEqual(expected);
    expect(await page.evaluate(() => navigator.mediaSession.metadata?.artist)).toBe("Elara");
    await expectNoBarriers();
    await page.reload();
    await page.locator(".caption").nth(2).waitFor();
    expect(await captions()).toEqual(expected);
    await page.getByRole("button", { name: /listen/i }).click();
    await page.getByText("Listening").waitFor();
  }, 60_000);

  test("what is said while the page is loaded again is in its captions, whispers included, and once", async () => {
    const before = await captions();
    // As slow as it may be: left, and loaded again from the tab's history.
    await page.goto("about:blank");
    await until(() => server.party.connections.connectionCount("elara") === 0);
    const witness = await server.join("thorin");
    await say("Nobody reads this yet.").done;
    say("Nor this.", { to: ["elara"] });
    await say("Not for her.", { to: ["thorin"] }).done;
    await page.goBack();
    await page
      .locator(".caption")
      .nth(before.length + 1)
      .waitFor();
    expect(await captions()).toEqual([
      ...before,
      "Game master\nNobody reads this yet.",
      "Game master whispers to you\nNor this.",
    ]);
    witness.socket.close();
    await page.getByRole("button", { name: /listen/i }).click();
    await page.getByText("Listening").waitFor();
  }, 60_000);

  test("in a line of 2,000 characters the lit word stays where eyes are; who scrolls back stays there", async () => {
    const line = say(LONG);
    await page.waitForFunction(() => Number(wordPlace()?.index) > 250, undefined, { polling: 100 });
    const places: number[] = [];
    for (let n = 0; n < 8; n++) {
      await page.waitForTimeout(250);
      places.push((await page.evaluate(() => wordPlace()?.share)) ?? -1);
    }
    // A line of text above or below, while it moves.
    for (const share of places) expect(Math.abs(share - 0.45)).toBeLessThan(0.12);
    const box = page.getByRole("log");
    await box.hover();
    await page.mouse.wheel(0, -2_000);
    await page.getByRole("button", { name: /Go on from now/ }).waitFor();
    const top = await box.evaluate(({ scrollTop }) => scrollTop);
    line.cancel();
    say("And then?");
    await page.getByRole("button", { name: /New line below/ }).waitFor();
    expect(await box.evaluate(({ scrollTop }) => scrollTop)).toBe(top);
    await page.getByText("stopped here").waitFor();
    await page.getByRole("button", { name: /New line below/ }).click();
    await eventually(() => box.evaluate((e) => e.scrollTop >= e.scrollHeight - e.clientHeight - 2));
  }, 60_000);

  test("the last line is heard again, on this device alone", async () => {
    const report = await say("Once more, and then never again.").done;
    await page.locator("main:not(.is-speaking)").waitFor();
    const before = (await readAudioProbe(page)).scheduled.length;
    await settings();
    await expectNoBarriers();
    await page.getByRole("button", { name: "Replay the last line" }).click();
    await eventually(async () => {
      const again = (await readAudioProbe(page)).scheduled.slice(before);
      const seconds = again.reduce((sum, { frames, sampleRate }) => sum + frames / sampleRate, 0);
      return seconds > (0.95 * report.durationMs) / 1000;
    });
    expect(server.party.streams.log.recent[0]?.text).toBe("Once more, and then never again.");
  }, 60_000);

  test("a player raises a hand, which the game master lowers, and writes to the game master alone", async () => {
    const { answers } = server.party;
    await page.getByRole("button", { name: "Raise hand" }).click();
    await page.getByText("Your hand is up.").waitFor();
    expect(answers.isRaised("elara")).toBe(true);
    answers.lower("elara");
    await page.getByRole("button", { name: "Raise hand" }).waitFor();
    await page.getByRole("button", { name: "Answer…" }).click();
    await page.getByLabel("What you do or say").fill("I palm the bell rope.");
    await expectNoBarriers();
    await page.getByRole("button", { name: "Send to the game master" }).click();
    await page.getByText("You, to the game master alone").waitFor();
    expect(answers.recent[0]).toMatchObject({ text: "I palm the bell rope.", private: true });
    await page.getByRole("button", { name: "Again", exact: true }).click();
    await page.getByText("Asked to hear it again.").waitFor();
    expect(answers.recent[0]).toMatchObject({ kind: "again", player: "elara" });
  }, 60_000);

  test("size and light are as they were chosen, also the next time", async () => {
    const look = () =>
      page.evaluate(() => {
        const text = document.querySelector(".caption-text");
        return [
          getComputedStyle(document.documentElement).backgroundColor,
          text && getComputedStyle(text).fontSize,
        ];
      });
    await page.emulateMedia({ colorScheme: "dark" });
    const before = await look();
    await settings();
    await page.getByRole("radio", { name: "By day" }).check();
    await page.getByRole("radio", { name: "Huge" }).check();
    await expectNoBarriers();
    await done();
    const after = await look();
    expect(after[0]).not.toBe(before[0] as string);
    expect(Number.parseFloat(after[1] ?? "")).toBeGreaterThan(1.5 * Number.parseFloat(before[1] ?? ""));
    await page.reload();
    await page.locator(".caption").first().waitFor();
    expect(await look()).toEqual(after);
  }, 60_000);

  test("a network that dies without a word is noticed within seconds, and what was missed is told", async () => {
    await page.getByRole("button", { name: /listen/i }).click();
    await page.getByText("Listening").waitFor();
    const since = performance.now();
    wire.goSilent();
    await page.getByText(/No word from the table for \d+ seconds/).waitFor();
    // Its own timers, and those of a machine that is busy with other things.
    expect(performance.now() - since).toBeLessThan(20_000);
    expect(await barriersIn(page)).toEqual([]);
    say("The bell rings.");
    say("And stops.");
    await until(() => server.party.streams.utterances.length === 0);
    wire.comeBack();
    await page.getByText("You are back. You missed 2 lines.").waitFor();
    await page.getByText("While you were away").waitFor();
    expect(await captions()).toContain("Game master\nAnd stops.");
    await expectNoBarriers();
    await page.getByRole("button", { name: "Go on from now" }).click();
    await page.getByText("You missed").waitFor({ state: "detached" });
  }, 90_000);

  test("it can be put on a home screen, where it opens with its player's link, and no token is kept by its worker", async () => {
    const manifest = await page.evaluate(async () => {
      const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
      return (await fetch(link?.href ?? "")).json();
    });
    expect(manifest.start_url).toMatch(/^play\?token=./);
    for (const { src, sizes } of manifest.icons) {
      const size = await page.evaluate(async (url) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        return `${image.width}x${image.height}`;
      }, src);
      expect(size).toBe(sizes);
    }
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await page.locator(".caption").first().waitFor();
    const kept = () =>
      page.evaluate(async () => (await (await caches.open("bardcast.page")).keys()).map(({ url }) => url));
    await eventually(async () => (await kept()).some((url) => url.endsWith("/play")));
    expect((await kept()).filter((url) => !/\/play$|\/assets\/[^?]+$/.test(url))).toEqual([]);
    wire.close();
    await page.reload();
    await page.getByText("No word from the table").waitFor();
  }, 60_000);
});

declare global {
  /** The lit word: where it stands in its line, and in the height of the captions. */
  function wordPlace(): { index: number; share: number } | undefined;
}

function installWordPlace(): void {
  window.wordPlace = () => {
    const [range] = CSS.highlights.get("spoken") ?? [];
    const box = document.querySelector(".captions-box")?.getBoundingClientRect();
    if (!(range instanceof Range) || !box) return undefined;
    const { top, height } = range.getBoundingClientRect();
    const before = new Range();
    before.setStart(range.startContainer.parentElement as Element, 0);
    before.setEnd(range.startContainer, range.startOffset);
    return { index: before.toString().length, share: (top + height / 2 - box.top) / box.height };
  };
}

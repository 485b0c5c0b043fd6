import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { hasChromium, installAudioProbe, launch, type Page, readAudioProbe } from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

/** Some 15 s in sentences of one. */
const STORY = Array.from({ length: 15 }, (_, n) => `Sentence number ${n} ${"of the tale ".repeat(7)}.`).join(
  " ",
);
/** One of 8 s. */
const SPEECH = "and on ".repeat(110).trim();

const server = await startServer({ players: ["thorin", "elara", "pip"], engines: [new ToneEngine()] });

describe.skipIf(!hasChromium)("in the middle of a line", () => {
  const endings: (() => unknown)[] = [];
  afterAll(async () => {
    for (const end of endings.reverse()) await end();
  });

  async function sit(player: string, query: string): Promise<Page> {
    const browser = await launch();
    endings.push(browser.close);
    const page = await browser.context.newPage();
    await page.addInitScript(installAudioProbe);
    await page.goto(`${server.url}/play?token=${await server.party.tokens.issue(player)}${query}`);
    await listen(page);
    return page;
  }

  test.each([
    ["thorin", ""],
    ["elara", "&sync=off"],
  ])(
    "a page of %s%s that is loaded anew hears the rest, and reads all of it",
    async (player, query) => {
      const page = await sit(player, query);
      const line = server.party.speak({ text: STORY, to: [player] });
      await until(() => heardMs(line.id) > 2_000);
      await page.reload();
      await listen(page);
      const report = await line.done;
      const [own] = report.players;
      expect(await page.getByRole("log").textContent()).toContain("Sentence number 0");
      // What was missed is what was said while the page was being loaded, and a sentence.
      expect(own?.heardMs).toBeGreaterThan(report.durationMs / 2);
      expect(own?.heardMs).toBeLessThanOrEqual(report.durationMs + 400);
      const { levels } = await readAudioProbe(page);
      expect(levels.filter((level) => level > 0.01).length).toBeGreaterThan(20);
      await page.close();
    },
    90_000,
  );

  test("a browser that stops is told as such, in the report and in the console", async () => {
    await sit("pip", "");
    const line = server.party.speak({ text: SPEECH, to: ["pip"] });
    await until(() => heardMs(line.id) > 1_500);
    const stopped = descendants(process.pid);
    for (const pid of stopped) process.kill(pid, "SIGSTOP");
    const { players, durationMs, delivered } = await line.done;
    for (const pid of stopped) process.kill(pid, "SIGCONT");
    expect(delivered).toBe(true);
    expect(players).toMatchObject([{ player: "pip", complete: false, reason: "silent" }]);
    expect(players[0]?.heardMs).toBeWithin(1_500, durationMs - 1_000);
    const browser = await launch();
    endings.push(browser.close);
    const console = await browser.context.newPage();
    await console.goto(`${server.url}/dm?token=${server.dmToken}`);
    await console.getByText(/Pip slept after \d+ of \d+ seconds/).waitFor();
  }, 90_000);
});

async function listen(page: Page): Promise<void> {
  await page.getByRole("button", { name: /listen/i }).click();
  await page.getByText("Listening").waitFor();
}

/** How much of a line its only listener says to have heard. */
function heardMs(utterance: string): number {
  const line = server.party.streams.utterances.find(({ id }) => id === utterance);
  return Math.max(0, ...(line?.subscriptions.map(({ playback }) => playback.heardMs) ?? []));
}

/** Processes that a process has started, and those that they have, as Linux knows them. */
function descendants(pid: number): number[] {
  try {
    const own = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .split(" ")
      .filter(Boolean)
      .map(Number);
    return own.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

import { afterAll, describe, expect, test } from "bun:test";
import { hasChromium, type Page } from "../support/browser.ts";
import { findMark, MARK_EVERY_MS, MARKER_RATE } from "../support/step/markers.ts";
import { StepTable } from "../support/step/step-table.ts";
import { placeAt, type TapRecord } from "../support/step/tap.ts";

const SECONDS = 2;
const WARM_MS = 4_000;
/** Of so many lines one has to be heard whole; with a start that comes too soon none is. */
const LINES = 4;

/** The line begins with a mark: it is looked for within so many ms of the first sound. */
const FIRST_REACH_MS = 10;
/** Chromium's pretended device skips 10 ms now and then, which moves the marks after it. */
const LATER_REACH_MS = 60;

/** Whether a line's first sound is its first mark, and all other marks follow. */
function isWhole(record: TapRecord, saidAt: number): boolean {
  const from = placeAt(record, saidAt);
  const first = record.sound.findIndex((sample, at) => at > from && Math.abs(sample) > 0.01);
  const hasMark = (mark: number, reachMs: number): boolean => {
    const near = first + (mark * MARK_EVERY_MS * MARKER_RATE) / 1000;
    return findMark(record.sound, near, (reachMs * MARKER_RATE) / 1000) !== undefined;
  };
  const later = Array.from({ length: SECONDS * 4 - 1 }, (_, index) => index + 1);
  return hasMark(0, FIRST_REACH_MS) && later.every((mark) => hasMark(mark, LATER_REACH_MS));
}

async function isHeardWhole(table: StepTable): Promise<boolean> {
  const line = await table.say(SECONDS);
  const heard = await table.heard(line, SECONDS);
  return heard.every(({ record }) => isWhole(record, line.saidAt));
}

async function trim(page: Page, ms: number): Promise<void> {
  await withSettings(page, () => page.locator(".trim input").fill(String(ms)));
}

async function withSettings(page: Page, work: () => Promise<void>): Promise<void> {
  await page.getByRole("button", { name: "Settings" }).click();
  await page.locator("details.in-step").evaluate((details) => details.setAttribute("open", ""));
  await work();
  await page.getByRole("button", { name: "Done" }).click();
}

describe.skipIf(!hasChromium)("a page with its slider moved", () => {
  let table: StepTable | undefined;
  afterAll(async () => await table?.close());

  test.each([-185, 500, 0])(
    "by %d ms hears every line from its first sample on",
    async (ms) => {
      if (!table) {
        table = await StepTable.open([{ path: "worklet" }, { path: "blocks" }]);
        await Bun.sleep(WARM_MS);
        await table.say(1);
      }
      for (const page of table.pages) await trim(page, ms);
      // What a slider asks for is told at once; the clock's next probe may be a second away.
      await Bun.sleep(200);
      // On a machine that is busy with other things a line may come late for other reasons.
      let whole = false;
      for (let line = 0; line < LINES && !whole; line++) whole = await isHeardWhole(table);
      expect(whole).toBe(true);
    },
    60_000,
  );

  test("clicks are heard", async () => {
    const [page] = table?.pages ?? [];
    const since = performance.timeOrigin + performance.now();
    if (page) await withSettings(page, () => page.getByRole("button", { name: "click" }).click());
    await Bun.sleep(2_500);
    const line = await table?.say(1);
    const [heard] = (line && (await table?.heard(line, 1))) ?? [];
    const places = [since, line?.saidAt ?? since].map((at) => (heard ? placeAt(heard.record, at) : 0));
    const loud = heard?.record.sound.subarray(...places).filter((sample) => Math.abs(sample) > 0.1);
    expect(loud?.length).toBeGreaterThan(20);
  }, 60_000);
});

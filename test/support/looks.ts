import { expect } from "bun:test";
import { mkdirSync } from "node:fs";
import { barriersIn } from "./axe.ts";
import type { Page } from "./browser.ts";

/** The narrowest and the widest that a page is made for. */
const EXTREMES = [
  { width: 320, height: 640 },
  { width: 1280, height: 800 },
] as const;
const LIGHTS = [
  { colorScheme: "light", forcedColors: "none" },
  { colorScheme: "dark", forcedColors: "none" },
  { colorScheme: "dark", forcedColors: "active" },
] as const;
/** Where pictures go, if anybody wants them. */
const PICTURES = process.env.BARDCAST_PICTURES;
const FRAMES = [{ width: 390, height: 844 }, EXTREMES[1]] as const;

/**
 * A page as it is now keeps nobody from using it: at both extremes of width, by day, by night and in colours of the
 * reader's own; nothing sticks out at the side. With `BARDCAST_PICTURES=folder` it is photographed as `name`, too.
 */
export async function expectNoBarriers(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  for (const { width, height } of EXTREMES) {
    await page.setViewportSize({ width, height });
    for (const light of LIGHTS) {
      await page.emulateMedia(light);
      const found = await barriersIn(page);
      expect({ name, width, ...light, found }).toEqual({ name, width, ...light, found: [] });
    }
    expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, width]);
  }
  if (PICTURES) await photograph(page, `${PICTURES}/${name}`);
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
  if (size) await page.setViewportSize(size);
}

async function photograph(page: Page, path: string): Promise<void> {
  mkdirSync(PICTURES ?? "", { recursive: true });
  for (const frame of FRAMES) {
    await page.setViewportSize(frame);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, forcedColors: "none" });
      await page.screenshot({ path: `${path}-${frame.width}-${colorScheme}.png` });
    }
  }
}

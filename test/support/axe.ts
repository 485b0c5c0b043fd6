import { fileURLToPath } from "node:url";
import type { Page } from "./browser.ts";

const AXE = fileURLToPath(import.meta.resolve("axe-core/axe.min.js"));

/** What keeps people from using a page as it is now: rules that are broken, and where. */
export async function barriersIn(page: Page): Promise<string[]> {
  // Not as a script of the page: its security policy would not have one.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(await Bun.file(AXE).text());
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(): Promise<{
          violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[];
        }>;
      };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
  });
}

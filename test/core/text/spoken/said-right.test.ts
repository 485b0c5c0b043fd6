import { expect, test } from "bun:test";
import { sections, tableOf, writtenSounds, writtenTable } from "../../../../scripts/said-right.ts";

test("docs/said-right.md has what is said today; bun scripts/said-right.ts writes it anew", async () => {
  const all = await sections();
  expect(all.flatMap(({ rows }) => rows).length).toBeGreaterThanOrEqual(300);
  expect(tableOf(all, await writtenSounds())).toBe(await writtenTable());
});

test("each line of the table has the sounds that eSpeak makes of it", async () => {
  const soundsOf = await writtenSounds();
  const silent = (await sections())
    .flatMap(({ rows }) => rows)
    .filter((row) => !/^`.+`$/.test(soundsOf(row)));
  expect(silent).toEqual([]);
});

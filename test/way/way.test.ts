import { expect, test } from "bun:test";
import { mustRun, ROOT } from "../support/run.ts";

/** What somebody can still follow. */
const MAX_FILES = 38;

/** The files of way A, in the order in which the map of the house names them. */
async function wayA(): Promise<string[]> {
  const text = await Bun.file(`${ROOT}/docs/architecture.md`).text();
  const way = /^## Way A:[\s\S]*?(?=^## |^\|)/m.exec(text)?.[0] ?? "";
  return [...way.matchAll(/`(src\/[\w./-]+)`/g)].map(([, file = ""]) => file);
}

/** The first that is not entered behind all those before it. */
function lostAt(way: readonly string[], entered: readonly string[]): string | undefined {
  let at = 0;
  return way.find((file) => {
    at = entered.indexOf(file, at) + 1;
    return at === 0;
  });
}

test("way A is followed by a line from its text to the socket, file by file", async () => {
  const way = await wayA();
  expect(new Set(way).size).toBe(way.length);
  expect(way.length).toBeLessThanOrEqual(MAX_FILES);
  const program = [process.execPath, "--preload", "./test/way/trace.ts", "test/way/one-line.ts"];
  const entered = JSON.parse(await mustRun(program)) as string[];
  expect(lostAt(way, entered)).toBeUndefined();
  expect(lostAt([...way].reverse(), entered)).toBeDefined();
  expect(lostAt([...way, "src/cli/main.ts"], entered)).toBe("src/cli/main.ts");
}, 30_000);

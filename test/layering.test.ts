import { expect, test } from "bun:test";
import { dirname, join, normalize } from "node:path";
import { Glob } from "bun";

/** Rooms from the ground up: a room imports from those before it, and from itself. */
const ROOMS = ["core", "voices", "engines", "pool", "party", "server", "cli"];
/** Rooms beside the tower, and all they may see. */
const BESIDE: Record<string, readonly string[]> = {
  client: ["core", "client"],
  web: ["core", "client", "web"],
};
/** Files that stay on Web standards, by the beginning of their path. */
const NEUTRAL = [
  "src/core/",
  "src/voices/",
  "src/engines/",
  "src/pool/",
  "src/party/",
  "src/client/",
  "src/index.ts",
];

interface Import {
  file: string;
  target: string;
}

async function sources(): Promise<string[]> {
  const files = await Array.fromAsync(new Glob("{src,workers}/**/*.{ts,tsx}").scan("."));
  return files.sort();
}

async function importsOf(file: string): Promise<Import[]> {
  const text = await Bun.file(file).text();
  const specifiers = [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)"([^"]+)"/g)];
  return specifiers.map(([, target = ""]) => ({
    file,
    target: target.startsWith(".") ? normalize(join(dirname(file), target)) : target,
  }));
}

function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

function isAllowed({ file, target }: Import): boolean {
  if (!target.startsWith("src/") && !target.startsWith("workers/")) return true;
  const from = roomOf(file);
  const to = roomOf(target);
  if (target.startsWith("workers/")) return false;
  if (from === undefined) return file.startsWith("workers/") || to !== "cli";
  if (to === undefined) return false;
  if (from in BESIDE) return BESIDE[from]?.includes(to) ?? false;
  return ROOMS.includes(to) && ROOMS.indexOf(to) <= ROOMS.indexOf(from);
}

test("imports point one way", async () => {
  const imports = (await Promise.all((await sources()).map(importsOf))).flat();
  expect(imports.length).toBeGreaterThan(100);
  expect(imports.filter((each) => !isAllowed(each))).toEqual([]);
});

test("an arrow that turns is noticed", () => {
  expect(isAllowed({ file: "src/core/wav.ts", target: "src/party/party.ts" })).toBe(false);
  expect(isAllowed({ file: "src/client/player.ts", target: "src/party/party.ts" })).toBe(false);
  expect(isAllowed({ file: "src/pool/spawn.ts", target: "workers/speech.ts" })).toBe(false);
  expect(isAllowed({ file: "src/party/party.ts", target: "src/core/wav.ts" })).toBe(true);
});

test("what runs everywhere names no runtime", async () => {
  const found: string[] = [];
  for (const file of await sources()) {
    if (!NEUTRAL.some((prefix) => file.startsWith(prefix))) continue;
    const text = await Bun.file(file).text();
    for (const [name] of text.matchAll(/["']node:|\bBun\.\w|\bDeno\.\w|from "bun/g))
      found.push(`${file}: ${name}`);
  }
  expect(found).toEqual([]);
});

test("no file grows beyond what one sitting can read", async () => {
  const long: string[] = [];
  for (const file of await sources()) {
    const lines = (await Bun.file(file).text()).split("\n").length;
    if (lines > 300) long.push(`${file}: ${lines}`);
  }
  expect(long).toEqual([]);
});

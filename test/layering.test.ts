import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { Glob } from "bun";

/** Rooms from the ground up: a room imports from those before it, and from itself. */
const ROOMS = ["core", "voices", "engines", "pool", "party", "nats", "server", "cli"];
/** Rooms beside the tower, and all they may see. */
const BESIDE: Record<string, readonly string[]> = {
  client: ["core", "client"],
  element: ["core", "client", "element"],
  web: ["core", "client", "element", "web"],
};
/** Files that stay on Web standards, by the beginning of their path. */
const NEUTRAL = [
  "src/core/",
  "src/voices/",
  "src/engines/",
  "src/pool/",
  "src/party/",
  "src/client/",
  "src/element/",
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

test("nothing of NATS is loaded but where the command line, or a program, asks for it", async () => {
  const loaded: string[] = [];
  const named: string[] = [];
  for (const file of await sources()) {
    if (file.startsWith("src/nats/")) continue;
    const text = await Bun.file(file).text();
    for (const [line] of text.matchAll(/^(?:import|export) (?!type )[^;]*from "[^"]*\/nats\/[^"]*";/gm))
      loaded.push(`${file}: ${line}`);
    if (/(?:from|import\() ?"@nats-io\//.test(text)) named.push(file);
  }
  // Of the command line `cli/nodes`, which is loaded where `--nats` was given.
  expect(loaded.filter((line) => !line.startsWith("src/cli/nodes/"))).toEqual([]);
  expect(named).toEqual([]);
});

test("an arrow that turns is noticed", () => {
  expect(isAllowed({ file: "src/core/dsp/wav.ts", target: "src/party/party.ts" })).toBe(false);
  expect(isAllowed({ file: "src/client/player.ts", target: "src/party/party.ts" })).toBe(false);
  expect(isAllowed({ file: "src/pool/spawn.ts", target: "workers/speech.ts" })).toBe(false);
  expect(isAllowed({ file: "src/party/party.ts", target: "src/core/dsp/wav.ts" })).toBe(true);
});

/**
 * Rooms within a room, in the data's way: a file imports from its own folder and from those before it. Files that lie
 * beside the folders come last; in `core` they come first.
 */
const WITHIN: Record<string, readonly string[]> = {
  core: [
    ".",
    "async",
    "dsp",
    "dsp/effects",
    "clock",
    "text/sentences",
    "text/markdown",
    "text",
    "text/spoken",
    "protocol",
  ],
  engines: [
    "contract",
    "render",
    "espeak",
    "flite",
    "sherpa",
    "services/net",
    "services/audio",
    "services",
    "routing",
    ".",
    "cache",
  ],
  party: [
    "telemetry",
    "transport",
    "tuning",
    "access",
    "sounds",
    "storage",
    "request",
    "fan-out",
    "speaking",
    "cluster",
    ".",
    "parties",
  ],
  client: ["session", "session/dm20", "output", "playout", ".", "worker"],
  server: [
    "network",
    "telemetry",
    "http",
    "mcp",
    "openai/sound",
    "openai",
    "openapi",
    "wyoming",
    "log",
    "sockets",
    "parties",
    ".",
  ],
};
/** One room in several folders. */
const ONE: Record<string, string> = {
  "output/in-step": "output",
  "text/speakers": "text",
  "text/model": "text",
  "text/spoken/english": "text/spoken",
  "text/spoken/languages": "text/spoken",
  "text/spoken/respelling": "text/spoken",
  "speaking/restored": "speaking",
  "speaking/line": "speaking",
};

function isInOrder({ file, target }: Import): boolean {
  const room = roomOf(file);
  const order = room === undefined || room !== roomOf(target) ? undefined : WITHIN[room];
  if (!order) return true;
  const place = (path: string): number => {
    const folder = dirname(path).slice(`src/${room}/`.length) || ".";
    return order.indexOf(ONE[folder] ?? folder);
  };
  return place(target) >= 0 && place(file) >= place(target);
}

test("within a room, too, imports point one way", async () => {
  const imports = (await Promise.all((await sources()).map(importsOf))).flat();
  const isOurs = ({ target }: Import): boolean => target.startsWith("src/");
  expect(imports.filter(isOurs).filter((each) => !isInOrder(each))).toEqual([]);
  const turned = { file: "src/party/transport/outbox.ts", target: "src/party/fan-out/fan-out.ts" };
  expect(isInOrder(turned)).toBe(false);
});

test("no files import each other in a circle, also not for a type", async () => {
  const imports = new Map<string, string[]>();
  for (const file of await sources()) {
    imports.set(
      file,
      (await importsOf(file)).map(({ target }) => target),
    );
  }
  expect(circlesIn(imports)).toEqual([]);
  expect(circlesIn(new Map(Object.entries({ a: ["b"], b: ["c"], c: ["a"] })))).toEqual(["a → b → c → a"]);
});

/** The first circle that each way leads into. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file].join(" → "));
    if (at >= 0 || done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}

/** Files in a folder that one person keeps in mind. */
const MAX_FILES = 22;

test("a folder holds what one person keeps in mind, and says what it is", async () => {
  const folders = new Map<string, number>();
  for (const file of await sources()) {
    folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
  }
  expect([...folders].filter(([, files]) => files > MAX_FILES)).toEqual([]);
  const rooms = [...folders.keys()].filter((folder) => folder !== "src" && folder !== "workers");
  const silent: string[] = [];
  for (const room of rooms) if (!(await Bun.file(`${room}/README.md`).exists())) silent.push(room);
  expect(silent).toEqual([]);
});

test("every file that the map of the house names is there", async () => {
  const text = await Bun.file("docs/architecture.md").text();
  const named = [...text.matchAll(/`((?:src|workers|test)\/[\w./-]+)`/g)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(50);
  const missing: string[] = [];
  for (const path of named) {
    const isThere = path.endsWith("/") ? existsSync(path) : await Bun.file(path).exists();
    if (!isThere) missing.push(path);
  }
  expect(missing).toEqual([]);
});

test("every file that a folder's README names is there", async () => {
  const pages = (await Array.fromAsync(new Glob("src/**/README.md").scan())).sort();
  expect(pages.length).toBeGreaterThan(50);
  const missing: string[] = [];
  for (const page of pages) {
    const named = (await Bun.file(page).text()).matchAll(/`([\w./-]+\.tsx?)`/g);
    for (const [, name = ""] of named) {
      const places = [`${dirname(page)}/${name}`, `src/${name}`, name];
      if (!places.some((path) => existsSync(path))) missing.push(`${page}: ${name}`);
    }
  }
  expect(missing).toEqual([]);
});

/** Where JSON is made that is no message of a wire of ours: somebody's own object, a file, or what the API is asked. */
const OTHER_JSON = [
  "src/party/transport/connection-manager.ts",
  "src/party/storage/",
  "src/server/openai/speech-body.ts",
  "src/server/mcp/table-api.ts",
];

test("the wires are written by their writers, in no other place as loose JSON", async () => {
  const loose: string[] = [];
  for (const file of await sources()) {
    const isOurs = /^src\/(party|server)\//.test(file) && !OTHER_JSON.some((path) => file.startsWith(path));
    if (isOurs && (await Bun.file(file).text()).includes("JSON.stringify(")) loose.push(file);
  }
  expect(loose).toEqual([]);
});

test("the server has one way into the party", async () => {
  const around: string[] = [];
  for (const file of await sources()) {
    if (file.startsWith("src/server/") && /\.streams\b/.test(await Bun.file(file).text())) around.push(file);
  }
  expect(around).toEqual([]);
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

test("no file holds a merge that was not finished", async () => {
  const folders = ["bench", "docs", "examples", "scripts", "src", "test", "workers"];
  const globs = ["*.*", ...folders.map((folder) => `${folder}/**/*.{ts,tsx,js,md,css,html,json,yaml}`)];
  const files = (await Promise.all(globs.map((glob) => Array.fromAsync(new Glob(glob).scan("."))))).flat();
  expect(files.length).toBeGreaterThan(1_000);
  const unfinished: string[] = [];
  for (const file of files) if (/^(?:<{7}|>{7}) /m.test(await Bun.file(file).text())) unfinished.push(file);
  expect(unfinished).toEqual([]);
});

import { expect, test } from "bun:test";
import { cp, mkdir, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { hasChromium, launch } from "../support/browser.ts";
import { packed } from "../support/package.ts";
import { mustRun, ROOT, tool } from "../support/run.ts";
import { serveFolder } from "../support/serve-folder.ts";
import { Dm20Client, startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { Example } from "./example.ts";

const DOCS = ["README.md", "docs/in-your-program.md", "docs/voices.md", "docs/deploying.md"];
/** The programs of the README and the pages it leads to, without their indentation. */
const PROSE = (await Promise.all(DOCS.map((path) => Bun.file(`${ROOT}/${path}`).text()))).join("\n");
const PROGRAMS = [...PROSE.matchAll(/^( *)```ts\n([\s\S]*?)^ *```$/gm)].map(([, indent = "", code = ""]) =>
  code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
);
const folder = `${(await packed()).consumer}/readme`;
await mkdir(folder, { recursive: true });

/** The program that has these words in it. */
function program(words: string): string {
  const found = PROGRAMS.filter((code) => code.includes(words));
  expect(found, words).toHaveLength(1);
  return found[0] as string;
}

/** Runs a program, on a port that is free. */
async function start(name: string, code: string, env: Record<string, string> = {}): Promise<Example> {
  await writeFile(`${folder}/${name}.ts`, code.replace("port: 8080", 'port: 0, host: "127.0.0.1"'));
  return Example.start([process.execPath, `${folder}/${name}.ts`], env);
}

test("the table in one's own program waits for its players, and prints what it says that it prints", async () => {
  const example = await start("table", program("async function* model()"));
  const [console] = [await example.found(/^(http\S+\/dm\?\S+)$/m)];
  expect((await fetch(console)).status).toBe(200);
  await example.found(/^http\S+\/play\?\S+\n(http\S+\/play\?\S+)$/m);
  const links = [...example.printed.matchAll(/^http\S+\/play\?\S+$/gm)].map(([link]) => link);
  const clients = links.map((link) => new Dm20Client(link.replace("/play?", "/ws?")));
  await example.found(/^(true\ntrue\ntrue)$/m);
  await example.found(/delivered: (true)[\s\S]*delivered: true/);
  expect(example.printed.match(/^(true|false)$/gm)).toEqual(["true", "true", "true"]);
  expect(example.printed.match(/sentences: 2/g)).toHaveLength(2);
  const texts = clients.map(({ messages }) =>
    messages.flatMap(({ content }) => (content ? [String(content)] : [])),
  );
  expect(texts.map((own) => [own.includes("The dragon roars!"), own.includes("Psst.")])).toEqual([
    [true, false],
    [false, true],
  ]);
  for (const { socket } of clients) socket.close();
}, 60_000);

test("README's table prints a link, and whether who comes by it got what was said", async () => {
  const example = await start("first", program("onChange(async"));
  const link = await example.found(/^(http\S+\/play\?\S+)$/m);
  const thorin = new Dm20Client(link.replace("/play?", "/ws?"));
  await example.found(/^(true\ntrue)$/m);
  const texts = thorin.messages.flatMap(({ content }) => (content ? [String(content)] : []));
  expect(texts).toEqual(["Welcome, adventurers.", "The dragon roars!"]);
  thorin.socket.close();
}, 60_000);

test("connections and an engine of one's own print every message, and that all of it was sent", async () => {
  const example = await start("replaced", program("sendToPlayer"));
  await example.found(/^(true)$/m);
  expect(example.printed).toMatch(/^all \{[^}]*type: "narrative"[\s\S]*content: "Welcome\."/m);
}, 60_000);

test("a table in a server of one's own is where it was mounted", async () => {
  const port = await freePort();
  await start("mounted", program("bunSockets()"), { PORT: String(port) });
  const health = `http://127.0.0.1:${port}/voice/healthz`;
  while (!(await fetch(health).catch(() => undefined))?.ok) await Bun.sleep(50);
}, 60_000);

test("an engine of one's own speaks where it was named first", async () => {
  await writeFile(`${folder}/beep.ts`, program("// beep.ts"));
  const named = program('name: "beep", module').replace(
    "await serve({",
    'const { party } = await serve({ port: 0, players: ["thorin"],',
  );
  const listens = `
    const link = await party.tokens.issue("thorin");
    console.log("engines", (await party.router.getStatus()).map(({ name, available }) => name + " " + available).join());
    const { engine } = await party.router.synthesize("Beep.", party.registry.getVoiceConfig("dm"));
    console.log("spoken by", engine, link.length > 0);`;
  const example = await start("engine", `import { serve } from "bardcast/bun";\n${named}\n${listens}`);
  expect(await example.found(/^engines (.*)$/m)).toBe("beep true,espeak true");
  expect(await example.found(/^spoken by (.*)$/m)).toBe("beep true");
}, 60_000);

test.skipIf(!hasChromium)(
  "the page in step connects, sounds after a tap, and prints how well it keeps step",
  async () => {
    const server = await startServer();
    const link = `${server.url.replace("http", "ws")}/ws?token=${await server.party.tokens.issue("thorin")}`;
    const page = program("WorkerClient").replace("ws://192.168.1.7:8080/ws?token=…", link);
    const site = `${folder}/page`;
    await writeFile(`${folder}/page.ts`, page);
    await writeFile(`${folder}/listener.ts`, 'import "bardcast/workers/listener";\n');
    const build = [
      tool("esbuild"),
      "page.ts",
      "listener.ts",
      "--bundle",
      "--external:node:module",
      "--format=esm",
      `--outdir=${site}`,
    ];
    await mustRun(build, { cwd: folder });
    await cp(
      `${folder}/../node_modules/bardcast/dist/workers/player.worklet.js`,
      `${site}/player.worklet.js`,
    );
    await writeFile(`${site}/index.html`, '<!doctype html><script type="module" src="page.js"></script>');
    const files = serveFolder(site);
    const browser = await launch();
    try {
      const tab = await browser.context.newPage();
      const printed: string[] = [];
      tab.on("console", (message) => printed.push(message.text()));
      await tab.goto(`${files.url}index.html`);
      await until(() => server.party.connections.getConnectedPlayers().includes("thorin"));
      await tab.mouse.click(10, 10);
      const report = await server.party.speak({
        text: "The door creaks, and nobody is there. It creaks again.",
      }).done;
      expect(report.players).toEqual([expect.objectContaining({ player: "thorin", complete: true })]);
      expect(report.players[0]?.heardMs).toBeGreaterThan(report.durationMs / 2);
      await until(() => printed.some((line) => line.includes("skewMs")));
    } finally {
      await browser.close();
      await files.stop(true);
    }
  },
  120_000,
);

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

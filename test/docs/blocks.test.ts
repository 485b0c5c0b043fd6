import { expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { guestSchema, speakRequestSchema } from "../../src/core/protocol/messages.ts";
import { newPartySchema } from "../../src/core/protocol/parties.ts";
import { playBedSchema } from "../../src/core/protocol/sound-schemas.ts";
import { MarkupReader, shownText } from "../../src/core/text/markup.ts";
import { parseSpeechRequest } from "../../src/server/openai/speech-request.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";
import { packed } from "../support/package.ts";
import { docPages } from "../support/pages-of-docs.ts";
import { mustRun, tool } from "../support/run.ts";
import { readCommandLine } from "./command-lines.ts";
import { shellCommands } from "./shell-commands.ts";

interface Block {
  path: string;
  language: string;
  code: string;
}

const pages = [...(await docPages("README.md")), ...(await docPages("docs/*.md"))];
const blocks: Block[] = pages.flatMap(({ path, nodes }) =>
  nodes.flatMap((node) =>
    node.type === "code" ? [{ path, language: node.lang ?? "", code: node.value }] : [],
  ),
);

/** What is tried by hand, as docs/deploying.md tells: it wants a server that a test cannot install. */
const BY_HAND = ["nginx", "caddyfile", "ini"];
const DRAWINGS = ["docs/architecture.md", "docs/wires.md"];
/** Commands of others, as they stand in the documentation. */
const OF_OTHERS = [
  "npm install --omit=dev",
  "npm install bardcast",
  "npm install sherpa-onnx-node",
  "docker build -t bardcast .",
  "tail -f events.txt",
  "llm Describe the cave.",
];
/** What a program in the documentation may take for granted, where it is the rest of another one. */
const GRANTED = [
  ["createParty", 'import { createParty } from "bardcast";'],
  ["serve", 'import { serve } from "bardcast/bun";'],
] as const;

test("every block of the documentation is of a kind that is tried here, or by hand", () => {
  // What a transcript says is compared with what is said, in test/cli/mcp.test.ts; pages are opened in
  // test/element/embedding.test.ts and page.test.ts, components in react.test.ts there.
  const known = ["sh", "ts", "yaml", "xml", "json", "html", "jsx", "transcript", ...BY_HAND];
  const unknown = blocks.filter(({ path, language, code }) => {
    if (language !== "") return !known.includes(language);
    return !DRAWINGS.includes(path) && !code.includes("[pause");
  });
  expect(unknown).toEqual([]);
  expect(blocks.length).toBeGreaterThan(30);
});

for (const { path, code } of of("sh")) {
  test(`a shell and the command line understand, in ${path}: ${code.split("\n")[0]?.slice(0, 60)}`, async () => {
    const commands = await shellCommands(code);
    expect(commands.length).toBeGreaterThan(0);
    for (const words of commands) await understand(words);
  });
}

test("programs of the documentation are well typed", async () => {
  const folder = `${(await packed()).consumer}/blocks`;
  await mkdir(folder, { recursive: true });
  const files = of("ts").map(async ({ code }, index) => {
    const imports = GRANTED.filter(([name]) => code.includes(`${name}(`) && !code.includes(`{ ${name}`));
    const file = code.startsWith("// beep.ts") ? "beep.ts" : `block-${index}.ts`;
    await writeFile(
      `${folder}/${file}`,
      `${imports.map(([, line]) => line).join("\n")}\n${code}\nexport {};\n`,
    );
    return file;
  });
  const options =
    "--ignoreConfig --noEmit --strict --skipLibCheck --allowImportingTsExtensions --target es2023 --module nodenext";
  const lib = "--lib esnext,dom,dom.iterable,dom.asynciterable --types bun";
  await mustRun([tool("tsc"), ...`${options} ${lib}`.split(" "), ...(await Promise.all(files))], {
    cwd: folder,
    timeoutMs: 200_000,
  });
}, 250_000);

for (const { path, code } of of("yaml")) {
  test(`nothing is wrong with the voices in ${path}: ${code.split("\n")[0]}`, async () => {
    const complaints: string[] = [];
    const registry = await VoiceRegistry.open(memoryStore(code), { log: (line) => complaints.push(line) });
    expect([complaints, registry.problem]).toEqual([[], undefined]);
  });
}

test("what is to be written for a language model's program names commands that there are", async () => {
  const servers = of("json").map(({ code }) => JSON.parse(code).mcpServers.bardcast);
  expect(servers.length).toBeGreaterThan(0);
  for (const { command, args } of servers) await understand([command, ...args]);
});

test("tags in docs/markup.md are tags: nobody sees them", () => {
  const texts = [...of("xml"), ...of("").filter(({ code }) => code.includes("[pause"))];
  expect(texts).toHaveLength(3);
  for (const { code } of texts) {
    expect(shownText(code)).not.toMatch(/[[\]<>]/);
    const reader = new MarkupReader();
    expect([...reader.push(code), ...reader.flush()].some(({ type }) => type === "pause")).toBe(true);
  }
});

function of(language: string): Block[] {
  return blocks.filter((block) => block.language === language);
}

/** @throws Error where a command of the documentation is none */
async function understand([name = "", ...words]: string[]): Promise<void> {
  if (OF_OTHERS.includes([name, ...words].join(" "))) return;
  if (name === "bardcast") return readCommandLine(words);
  if (name === "npx" && words[0] === "bardcast") return readCommandLine(words.slice(1));
  if (name === "npm" && words[0] === "start") return readCommandLine(words.slice(2));
  if (name === "docker" && words[0] === "run")
    return readCommandLine(words.slice(words.indexOf("bardcast") + 1));
  if (name === "docker" && words[0] === "exec")
    return readCommandLine(words.slice(words.indexOf("node") + 2));
  if (name === "deno") return readCommandLine(words.slice(words.indexOf("node_modules/.bin/bardcast") + 1));
  if (name !== "curl") throw new Error(`no test knows: ${[name, ...words].join(" ")}`);
  const url = words.find((word) => word.startsWith("http://localhost:8080/")) ?? "";
  const body: unknown = JSON.parse(words[words.indexOf("-d") + 1] ?? "");
  if (url.endsWith("/v1/audio/speech")) parseSpeechRequest(body, "mp3");
  else if (url.endsWith("/api/parties")) newPartySchema.parse(body);
  else if (url.endsWith("/api/sounds/play")) playBedSchema.parse(body);
  else (url.endsWith("/api/guests") ? guestSchema : speakRequestSchema).parse(body);
}

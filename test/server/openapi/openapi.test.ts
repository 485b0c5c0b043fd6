import { expect, test } from "bun:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Hono } from "hono";
import { createApp } from "../../../src/server/app.ts";
import { bunSockets } from "../../../src/server/bun.ts";
import { createPartiesApi } from "../../../src/server/parties/parties-api.ts";
import { DOCUMENT, describedAt, wrongWith } from "../../support/described.ts";
import { ROOT } from "../../support/run.ts";
import { startServer } from "../../support/server.ts";
import { ToneEngine } from "../../support/tone-engine.ts";
import { openApiPage } from "./openapi-page.ts";

const validate = (document: object) => new Validator().validate(document as Record<string, unknown>);
const server = await startServer({ engines: [new ToneEngine()], cache: false });

test("the description is served to everybody, and is OpenAPI 3.1", async () => {
  const answer = await fetch(`${server.url}/api/openapi.json`);
  expect(answer.status).toBe(200);
  const document = await answer.json();
  expect(document.openapi).toBe("3.1.0");
  expect(await validate(document)).toMatchObject({ valid: true });
  expect(document.paths).toEqual(DOCUMENT.paths);
  // A validator that takes anything would do so here.
  expect(await validate({ ...document, paths: { "/x": { get: { responses: 7 } } } })).toMatchObject({
    valid: false,
  });
});

test("nobody who only serves a table loads it", async () => {
  const reached = new Set<string>();
  const follow = async (file: string): Promise<void> => {
    if (reached.has(file)) return;
    reached.add(file);
    const scanned = new Bun.Transpiler({ loader: "ts" }).scanImports(await Bun.file(file).text());
    const own = scanned.filter(({ kind, path }) => kind === "import-statement" && path.startsWith("."));
    for (const { path } of own)
      if (path.endsWith(".ts")) await follow(new URL(path, `file://${file}`).pathname);
  };
  await follow(`${ROOT}/src/server/app.ts`);
  expect(reached.size).toBeGreaterThan(50);
  expect([...reached].filter((file) => file.includes("/openapi/"))).toEqual([]);
});

test("docs/openapi.md is what the description says", async () => {
  const page = openApiPage();
  const path = `${ROOT}/docs/openapi.md`;
  if (process.env.WRITE_PAGE) await Bun.write(path, page);
  // WRITE_PAGE=1 bun test test/server/openapi writes it anew.
  expect(await Bun.file(path).text()).toBe(page);
});

test("every route of the server is in it, and nothing else", () => {
  const app = createApp(server.party, bunSockets());
  const operators = new Hono().route(
    "/api/parties",
    createPartiesApi(undefined as never, () => ""),
  );
  const routes = [...app.routes, ...operators.routes]
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  // One route for all that MCP does.
  const mcp = ["POST", "GET", "DELETE"].map((method) => `${method} /mcp`);
  const described = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
  );
  expect(app.routes.some(({ method, path }) => method === "ALL" && path === "/mcp")).toBe(true);
  expect(described.sort()).toEqual([...new Set([...routes, ...mcp])].sort());
});

test("every body that docs/http.md shows is as it describes", async () => {
  const text = await Bun.file(`${ROOT}/docs/http.md`).text();
  const shown = [
    ...text.matchAll(/`(POST|PUT|PATCH) (\/[\w/:]+)`\s+with(?:\s+a player's token and)?\s+`(\{[^`]*\})`/g),
  ];
  expect(shown.length).toBeGreaterThan(5);
  for (const [, method = "", path = "", body = ""] of shown) {
    const schema = describedAt(method, path.replace(/:\w+/g, "x"))?.requestBody?.content["application/json"]
      ?.schema;
    expect(schema, `${method} ${path}`).toBeDefined();
    // Where the page leaves something out, or says where something goes.
    if (/: "<|\.\.\.|"line"\}/.test(body) || !isJson(body)) continue;
    expect(wrongWith(schema ?? {}, JSON.parse(body)), `${method} ${path} ${body}`).toBeUndefined();
  }
  const speak = describedAt("POST", "/api/speak")?.requestBody?.content["application/json"]?.schema ?? {};
  for (const [, body = ""] of text.matchAll(/-d '(\{.*\})'/g))
    expect(wrongWith(speak, JSON.parse(body))).toBeUndefined();
  expect(wrongWith(speak, { text: "Run!", whom: "thorin" })).toBeString();
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("what the server answers is as it describes", async () => {
  const thorin = await server.join("thorin");
  const json = { "Content-Type": "application/json" };
  const send = (method: string, path: string, body: object = {}): Promise<Response> =>
    server.call(path, { method, headers: json, body: JSON.stringify(body) });
  // `call` looks at each answer.
  const asked = [
    await server.speak({ text: "Mara: Run!", cast: "from text", to: ["thorin"] }),
    await server.speak({ text: "A long way. ".repeat(60) }, { Prefer: "respond-async" }),
    await server.call("/status"),
    await server.speak({ text: " " }),
    await send("POST", "/prepare", { text: "Later." }),
    await send("PUT", "/characters/mara", { race: "elf", voice: { speed: 0.9 } }),
    await send("PUT", "/characters/zed", { race: "orc" }),
    await send("POST", "/characters/undo"),
    await send("PUT", "/settings", { reveal: "word" }),
    await send("PUT", "/lexicon", { lexicon: { Drizzt: "Drist" } }),
    await send("PUT", "/draft", { text: "Hm." }),
    await send("PUT", "/lines", { lines: [{ id: "1", group: "", line: { text: "Hm." } }] }),
    await send("POST", "/players", { id: "zoe" }),
    await send("POST", "/players/zoe/refresh"),
    await send("DELETE", "/players/zoe"),
    await send("POST", "/guests", { role: "observer", name: "stream" }),
    await send("POST", "/guests", { role: "service", name: "door" }),
    await send("POST", "/ticket"),
    await send("POST", "/voices/install", { name: "kitten" }),
  ];
  const paths = [
    "/log",
    "/characters",
    "/characters/mara",
    "/settings",
    "/lexicon",
    "/draft",
    "/lines",
    "/invites",
    "/guests",
  ];
  for (const path of [
    ...paths,
    "/voices",
    "/voices/search",
    "/voices/catalogue",
    "/answers",
    "/status",
    "/nothing",
  ])
    asked.push(await server.call(path));
  const { queue } = await (await server.call("/status")).json();
  const [line] = queue;
  asked.push(await server.call(`/speak/${line.utterance}`));
  asked.push(await server.call(`/speak/${line.utterance}`, { method: "DELETE" }));
  asked.push(await server.call("/speak", { method: "DELETE" }));
  asked.push(await server.call("/guests/observer/stream", { method: "DELETE" }));
  const refused = asked.filter(({ ok }) => !ok).map(({ status }) => status);
  expect(refused).toEqual([400, 400, 404]);
  thorin.socket.close();
});

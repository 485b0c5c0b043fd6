import { expect, test } from "bun:test";
import { startServer, type TestServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const SITE = "https://site.example";
const quiet = { engines: [new ToneEngine()], cache: false } as const;
const open = await startServer(quiet);
const listed = await startServer({ ...quiet, allowOrigins: [SITE, "http://localhost:3000"] });
const toAll = await startServer({ ...quiet, allowOrigins: ["*"] });

const ALLOWED = "Access-Control-Allow-Origin";
/** What pages that were named may read. */
const READABLE = ["/api/status", "/api/nothing", "/healthz", "/readyz", "/v1/models", "/v1/audio/voices"];
/** What they may not: it is opened, or is for others. */
const UNREADABLE = ["/play", "/dm", "/j/123456789012", "/play.webmanifest?token=x", "/metrics", "/nothing"];

function from(origin: string, server: TestServer, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Origin: origin, Authorization: `Bearer ${server.dmToken}`, ...init.headers };
  return fetch(`${server.url}${path}`, { redirect: "manual", ...init, headers });
}

function preflight(origin: string, server: TestServer, path: string): Promise<Response> {
  const headers = {
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "authorization,content-type",
  };
  return from(origin, server, path, { method: "OPTIONS", headers });
}

/** What an answer says of CORS. */
const corsOf = ({ headers }: Response): string[] =>
  [...headers].filter(([name]) => name.startsWith("access-control-")).map(([name]) => name);

test("a page that was named may read the API and its doors, and what is opened or is for others it may not", async () => {
  for (const path of READABLE) {
    const { headers } = await from(SITE, listed, path);
    expect([path, headers.get(ALLOWED), headers.get("Vary")]).toEqual([path, SITE, "Origin"]);
    expect(headers.get("Access-Control-Allow-Credentials")).toBeNull();
  }
  for (const path of UNREADABLE) expect([path, corsOf(await from(SITE, listed, path))]).toEqual([path, []]);
});

test("whoever was not named gets nothing, neither an answer to read nor leave to ask", async () => {
  const strangers = [
    "https://evil.example",
    "http://site.example",
    "https://site.example:8443",
    "https://www.site.example",
    "https://site.example.evil.example",
    "https://SITE.example",
    "http://localhost:3001",
    "http://localhost",
    "null",
    "",
  ];
  for (const origin of strangers) {
    for (const path of [...READABLE, "/assets/play.js", "/ws"]) {
      expect([origin, path, corsOf(await from(origin, listed, path))]).toEqual([origin, path, []]);
      expect([origin, path, corsOf(await preflight(origin, listed, path))]).toEqual([origin, path, []]);
    }
  }
});

test("where nobody was named, no page may read the API; any may know why its socket was refused, and load scripts", async () => {
  for (const path of READABLE) expect(corsOf(await from(SITE, open, path))).toEqual([]);
  const refused = await from(SITE, open, "/ws", { headers: { Authorization: "Bearer forged" } });
  expect([refused.status, refused.headers.get(ALLOWED)]).toEqual([401, SITE]);
  const script = await from(SITE, open, "/assets/play.js");
  expect([script.headers.get(ALLOWED), script.headers.get("Vary")]).toEqual([SITE, "Origin"]);
  expect(script.headers.get("Cache-Control")).toBe("no-cache");
});

test("a preflight names what may be asked, and a browser may keep it", async () => {
  const { status, headers } = await preflight(SITE, listed, "/api/settings");
  expect([status, headers.get(ALLOWED)]).toEqual([204, SITE]);
  expect(headers.get("Access-Control-Allow-Methods")).toContain("PUT");
  expect(headers.get("Access-Control-Allow-Headers")).toContain("authorization");
  expect(Number(headers.get("Access-Control-Max-Age"))).toBeGreaterThan(600);
  expect(headers.get("Vary")).toContain("Origin");
});

test("errors of every door can be read", async () => {
  const said = (path: string, init?: RequestInit): Promise<Response> => from(SITE, listed, path, init);
  const answers = [
    await said("/api/status", { headers: { Authorization: "Bearer forged" } }),
    await said("/api/speak", { method: "POST", body: "{" }),
    await said("/v1/audio/speech", { method: "POST", body: "{" }),
    await said("/action", { method: "POST", body: "{" }),
    await said("/mcp", { method: "POST", body: "{" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 400, 400, 403, 400]);
  for (const answer of answers) expect(answer.headers.get(ALLOWED)).toBe(SITE);
});

test("a star lets every page in, and none with what a browser would send by itself", async () => {
  const { headers } = await from("https://anywhere.example", toAll, "/api/status");
  expect(headers.get(ALLOWED)).toBe("https://anywhere.example");
  expect(headers.get("Access-Control-Allow-Credentials")).toBeNull();
  expect(corsOf(await fetch(`${toAll.url}/healthz`))).toEqual([]);
});

test("the players' page may be shown by pages that were named, the console by nobody", async () => {
  const shownBy = async (server: TestServer, path: string): Promise<(string | null | undefined)[]> => {
    const { headers } = await fetch(`${server.url}${path}`);
    const policy = headers.get("Content-Security-Policy")?.match(/frame-ancestors ([^;]*)/);
    return [policy?.[1], headers.get("X-Frame-Options")];
  };
  expect(await shownBy(open, "/play")).toEqual(["'none'", "SAMEORIGIN"]);
  expect(await shownBy(listed, "/play")).toEqual([`'self' ${SITE} http://localhost:3000`, null]);
  expect(await shownBy(toAll, "/play")).toEqual(["*", null]);
  for (const server of [open, listed, toAll])
    expect(await shownBy(server, "/dm")).toEqual(["'none'", "SAMEORIGIN"]);
});

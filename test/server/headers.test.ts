import { expect, test } from "bun:test";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const server = await startServer({ engines: [new ToneEngine()], cache: false });

test("no answer of the API is kept by anybody, guessed at, or told of to others; an error's neither", async () => {
  const speak = { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } };
  const answers = await Promise.all([
    server.call("/invites"),
    server.call("/status"),
    server.call("/voices"),
    server.call("/speak", speak),
    server.call("/nothing"),
    server.call("/players/nobody", { method: "DELETE" }),
    fetch(`${server.url}/api/invites`),
    fetch(`${server.url}/ws?token=forged`),
    fetch(`${server.url}/healthz`),
    fetch(`${server.url}/metrics`),
    fetch(`${server.url}/nothing`),
  ]);
  for (const { url, headers } of answers) {
    expect({
      url,
      cache: headers.get("Cache-Control"),
      type: headers.get("X-Content-Type-Options"),
      referrer: headers.get("Referrer-Policy"),
    }).toEqual({ url, cache: "no-store", type: "nosniff", referrer: "no-referrer" });
  }
});

test("a page may be shown by nobody else, and talks to its own server only", async () => {
  const page = await fetch(`${server.url}/play?token=forged`);
  const policy = page.headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain(`connect-src 'self' ${server.url.replace("http", "ws")}`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(page.headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(page.headers.get("Referrer-Policy")).toBe("no-referrer");
});

test("a host that is none adds nothing to a page's policy", async () => {
  const page = await fetch(`${server.url}/play`, { headers: { Host: "a;script-src" } });
  expect(page.headers.get("Content-Security-Policy")).toEndWith("connect-src 'self'");
});

test("whatever refuses a body that it has not read to its end ends the connection with its answer", async () => {
  const player = await server.party.tokens.issue(server.party.seat("thorin"));
  const large = "x".repeat(300_000);
  const stream = (): ReadableStream<Uint8Array> => new Blob([large]).stream();
  const refused: [string, number, string, BodyInit][] = [
    ["/action", 401, "forged", "{}"],
    ["/action", 413, player, large],
    ["/action", 413, player, stream()],
    ["/api/answers", 401, "forged", "{}"],
    ["/api/answers", 413, player, large],
    ["/api/answers", 413, player, stream()],
    ["/api/speak", 403, player, "{}"],
    ["/api/draft", 413, server.dmToken, large],
    ["/healthz", 404, "", large],
  ];
  const method = (path: string): string => (path === "/api/draft" ? "PUT" : "POST");
  const answers = await Promise.all(
    refused.map(async ([path, , token, body]) => {
      const headers = { Authorization: `Bearer ${token}` };
      const init = { method: method(path), headers, body, duplex: "half" } as RequestInit;
      const { status, headers: told } = await fetch(`${server.url}${path}`, init);
      return [path, status, told.get("Connection")];
    }),
  );
  expect(answers).toEqual(refused.map(([path, status]) => [path, status, "close"]));
  // One that was read leaves the connection as it is.
  const read = await server.call("/speak", { method: "POST", body: "{}" });
  expect([read.status, read.headers.get("Connection")]).not.toContain("close");
});

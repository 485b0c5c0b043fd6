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

import { expect, test } from "bun:test";
import { bearerOf, tokenOf } from "../../../src/server/network/credentials.ts";
import { Origins } from "../../../src/server/network/origins.ts";

const at = (url: string): { origin: URL } => ({ origin: new URL(url) });

test("a page of the table's own may open a socket, whatever a proxy says of scheme and port; one from elsewhere may not", () => {
  const origins = new Origins(["self"]);
  expect(origins.allows(undefined, at("http://127.0.0.1:8080"))).toBe(true);
  expect(origins.allows("http://192.168.1.7:8080", at("http://192.168.1.7:8080"))).toBe(true);
  expect(origins.allows("https://party.example", at("http://party.example"))).toBe(true);
  expect(origins.allows("https://party.example:8443", at("http://party.example"))).toBe(true);
  // Behind a proxy that ends TLS and hands the host on as it got it, port and all.
  expect(origins.allows("https://party.example", at("http://party.example:443"))).toBe(true);
  for (const elsewhere of [
    "http://evil.example",
    "http://192.168.1.7:9999",
    "http://192.168.1.7",
    "https://party.example.evil.example",
    "https://evil.example:443",
    "null",
    "",
    "no origin",
  ]) {
    expect(origins.allows(elsewhere, at("http://192.168.1.7:8080")), elsewhere).toBe(false);
  }
});

test("pages of the public address and of the list may, and of others not; a star lets all in, and so does no list", () => {
  const origins = new Origins(["https://site.example/", "null"], "https://party.example/table");
  const here = at("http://127.0.0.1:8080");
  for (const origin of ["https://site.example", "null", "https://party.example"])
    expect(origins.allows(origin, here), origin).toBe(true);
  for (const origin of ["http://site.example", "https://site.example:444", "https://other.example"])
    expect(origins.allows(origin, here), origin).toBe(false);
  for (const all of [["*"], undefined])
    expect(new Origins(all).allows("https://anywhere.example", here)).toBe(true);
});

test("an origin is the same in whatever case it is named, and with the port that its scheme has anyway", () => {
  const origins = new Origins([
    "HTTPS://Site.Example:443",
    "http://other.example:80/",
    "capacitor://localhost",
  ]);
  for (const origin of ["https://site.example", "http://other.example", "capacitor://localhost"])
    expect(origins.lists(origin), origin).toBe(true);
  for (const origin of ["https://www.site.example", "https://site.example.", "http://site.example", ""])
    expect(origins.lists(origin), origin).toBe(false);
  expect(new Origins(["*"]).lists("")).toBe(false);
});

test("a policy names who may show a page, without what it has no word for", () => {
  const origins = new Origins(["self", "https://site.example", "null", "http://[::1]:80"]);
  expect(origins.ancestors).toEqual(["'self'", "https://site.example"]);
  expect(new Origins(["*"]).ancestors).toEqual(["*"]);
});

test("what is no origin is told at once", () => {
  for (const wrong of [
    "site.example",
    "https://site.example/page",
    "https://user@site.example",
    "https://:word@site.example",
    "https://site.example?page",
    "https://*.site.example",
    "site.example:443",
    "",
    "https://",
  ])
    expect(() => new Origins([wrong]), wrong).toThrow(TypeError);
});

test("a token comes by header before subprotocol, and by subprotocol before the address", () => {
  const request = (headers: Record<string, string>, query = ""): Request =>
    new Request(`http://table/ws${query}`, { headers });
  const offered = { "Sec-WebSocket-Protocol": "bardcast.v2, bardcast.token.two" };
  expect(tokenOf(request({ ...offered, Authorization: "Bearer one" }, "?token=three"))).toBe("one");
  expect(tokenOf(request(offered, "?token=three"))).toBe("two");
  expect(tokenOf(request({}, "?token=three"))).toBe("three");
  expect(tokenOf(request({}))).toBeUndefined();
  // What is offered first is answered: there it would be told to whoever reads the answer.
  expect(tokenOf(request({ "Sec-WebSocket-Protocol": "bardcast.token.two" }))).toBeUndefined();
  expect(bearerOf(new Headers({ Authorization: "Basic one" }))).toBeUndefined();
});

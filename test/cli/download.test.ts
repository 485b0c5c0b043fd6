import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishedHash } from "../../src/cli/voices/download/checksum.ts";
import { download } from "../../src/cli/voices/download/download.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-download-"));
afterAll(() => rm(home, { recursive: true }));

const BYTES = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251);
const STALL_MS = 300;
let server: Server;
let url: URL;
let path: string;
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => unknown;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/voice`);
  path = join(mkdtempSync(join(home, "to-")), "voice");
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** What was asked for: from where on it goes on. */
function begin(request: IncomingMessage, response: ServerResponse): number {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers = { "Content-Length": BYTES.length - from };
  const range = { "Content-Range": `bytes ${from}-${BYTES.length - 1}/${BYTES.length}` };
  response.writeHead(from > 0 ? 206 : 200, from > 0 ? { ...headers, ...range } : headers);
  return from;
}

test("a connection on which nothing moves is taken up again where it was", async () => {
  answer = (request, response) => {
    const from = begin(request, response);
    if (asked.length > 2) response.end(BYTES.subarray(from));
    else response.write(BYTES.subarray(from, from + 100_000));
  };
  await download(url, path, [BYTES.length], { stallMs: STALL_MS });
  expect(asked).toEqual(["/voice", "/voice bytes=100000-", "/voice bytes=200000-"]);
  expect(new Uint8Array(readFileSync(path))).toEqual(BYTES);
});

test("a server that never gets further is given up after three times, and the error says how to go on", async () => {
  answer = (request, response) => {
    const from = begin(request, response);
    response.write(BYTES.subarray(from, from + 10));
  };
  const downloading = download(url, path, [], { stallMs: STALL_MS });
  await expect(downloading).rejects.toThrow("nothing came for 0.3 s); the same command goes on from there");
  expect(asked).toEqual(["/voice", "/voice bytes=10-", "/voice bytes=20-"]);
});

test("a server that takes the request and says nothing is given up, too", async () => {
  answer = () => undefined;
  await expect(download(url, path, [], { stallMs: STALL_MS })).rejects.toThrow("cannot be reached");
  expect(asked).toHaveLength(3);
});

test("who sends a little every now and then may take many times as long as who stands still", async () => {
  answer = async (request, response) => {
    begin(request, response);
    for (let at = 0; at < BYTES.length; at += 10_000) {
      response.write(BYTES.subarray(at, at + 10_000));
      await Bun.sleep(STALL_MS / 10);
    }
    response.end();
  };
  const startedAt = performance.now();
  await download(url, path, [], { stallMs: STALL_MS });
  expect(asked).toHaveLength(1);
  expect(performance.now() - startedAt).toBeGreaterThan(2 * STALL_MS);
});

test("one that stands still is ended by its signal at once, and what came is kept", async () => {
  const abort = new AbortController();
  answer = (request, response) => {
    begin(request, response);
    response.write(BYTES.subarray(0, 5000));
  };
  const reason = new Error("enough");
  const onProgress = (): void => abort.abort(reason);
  await expect(download(url, path, [], { onProgress, signal: abort.signal })).rejects.toBe(reason);
  expect(readFileSync(path).length).toBe(5000);
});

test("what does not say how large it is ends where the catalogue says that it must", async () => {
  answer = (_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(BYTES), 1);
    response.on("close", () => clearInterval(timer));
  };
  const downloading = download(url, path, [1000, BYTES.length]);
  await expect(downloading).rejects.toMatchObject({ code: "payload-too-large" });
  expect(readFileSync(path).length).toBeLessThanOrEqual(BYTES.length);
});

test("what says that it is larger than any voice is not downloaded", async () => {
  answer = (_, response) => {
    response.writeHead(200, { "Content-Length": 10 * 1024 ** 3 });
    response.write(BYTES);
  };
  await expect(download(url, path)).rejects.toMatchObject({ code: "payload-too-large" });
  expect(existsSync(path)).toBe(false);
});

test("redirects are followed, and what was begun goes on behind them", async () => {
  answer = (request, response) => {
    if (request.url === "/voice") response.writeHead(302, { Location: "/there" }).end();
    else if (asked.length < 3) {
      begin(request, response);
      response.write(BYTES.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 100));
    } else response.end(BYTES.subarray(begin(request, response)));
  };
  await download(url, path);
  expect(asked).toEqual(["/voice", "/there", "/voice bytes=100000-", "/there bytes=100000-"]);
  expect(new Uint8Array(readFileSync(path))).toEqual(BYTES);
});

test.each([
  ["in circles", "/voice", 6],
  ["to a file of this machine", "file:///etc/passwd", 1],
  ["to no address at all", "http://:::", 1],
])("a redirect that leads %s is not followed", async (_what, to, times) => {
  answer = (_, response) => response.writeHead(302, { Location: to }).end();
  await expect(download(url, path)).rejects.toMatchObject({ code: "bad-request" });
  await expect(publishedHash(url)).rejects.toMatchObject({ code: "bad-request" });
  expect(asked).toHaveLength(2 * times);
  expect(existsSync(path)).toBe(false);
});

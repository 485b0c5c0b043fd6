import { afterAll, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred } from "../../src/core/async/deferred.ts";
import { BardcastError } from "../../src/core/errors.ts";
import type { VoiceCatalogue } from "../../src/core/protocol/voices-api.ts";
import { Installer, OFFERED } from "../support/installer.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-catalogue-"));
afterAll(() => rmSync(home, { recursive: true }));

let installer: Installer;
let server: TestServer;
beforeEach(async () => {
  installer = new Installer(home);
  server = await startServer({ engines: [new ToneEngine()], voiceInstaller: installer });
});

async function catalogue(): Promise<VoiceCatalogue> {
  return (await server.call("/voices/catalogue")).json();
}

function install(name: string, headers: Record<string, string> = {}): Promise<Response> {
  return server.call("/voices/install", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ name }),
  });
}

/** Waits until what is being installed is in one of these states. */
async function until(...states: string[]): Promise<VoiceCatalogue> {
  for (;;) {
    const known = await catalogue();
    if (states.includes(known.install?.state ?? "")) return known;
    await Bun.sleep(20);
  }
}

test("a voice is offered, installed while it is told how far it is, heard, and speaks the next line", async () => {
  expect(await catalogue()).toEqual({ installed: [], offered: OFFERED });
  const rest = deferred();
  installer.next = async (_, { onProgress }) => {
    onProgress(500, undefined);
    await rest.promise;
  };
  const answer = await install("tiny");
  expect([answer.status, await answer.json()]).toEqual([
    202,
    { name: "tiny", state: "downloading", bytes: 0 },
  ]);
  expect((await catalogue()).install).toEqual({
    name: "tiny",
    state: "downloading",
    bytes: 500,
    total: 2000,
  });
  const second = await install("large");
  expect([second.status, (await second.json()).error.code]).toEqual([503, "busy"]);
  rest.resolve();
  expect(await until("speaking", "failed")).toMatchObject({
    installed: ["tiny"],
    install: { name: "tiny", state: "speaking" },
  });
  const sample = await server.call("/voices/sample?voice=tiny");
  expect([sample.status, sample.headers.get("Content-Type")]).toEqual([200, "audio/wav"]);
  expect((await sample.bytes()).length).toBeGreaterThan(10_000);
  const thorin = await server.join("thorin");
  expect((await (await server.speak({ text: "hello" })).json()).engines).toEqual(["sherpa"]);
  thorin.socket.close();
}, 20_000);

test("what cannot be reached is told, costs nothing, and is tried again", async () => {
  installer.next = async (_, { onProgress }) => {
    onProgress(700, 2000);
    throw new BardcastError("internal", "example.com cannot be reached (no network)", { retryable: true });
  };
  await install("tiny");
  expect((await until("failed")).install).toEqual({
    name: "tiny",
    state: "failed",
    bytes: 700,
    problem: { code: "internal", message: "example.com cannot be reached (no network)", retryable: true },
  });
  const thorin = await server.join("thorin");
  expect((await (await server.speak({ text: "hello" })).json()).engines).toEqual(["tone"]);
  thorin.socket.close();
  installer.next = async () => undefined;
  expect((await install("tiny")).status).toBe(202);
  await until("speaking");
}, 20_000);

test("one that is stopped ends, and so does one whose table ends", async () => {
  const signals: AbortSignal[] = [];
  installer.next = (_, { signal }) => {
    signals.push(signal);
    return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  await install("tiny");
  expect((await server.call("/voices/install", { method: "DELETE" })).status).toBe(200);
  await until("stopped");
  expect((await server.call("/voices/install", { method: "DELETE" })).status).toBe(404);
  await install("tiny");
  await until("downloading");
  await server.party.close();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});

test("where a package is missing it is told which, and nothing is downloaded", async () => {
  installer.needed = "npm install sherpa-onnx-node";
  expect(await catalogue()).toMatchObject({ missing: "npm install sherpa-onnx-node" });
  const answer = await install("tiny");
  const { error } = await answer.json();
  expect([error.code, error.message.endsWith(": npm install sherpa-onnx-node")]).toEqual([
    "engine-unavailable",
    true,
  ]);
  expect((await catalogue()).install).toBeUndefined();
});

test("only the DM installs, by a name that can be one, and what is not here is not heard", async () => {
  const Authorization = `Bearer ${await server.party.tokens.issue("thorin")}`;
  expect((await install("tiny", { Authorization })).status).toBe(403);
  for (const name of ["--dir", "../x", "", "piper:", "a b"])
    expect((await install(name)).status, name).toBe(400);
  expect((await server.call("/voices/sample?voice=tiny")).status).toBe(400);
  expect((await catalogue()).install).toBeUndefined();
});

test("a server that was given nothing to install with offers nothing", async () => {
  const plain = await startServer({ engines: [new ToneEngine()] });
  expect(await (await plain.call("/voices/catalogue")).json()).toEqual({ installed: [], offered: [] });
  const answer = await plain.call("/voices/install", {
    method: "POST",
    body: JSON.stringify({ name: "tiny" }),
  });
  expect(answer.status).toBe(400);
});

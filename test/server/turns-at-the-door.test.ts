import { afterAll, expect, spyOn, test } from "bun:test";
import { EventEmitter } from "node:events";
import { Socket } from "node:net";
import { deferred } from "../../src/core/async/deferred.ts";
import type { Claims } from "../../src/party/access/tokens.ts";
import { bunSockets } from "../../src/server/bun.ts";
import { hostParty } from "../../src/server/host-party.ts";
import { takeUpgrades } from "../../src/server/network/upgrades.ts";
import type { FetchApp, Runtime } from "../../src/server/runtime.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const CALLERS = 400;
/** ms for which each of them keeps the thread, before the token is looked at and again after it. */
const WORK_MS = 0.2;
/** A turn has 4 ms, and the time is looked at after every sixteen. */
const MOST = CALLERS / 4;

const HANDSHAKE = {
  Upgrade: "websocket",
  Connection: "Upgrade",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** Counts how many pass a place, and how many of them in one turn of the event loop. */
class Turnstile {
  passed = 0;
  most = 0;
  #inTurn = 0;

  pass(): void {
    if (this.#inTurn === 0)
      setImmediate(() => {
        this.#inTurn = 0;
      });
    this.#inTurn += 1;
    this.passed += 1;
    this.most = Math.max(this.most, this.#inTurn);
    const end = performance.now() + WORK_MS;
    while (performance.now() < end);
  }
}

/** A table as Bun serves it, whose requests and upgrades are at hand. */
async function serveHere(onUpgrade: () => void) {
  let app: FetchApp | undefined;
  const { websocket: _, ...sockets } = bunSockets();
  const runtime: Runtime<never> = {
    ...(sockets as Runtime<never>),
    arrive: () => undefined,
    upgradeWebSocket: (createEvents) => async (c) => {
      await createEvents(c);
      onUpgrade();
      return c.body(null);
    },
    async listen(routes) {
      app = routes;
      return { port: 1, stop: async () => undefined, drop: () => undefined };
    },
  };
  const server = await hostParty(runtime, { players: ["thorin"], engines: [new ToneEngine()] });
  afterAll(() => server.close());
  const request = (): Request => new Request("http://table/ws?token=x", { headers: HANDSHAKE });
  return { party: server.party, come: async () => (await app?.fetch(request()))?.status };
}

test("hundreds who come in one turn, and whose tokens are looked at in one, are let in over many", async () => {
  const [asked, opened] = [new Turnstile(), new Turnstile()];
  const { party, come } = await serveHere(() => opened.pass());
  const answers = deferred<Claims>();
  spyOn(party.tokens, "verify").mockImplementation(() => {
    asked.pass();
    return answers.promise;
  });
  const visits = Promise.all(Array.from({ length: CALLERS }, come));
  while (asked.passed < CALLERS) await new Promise((resolve) => setImmediate(resolve));
  answers.resolve({ player: "thorin", role: "player", issuedAt: Date.now() / 1000 });
  expect(new Set(await visits)).toEqual(new Set([200]));
  expect([asked.passed, opened.passed]).toEqual([CALLERS, CALLERS]);
  expect(asked.most).toBeLessThan(MOST);
  expect(opened.most).toBeLessThan(MOST);
});

test("on Node.js, which reads all of them in one turn, each waits for theirs, and who gives up meanwhile breaks nothing", async () => {
  const server = new EventEmitter();
  const upgraded = new Turnstile();
  server.on("upgrade", () => upgraded.pass());
  takeUpgrades(server as never, { busy: () => undefined });
  const request = { headers: { upgrade: "websocket" } };
  for (let caller = 0; caller < CALLERS; caller++) server.emit("upgrade", request, new Socket());
  const impatient = new Socket();
  server.emit("upgrade", request, impatient);
  impatient.emit("error", new Error("gone"));
  const last = new Socket();
  server.emit("upgrade", request, last);
  while (upgraded.passed < CALLERS + 1) await new Promise((resolve) => setImmediate(resolve));
  expect(upgraded.most).toBeLessThan(MOST);
  expect(last.listenerCount("error")).toBe(0);
});

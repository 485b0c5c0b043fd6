import { expect, test } from "bun:test";
import { nextTurn } from "../../src/core/async/time-slicer.ts";
import { serve } from "../../src/server/bun.ts";
import { Dm20Client } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

test("an engine that never shuts down keeps nobody beyond the limit, who closes twice waits once", async () => {
  const engine = new ToneEngine();
  engine.shutdown = () => new Promise(() => undefined);
  const { close, party, url } = await serve({ port: 0, host: "127.0.0.1", engines: [engine] });
  party.seat("thorin");
  const thorin = new Dm20Client(`${url}/ws?token=${await party.tokens.issue("thorin")}`);
  await thorin.until("connected", 1);
  const closing = close({ graceMs: 200 });
  expect(close()).toBe(closing);
  await closing;
  await until(() => thorin.closed !== undefined);
  expect(thorin.closed?.code).toBe(1001);
  await expect(fetch(url)).rejects.toThrow();
});

test("lines under way are finished before the goodbye, and nothing new is begun", async () => {
  const engine = new ToneEngine();
  const release = engine.hold("Wait for me.");
  const { close, party, url } = await serve({ port: 0, host: "127.0.0.1", engines: [engine] });
  party.seat("thorin");
  const thorin = new Dm20Client(`${url}/ws?token=${await party.tokens.issue("thorin")}`);
  await thorin.until("connected", 1);
  const line = party.streamToAll("Wait for me.");
  const closing = close();
  expect(() => party.speak({ text: "Too late." })).toThrow("the party is over");
  expect(thorin.closed).toBeUndefined();
  release();
  expect(await line).toBe(true);
  await closing;
  await until(() => thorin.closed !== undefined);
  expect(thorin.clips.length).toBe(1);
});

test("a port that is taken is told by its code, and the table is cleared again", async () => {
  const engine = new ToneEngine();
  let shutdowns = 0;
  engine.shutdown = async () => {
    shutdowns += 1;
  };
  const first = await serve({ port: 0, host: "127.0.0.1", engines: [new ToneEngine()] });
  const port = Number(new URL(first.url).port);
  const second = serve({ port, host: "127.0.0.1", engines: [engine] });
  await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect(shutdowns).toBe(1);
  await first.close();
});

test("whoever has not said yet how much they heard of a line keeps nothing once the party is over", async () => {
  const { close, party, url } = await serve({ port: 0, host: "127.0.0.1", engines: [new ToneEngine()] });
  party.seat("thorin");
  const thorin = new V2SocketClient(`${url}/ws?token=${await party.tokens.issue("thorin")}`);
  await thorin.greet({ codecs: ["pcm16"] });
  const line = party.speak({ text: "A line that nobody says they have heard. ".repeat(4) });
  let isDone = false;
  void line.done.then(() => (isDone = true));
  await line.handedOver;
  await close({ graceMs: 200 });
  // In the same turn, and not when a timer is over that would keep the process.
  await nextTurn();
  expect(isDone).toBe(true);
});

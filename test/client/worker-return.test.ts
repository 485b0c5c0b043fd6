import { afterAll, expect, test } from "bun:test";
import { ListenerWorker } from "../../src/client/worker/listener-worker.ts";
import type { FromWorker } from "../../src/client/worker/messages.ts";
import { WorkerClient } from "../../src/client/worker/worker-client.ts";
import { V2Table } from "./v2-table.ts";

const table = new V2Table();
afterAll(() => table.close());

test("a room whose page comes back looks at once whether it still has a connection, and what time it is", async () => {
  const room = new ListenerWorker({ url: String(table.url), sync: true, probeMs: 100_000 }, () => undefined);
  room.take({ type: "connect" });
  const spanOf = async (from: number): Promise<number> => {
    await table.until(() => table.of("clock").length >= from + 16);
    const sentAt = table.of("clock").map(({ t0 }) => t0);
    return (sentAt[from + 15] ?? Number.NaN) - (sentAt[from] ?? Number.NaN);
  };
  // It probes more and more rarely, and at once again where the page comes back.
  const calm = await spanOf(24);
  const before = table.of("clock").length;
  room.take({ type: "return" });
  expect(await spanOf(before)).toBeLessThan(calm / 2);
  room.take({ type: "close" });
});

test("a page knows the server's clock by its own, although its worker's began later", async () => {
  let ofTheClock: FromWorker | undefined;
  const listener = new ListenerWorker({ url: String(table.url), sync: true }, (message) => {
    if (message.type === "clock") ofTheClock = message;
  });
  listener.take({ type: "connect" });
  await table.until(() => table.of("clock").length >= 4);
  while (!ofTheClock) await Bun.sleep(5);
  const { t0 } = table.of("clock")[0] ?? { t0: Number.NaN };
  // The table's clock is 5 s ahead of the worker's; the page's own began a minute before that.
  const { timeOrigin } = performance;
  const worker: Partial<Worker> = { postMessage: () => undefined, terminate: () => undefined };
  const client = new WorkerClient({ url: "ws://table/ws", createWorker: () => worker as Worker });
  Object.defineProperty(performance, "timeOrigin", { value: timeOrigin - 60_000, configurable: true });
  worker.onmessage?.call(worker as Worker, { data: ofTheClock } as MessageEvent<FromWorker>);
  Object.defineProperty(performance, "timeOrigin", { value: timeOrigin, configurable: true });
  expect(t0 + 60_000 + (client.clockOffsetMs ?? 0)).toBeGreaterThan(t0 + 4_900);
  expect(client.clockOffsetMs ?? 0).toBeLessThan(-54_900);
  client.terminate();
  listener.take({ type: "close" });
});

test("the page tells its worker when it comes back, until it has no worker any more", () => {
  const said: string[] = [];
  const worker = { postMessage: ({ type }: { type: string }) => said.push(type), terminate: () => undefined };
  const client = new WorkerClient({ url: "ws://table/ws", createWorker: () => worker as unknown as Worker });
  const pageShow = (persisted: boolean): Event => Object.assign(new Event("pageshow"), { persisted });
  globalThis.dispatchEvent(new Event("online"));
  globalThis.dispatchEvent(pageShow(false));
  globalThis.dispatchEvent(pageShow(true));
  client.terminate();
  globalThis.dispatchEvent(new Event("online"));
  globalThis.dispatchEvent(pageShow(true));
  expect(said).toEqual(["enter", "return", "return"]);
});

import { expect, test } from "bun:test";
import { EventEmitter } from "node:events";
import { Connections } from "../../../src/server/network/connections.ts";

/** A connection as `node:http` tells of it. */
class Tcp extends EventEmitter {
  readonly remoteAddress = "192.0.2.7";
  destroyed = false;

  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }
}

function crowd(count: number): { server: EventEmitter; all: Tcp[] } {
  const server = new EventEmitter();
  new Connections(server as never);
  const all = Array.from({ length: count }, () => new Tcp());
  for (const tcp of all) server.emit("connection", tcp);
  return { server, all };
}

/** What has come is read, and what is due is done. */
const aWhile = (): Promise<void> => Bun.sleep(20);

test("a thousand who come in one turn and ask something are all answered", async () => {
  const { server, all } = crowd(1_000);
  await new Promise((resolve) => setImmediate(resolve));
  for (const socket of all) server.emit("request", { socket }, new EventEmitter());
  await aWhile();
  expect(all.filter(({ destroyed }) => destroyed)).toHaveLength(0);
});

test("of a thousand who ask nothing, the oldest are dropped", async () => {
  const { all } = crowd(1_000);
  await aWhile();
  expect(all.map(({ destroyed }) => destroyed).lastIndexOf(true)).toBe(1_000 - 256 - 1);
  expect(all.filter(({ destroyed }) => destroyed)).toHaveLength(1_000 - 256);
});

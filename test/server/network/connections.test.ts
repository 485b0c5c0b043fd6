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

const isDropped = ({ destroyed }: Tcp): boolean => destroyed;

test.concurrent("a thousand who come at once are all answered whose requests come a little later than they", async () => {
  const { server, all } = crowd(1_000);
  await Bun.sleep(50);
  for (const socket of all) server.emit("request", { socket }, new EventEmitter());
  await Bun.sleep(1_100);
  expect(all.filter(isDropped)).toHaveLength(0);
});

test.concurrent("of a thousand who ask nothing for a second, the oldest are dropped", async () => {
  const { all } = crowd(1_000);
  await Bun.sleep(1_100);
  expect(all.map(isDropped).lastIndexOf(true)).toBe(1_000 - 256 - 1);
  expect(all.filter(isDropped)).toHaveLength(1_000 - 256);
});

test("of more than four thousand who ask nothing, the oldest are dropped at once", async () => {
  const { all } = crowd(4_100);
  await Bun.sleep(20);
  expect(all.map(isDropped).lastIndexOf(true)).toBe(3);
  expect(all.filter(isDropped)).toHaveLength(4);
});

import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { type SocketConstructor, SteadySocket } from "../../src/client/steady-socket.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test("a handshake that is lost on its way is begun again, where a browser would wait for minutes", async () => {
  let sockets = 0;
  let closed = 0;
  class Unanswered {
    constructor() {
      sockets += 1;
    }
    close(): void {
      closed += 1;
    }
  }
  const states: string[] = [];
  const socket = new SteadySocket({
    url: "ws://table/ws",
    offersV2: true,
    WebSocket: Unanswered as unknown as SocketConstructor,
    fetch: undefined,
    onOpen: () => ({ receive: () => undefined, close: () => undefined }),
    onState: ({ name }) => states.push(name),
  });
  socket.connect();
  jest.advanceTimersByTime(9_999);
  expect(states).toEqual(["connecting"]);
  jest.advanceTimersByTime(1);
  expect(states).toEqual(["connecting", "waiting"]);
  jest.advanceTimersByTime(250);
  expect([sockets, closed]).toEqual([2, 1]);
  socket.close();
  jest.advanceTimersByTime(60_000);
  expect([sockets, closed]).toEqual([2, 2]);
});

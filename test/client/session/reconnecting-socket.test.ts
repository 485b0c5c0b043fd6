import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import {
  ReconnectingSocket,
  type SocketConstructor,
} from "../../../src/client/session/reconnecting-socket.ts";

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
  const socket = new ReconnectingSocket({
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

test("a conversation that ends as soon as it has begun is begun again more and more rarely", () => {
  const random = jest.spyOn(Math, "random").mockReturnValue(1);
  let sockets = 0;
  class Short {
    onopen: (() => void) | undefined;
    constructor() {
      sockets += 1;
      setTimeout(() => this.onopen?.(), 1);
    }
    close(): void {}
  }
  const socket = new ReconnectingSocket({
    url: "ws://table/ws",
    offersV2: true,
    WebSocket: Short as unknown as SocketConstructor,
    fetch: undefined,
    onOpen: () => {
      setTimeout(() => socket.reconnect(), 1);
      return { receive: () => undefined, close: () => undefined };
    },
    onState: () => undefined,
  });
  socket.connect();
  jest.advanceTimersByTime(4_000);
  // At once, and then after 250, 500, 1000 and 2000 ms.
  expect(sockets).toBe(5);
  socket.close();
  random.mockRestore();
});

test("on v2 a token is in no address, neither of the upgrade nor of the question why it failed; on dm20 it is", async () => {
  const asked: [url: string, protocols: string[]][] = [];
  class Refused {
    onclose: ((event: { code: number }) => void) | undefined;
    constructor(url: URL, protocols: string[]) {
      asked.push([url.href, protocols]);
      queueMicrotask(() => this.onclose?.({ code: 1006 }));
    }
    close(): void {}
  }
  const questions: string[] = [];
  for (const [token, offersV2] of [
    ["a.b-c", true],
    ["(one's own)", true],
    ["a.b-c", false],
  ] as const) {
    await new Promise<void>((resolve) => {
      new ReconnectingSocket({
        url: `http://table/ws?${new URLSearchParams({ token })}`,
        offersV2,
        WebSocket: Refused as unknown as SocketConstructor,
        fetch: async (url, { headers }) => {
          questions.push(`${url.search} ${JSON.stringify(headers)}`);
          return { status: 401 };
        },
        onOpen: () => ({ receive: () => undefined, close: () => undefined }),
        onState: ({ name }) => name === "refused" && resolve(),
      }).connect();
    });
  }
  const own = "?token=%28one%27s+own%29";
  expect(asked).toEqual([
    ["ws://table/ws", ["bardcast.v2", "bardcast.token.a.b-c"]],
    [`ws://table/ws${own}`, ["bardcast.v2"]],
    ["ws://table/ws?token=a.b-c", []],
  ]);
  expect(questions).toEqual([' {"Authorization":"Bearer a.b-c"}', `${own} {}`, "?token=a.b-c {}"]);
});

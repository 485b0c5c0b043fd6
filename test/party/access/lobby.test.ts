import { expect, jest, test } from "bun:test";
import { Lobby } from "../../../src/party/access/lobby.ts";
import { FakeSocket } from "../../support/fake-socket.ts";

function enter(lobby: Lobby, player: string, count: number): FakeSocket[] {
  return Array.from({ length: count }, () => {
    const socket = new FakeSocket();
    lobby.enter(socket, player);
    return socket;
  });
}

test("who says no hello in time may come back (a page that was frozen meanwhile takes 1008 for the end), and is cut off where it does not go", () => {
  jest.useFakeTimers();
  try {
    const [socket] = enter(new Lobby(), "thorin", 1);
    jest.advanceTimersByTime(10_000);
    expect(socket?.closed?.code).toBe(1013);
    jest.advanceTimersByTime(5_000);
    expect(socket?.terminated).toBe(true);
  } finally {
    jest.useRealTimers();
  }
});

test("of a player's sockets that say nothing the oldest makes room, and nobody else's does", () => {
  const lobby = new Lobby({ waitingPerPlayer: 2 });
  const [other] = enter(lobby, "elara", 1);
  const own = enter(lobby, "thorin", 3);
  expect(own.map(({ closed }) => closed?.code)).toEqual([1013, undefined, undefined]);
  expect([other?.closed, lobby.count("thorin"), lobby.count()]).toEqual([undefined, 2, 3]);
  lobby.close(1001, "over");
});

test("so many say nothing in all, whoever they are", () => {
  const lobby = new Lobby({ waiting: 3 });
  const sockets = ["a", "b", "c", "d", "e"].flatMap((player) => enter(lobby, player, 1));
  expect(lobby.count()).toBe(3);
  expect(sockets.map(({ closed }) => closed?.code)).toEqual([1013, 1013, undefined, undefined, undefined]);
  lobby.close(1001, "over");
  expect(lobby.count()).toBe(0);
});

test("who has become a listener, or is gone, is neither counted nor closed", () => {
  const lobby = new Lobby();
  const [listening, gone] = [new FakeSocket(), new FakeSocket()];
  lobby.enter(listening, "thorin").leave();
  lobby.enter(gone, "thorin").ended();
  expect(lobby.count()).toBe(0);
  lobby.close(1008, "replaced", "thorin");
  expect([listening.closed, gone.closed]).toEqual([undefined, undefined]);
});

import { expect, jest, test } from "bun:test";
import type { Party } from "../../src/party/party.ts";
import type { Claims } from "../../src/party/tokens.ts";
import { V2Conversation } from "../../src/server/v2-conversation.ts";
import { FakeSocket } from "../support/fake-socket.ts";

test("who says no hello in time may come back: a page that was frozen meanwhile takes 1008 for the end", () => {
  jest.useFakeTimers();
  const socket = new FakeSocket();
  new V2Conversation({} as Party, {} as Claims, socket);
  jest.advanceTimersByTime(10_000);
  jest.useRealTimers();
  expect(socket.closed?.code).toBe(1013);
});

import { expect, test } from "bun:test";
import { Dm20History } from "../../../src/party/fan-out/dm20-history.ts";
import type { Connection } from "../../../src/party/transport/connection.ts";

/** What is told is kept by connection, of which nothing else is looked at. */
const aConnection = (): Connection => ({}) as Connection;

test("who asks is told what was told before they came, each once, and nothing that came since", () => {
  const history = new Dm20History();
  const say = (message: string): void => history.add({ to: "all", firstOffset: 1, at: Date.now(), message });
  const [early, late] = [aConnection(), aConnection()];
  const told = (to: Connection): string[] => history.missedBy(to, null).map(({ message }) => message);
  say("one");
  history.joined(early);
  say("two");
  history.joined(late);
  say("three");
  history.told(late, ["one"]);
  expect(told(early)).toEqual(["one"]);
  expect(told(late)).toEqual(["two"]);
  expect(told(early)).toEqual([]);
});

/**
 * Guards of speed: ratios and counts only, with room for a noisy machine. What they are about is measured by
 * `npm run bench`.
 */
import { afterAll, expect, spyOn, test } from "bun:test";
import { House } from "../../bench/support/house.ts";
import { prepare, preparedEngine } from "../../bench/support/prepared.ts";
import { Program } from "../../bench/support/program.ts";
import { inTurn } from "../../bench/support/rounds.ts";
import { createParty } from "../../src/party/create-party.ts";
import { ClientState } from "../../src/party/transport/client-state.ts";
import { SocketConnection } from "../../src/party/transport/connection.ts";
import type { Socket } from "../../src/party/transport/socket.ts";

const LISTENERS = 200;
const SENTENCES = 4;
const ROUNDS = 6;

const open: AsyncDisposable[] = [];
afterAll(async () => {
  await Promise.all(open.map((each) => each[Symbol.asyncDispose]()));
});

async function house(name: "table" | "bare", listeners: number): Promise<House> {
  const opened = await House.open("bun", name, { encoding: "opus" });
  open.push(opened);
  await opened.fill(listeners);
  return opened;
}

/** A listener's end that takes everything at once. */
function quickSocket(send: () => void): Socket {
  return {
    onDrain: undefined,
    send,
    bufferedAmount: () => 0,
    close: () => undefined,
    terminate: () => undefined,
  };
}

test("who keeps up is handed all sound in the pass over everybody, and never waited for", async () => {
  using stream = spyOn(SocketConnection.prototype, "stream");
  for (const encoding of ["opus", "dm20"] as const) {
    const engine = preparedEngine(await prepare(encoding));
    const party = await createParty({ engines: [engine], players: ["thorin"], cache: false });
    const v2 = encoding === "opus" ? new ClientState({ type: "hello", codecs: ["opus"] }) : undefined;
    let calls = 0;
    const socket = quickSocket(() => {
      calls += 1;
    });
    party.connections.connect(socket, "thorin", "player", v2);
    expect(await party.streamToAll("One. ".repeat(SENTENCES))).toBe(true);
    await party.close();
    expect(calls).toBeGreaterThan(1);
  }
  expect(stream).not.toHaveBeenCalled();
});

test("a line of four sentences leaves in few system calls for each listener", async () => {
  // A machine that is busy for a moment lets a sentence leave by itself: the calmest line counts.
  const counts: number[] = [];
  for (let party = 0; party < 5; party++) counts.push(await callsOfLine());
  // Its text, its first sentence, the others with the line's end; and one more.
  expect(Math.min(...counts)).toBeLessThanOrEqual(4);
});

/** System calls of the second line at a table: what is said first is said by code that is not compiled yet. */
async function callsOfLine(): Promise<number> {
  const engine = preparedEngine(await prepare("opus"));
  const party = await createParty({ engines: [engine], players: ["thorin"], cache: false });
  let calls = 0;
  const socket = quickSocket(() => {
    calls += 1;
  });
  party.connections.connect(socket, "thorin", "player", new ClientState({ type: "hello", codecs: ["opus"] }));
  await party.streamToAll("One. ".repeat(SENTENCES));
  await Bun.sleep(20);
  calls = 0;
  await party.streamToAll("One. ".repeat(SENTENCES));
  await party.close();
  return calls;
}

test("handing speech to a crowd costs a small multiple of what the runtime's own publish does", async () => {
  const [table, bare] = [await house("table", LISTENERS), await house("bare", LISTENERS)];
  for (const each of [table, bare]) await each.warmUp();
  const { value, control } = await inTurn(ROUNDS, {
    value: () => table.cost(2, SENTENCES),
    control: () => bare.cost(2, SENTENCES),
  });
  // 1.1 to 1.5 on a quiet machine.
  expect(value / control).toBeLessThan(3);
}, 60_000);

test("ten times the listeners cost about ten times as much", async () => {
  const [few, many] = [await house("table", 50), await house("table", 500)];
  const { value, control } = await inTurn(ROUNDS, {
    value: () => many.cost(1, SENTENCES),
    control: () => few.cost(10, SENTENCES),
  });
  expect(value / control).toBeLessThan(2);
}, 30_000);

test("the text of a dm20 chunk costs little more than its base64", async () => {
  const program = await Program.start("bun", "encode");
  open.push(program);
  const { value, control } = await inTurn(20, {
    value: () => program.call<number>("messages"),
    control: () => program.call<number>("base64"),
  });
  expect(value / control).toBeLessThan(4);
});

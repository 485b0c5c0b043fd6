/** Limits that docs/reliability.md names and that nothing else reaches: what happens there, at the limit itself. */
import { expect, setSystemTime, test } from "bun:test";
import { MAX_PLAYERS } from "../../src/core/protocol/messages.ts";
import { Seats } from "../../src/party/access/seats.ts";
import { Answers } from "../../src/party/answers.ts";
import { Dm20History } from "../../src/party/fan-out/dm20-history.ts";
import { KeptUtterances, MAX_ANSWERS } from "../../src/party/speaking/kept-utterances.ts";
import { ConnectionManager } from "../../src/party/transport/connection-manager.ts";
import { FakeSocket } from "../support/fake-socket.ts";
import { setTable } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

const MEBIBYTE = 1024 * 1024;

test("texts that find no room in a queue wait, up to 4 MiB of them; one more ends the connection, and no other", () => {
  const connections = new ConnectionManager({ queueBytes: MEBIBYTE });
  const [deaf, other] = [new FakeSocket({ reads: false }), new FakeSocket()];
  const connection = connections.connect(deaf, "thorin");
  connections.connect(other, "elara");
  const text = "x".repeat(64 * 1024);
  let posted = 0;
  while (posted < 16 * MEBIBYTE && connection.post(text, { canBeLate: true })) posted += text.length;
  expect(posted).toBeGreaterThan(4 * MEBIBYTE);
  expect(posted).toBeLessThanOrEqual(5 * MEBIBYTE);
  expect(deaf.closed?.code).toBe(1013);
  expect(other.closed).toBeUndefined();
  connections.closeAll();
  for (const each of [deaf, other]) expect(each.closed).toBeDefined();
  connection.ended();
});

test("eight times as many lines may still be heard as may wait; one more is told to come again", async () => {
  const { streams, connections } = await setTable({ streams: { maxLines: 1 } });
  new V2Client({ connections }, "thorin");
  // Half a second each: all of it is sent ahead, and heard for four.
  for (let line = 0; line < 8; line++) await streams.speak({ text: "x".repeat(50) }).handedOver;
  expect(() => streams.speak({ text: "And on." })).toThrow(expect.objectContaining({ code: "busy" }));
  for (const line of streams.utterances) line.cancel();
  connections.closeAll();
});

test("a table has a thousand seats, and remembers a thousand that were taken away", () => {
  const seats = new Seats();
  for (let player = 0; player < MAX_PLAYERS; player++) seats.give(`p${player}`);
  expect(() => seats.give("one more")).toThrow(expect.objectContaining({ code: "busy" }));
  expect(seats.give("p0")).toBe("p0");
  for (let player = 0; player < MAX_PLAYERS; player++) seats.take(`p${player}`);
  expect(seats.wasTaken("p0")).toBe(true);
  seats.take("one more");
  expect([seats.wasTaken("p0"), seats.wasTaken("p1"), seats.wasTaken("one more")]).toEqual([
    false,
    true,
    true,
  ]);
});

test("of what players told the latest five hundred are known, here and after a restart", () => {
  const answers = new Answers(new ConnectionManager(), undefined);
  const kept = new KeptUtterances(1_000_000);
  for (let told = 0; told <= MAX_ANSWERS; told++) {
    const answer = answers.take(`p${told % 60}`, { kind: "text", text: `${told}`, private: false });
    kept.add({ is: "answer", ...answer });
  }
  const { answers: known, more } = answers.page({ limit: 2 * MAX_ANSWERS });
  expect([known.length, known.at(-1)?.text, more]).toEqual([MAX_ANSWERS, "1", false]);
  expect(kept.answers.map(({ text }) => text)).toEqual(known.map(({ text }) => text).reverse());
});

test("of what was said the newest characters are kept, with 300 for each record besides, and the oldest lines go whole", () => {
  const kept = new KeptUtterances(20_000);
  const report = {
    utterance: "",
    delivered: true,
    cancelled: false,
    listeners: 0,
    players: [],
    problems: [],
  };
  for (let line = 0; line < 100; line++) {
    const id = `${line}`;
    const head = {
      id,
      at: 0,
      epoch: "e",
      handle: 0,
      offset: line,
      head: {},
      to: "all",
      again: {},
      listeners: 0,
    };
    kept.add({ is: "begin", ...head, text: "x".repeat(400) } as never);
    kept.add({ is: "over", id, state: "done", report } as never);
  }
  // A thousand each, with the record of its end.
  expect(kept.lines.map(({ begin }) => begin.id)).toEqual(
    Array.from({ length: 20 }, (_, at) => `${80 + at}`),
  );
  expect(kept.droppedOffset).toBe(79);
});

test("the pages of 64 processes are known when they come back, not those of the one before", () => {
  const kept = new KeptUtterances(1_000_000);
  for (let life = 0; life <= 64; life++) kept.add({ is: "life", epoch: `e${life}`, offset: life });
  expect([kept.epochs.length, kept.epochs[0]]).toEqual([64, "e1"]);
});

test("a dm20 client that asks is told of 256 Ki characters and of one hour, the latest", () => {
  const said = Date.parse("2026-01-01T20:00:00Z");
  const told = (texts: readonly [message: string, at: number][]): string[] => {
    const history = new Dm20History();
    for (const [message, at] of texts) history.add({ to: "all", firstOffset: 1, at, message });
    const connection = {} as never;
    history.joined(connection);
    return history.missedBy(connection, null).map(({ message }) => message);
  };
  try {
    setSystemTime(said + 3_600_000);
    expect(
      told([
        ["an hour ago", said - 1],
        ["since then", said + 1],
      ]),
    ).toEqual(["since then"]);
    const long = Array.from({ length: 5 }, (_, at): [string, number] => [
      `${at}`.repeat(64 * 1024),
      said + 1_000 + at,
    ]);
    expect(told(long).map(([first]) => first)).toEqual(["1", "2", "3", "4"]);
  } finally {
    setSystemTime();
  }
});

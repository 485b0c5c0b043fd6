import { afterAll, beforeAll, expect, test } from "bun:test";
import fc from "fast-check";
import { TimeSlicer } from "../../src/core/async/time-slicer.ts";
import { Caller } from "../../src/server/sockets/caller.ts";
import { FakeSocket } from "../support/fake-socket.ts";
import { fuzz, likeJson, SLOW } from "./fuzz.ts";
import { expectCode, type FuzzTable, openFuzzTable } from "./fuzz-table.ts";

const MINUTES = 60_000 + Number(process.env.FUZZ ?? 10_000) * 30;

let table: FuzzTable;

beforeAll(async () => {
  table = await openFuzzTable();
});

afterAll(() => table.party.close());

const text = fc.oneof(fc.string({ maxLength: 200, unit: "binary" }), fc.constant("Hear, hear."));
const speaking = {
  text,
  to: fc.oneof(fc.constant("all"), fc.subarray(["ann", "bob", "nobody"])),
  speaker: fc.string({ maxLength: 80 }),
  npc: fc.record({ name: fc.string(), race: fc.string(), gender: fc.string() }, { requiredKeys: ["name"] }),
  context: fc.constantFrom("combat", "ambient", "__proto__", ""),
  priority: fc.integer({ min: -200, max: 200 }),
  interrupt: fc.constantFrom(true, false, "drop"),
  voice: fc.jsonValue({ maxDepth: 2 }),
};

async function post(path: string, body: BodyInit, type: string): Promise<void> {
  await expectCode(await table.ask(path, { method: "POST", body, headers: { "Content-Type": type } }));
}

test(
  "bodies of requests",
  async () => {
    const bodies = fc.oneof(
      likeJson(speaking).map((value) => JSON.stringify(value)),
      fc.string({ maxLength: 100 }),
    );
    const paths = fc.constantFrom("/api/speak", "/api/prepare", "/api/players");
    await fuzz(fc.tuple(paths, bodies), ([path, body]) => post(path, body, "application/json"));
  },
  MINUTES,
);

test(
  "queries, and texts that are the body",
  async () => {
    const query = fc.dictionary(
      fc.constantFrom("to", "speaker", "npc", "context", "priority", "interrupt", "voice", "text", "x"),
      fc.oneof(
        fc.string({ maxLength: 60 }),
        fc.constantFrom("all", "ann,bob", "{", '{"name":"x"}', "NaN", "true"),
      ),
    );
    const bodies = fc.uint8Array({ maxLength: 200 });
    await fuzz(fc.tuple(query, bodies), ([fields, body]) =>
      post(`/api/speak?${new URLSearchParams(fields)}`, body as Uint8Array<ArrayBuffer>, "text/plain"),
    );
  },
  MINUTES,
);

const v2 = {
  type: fc.constantFrom(
    ...["hello", "clock", "pong", "heard", "settings", "speak", "cancel", "answer", "what"],
    ...["tune", "tune.probe", "tune.trim", "tune.probed", "tune.trimmed", "tune.lost"],
    ...["tune.ear", "tune.find", "tune.hearing", "tune.found"],
  ),
  codecs: fc.subarray(["opus", "pcm16", "mp3"]),
  sync: fc.boolean(),
  captions: fc.boolean(),
  resume: fc.record({
    epoch: fc.string(),
    offset: fc.integer(),
    anew: fc.boolean(),
    utterances: fc.array(fc.tuple(fc.integer({ min: -2, max: 70_000 }), fc.integer())),
  }),
  t0: fc.double(),
  leadMs: fc.double(),
  utterance: fc.string(),
  heardMs: fc.double(),
  state: fc.constantFrom("playing", "muted", "lagging", "text-only", "asleep", "asked", "ready", "refused"),
  underruns: fc.integer(),
  ended: fc.boolean(),
  leftMs: fc.double(),
  on: fc.boolean(),
  tune: fc.string(),
  device: fc.integer({ min: 0, max: 40 }),
  root: fc.integer({ min: 0, max: 900 }),
  level: fc.double({ min: 0, max: 1 }),
  momentsAt: fc.array(fc.double()),
  momentAt: fc.double(),
  lateMs: fc.double({ min: -1_100, max: 1_100 }),
  isHeard: fc.boolean(),
  player: fc.constantFrom("thorin", "nobody"),
  ms: fc.double({ min: -600, max: 600 }),
  spreadMs: fc.double(),
  placed: fc.integer(),
  trimMs: fc.double({ min: -600, max: 600 }),
  kind: fc.constantFrom("text", "hand", "again", "slower", "shout"),
  raised: fc.boolean(),
  private: fc.boolean(),
  sounds: fc.constantFrom("all", "none", "loud"),
  muted: fc.boolean(),
  codec: fc.constantFrom("opus", "pcm16", "flac"),
  ...speaking,
};

const dm20 = {
  type: fc.constantFrom("pong", "heartbeat", "settings", "action", "history_request", "what"),
  sounds: fc.constantFrom("all", "narration", "none", "loud"),
  action: fc.string(),
  private: fc.boolean(),
  since: fc.oneof(
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.string({ maxLength: 30 }),
  ),
};
const HELLO = JSON.stringify({ type: "hello", codecs: ["pcm16"] });

interface Talk {
  isDm: boolean;
  hasGreeted: boolean;
  messages: (string | ArrayBuffer)[];
}

test.each([
  ["v2", true],
  ["dm20", false],
] as const)(
  "what is said on the %s wire, as text and as bytes",
  async (_, isV2) => {
    const timeSlicer = new TimeSlicer();
    const said = fc.oneof(
      { weight: 6, arbitrary: likeJson(isV2 ? v2 : dm20).map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
      { weight: 1, arbitrary: fc.uint8Array().map((bytes) => new Uint8Array(bytes).buffer) },
    );
    const talks: fc.Arbitrary<Talk> = fc.record({
      isDm: fc.boolean(),
      hasGreeted: fc.boolean(),
      messages: fc.array(said, { maxLength: 6 }),
    });
    const talk = async ({ isDm, hasGreeted, messages }: Talk): Promise<void> => {
      const socket = new FakeSocket();
      const claims = {
        player: isDm ? "dm" : "ann",
        role: isDm ? ("dm" as const) : ("player" as const),
        issuedAt: 0,
      };
      const caller = new Caller(table.party, { claims, isV2, timeSlicer }, socket);
      if (isV2 && hasGreeted) caller.receive(HELLO);
      for (const message of messages) caller.receive(message);
      for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
      caller.ended(1006);
      table.endLines();
      // Everything that is answered is JSON of a known type.
      for (const { type } of socket.messages) expect(type).toBeString();
    };
    await fuzz(talks, talk, isV2 ? SLOW : {});
  },
  MINUTES,
);

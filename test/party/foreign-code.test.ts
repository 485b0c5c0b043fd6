import { describe, expect, test } from "bun:test";
import type { PcmPiece } from "../../src/core/dsp/audio.ts";
import type { TextSource } from "../../src/core/text/text-source.ts";
import type { TTSEngine } from "../../src/engines/contract/engine.ts";
import type { SentenceEvent } from "../../src/engines/contract/sentence-job.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import { createParty } from "../../src/party/create-party.ts";
import type { VoiceSource } from "../../src/party/request/voice-resolver.ts";
import type { RouterShape } from "../../src/party/shapes.ts";
import { plainVoice } from "../../src/voices/voice-config.ts";
import { FakeSocket } from "../support/fake-socket.ts";
import { setTable, until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const never = (): Promise<never> => new Promise(() => undefined);

/** It does not end, whatever its signal says. */
class Hanging extends ToneEngine {
  override async *synthesize(text: string): AsyncGenerator<PcmPiece, void, undefined> {
    this.asked.push(text);
    yield await never();
  }
}

const clean = { delivered: false, cancelled: true, problems: [] };

describe.each([
  ["an engine", () => ({ router: new TTSRouter({ engines: [new Hanging()] }) })],
  ["a router", () => ({ router: { speak: never } })],
  [
    "a router's speech",
    () => ({
      router: {
        speak: async () => ({
          engine: "x",
          events: { [Symbol.asyncIterator]: () => ({ next: never, return: never }) },
        }),
      },
    }),
  ],
])("where %s never answers", (_what, streams) => {
  test("a line that is cancelled is over, its text has arrived, and the next line has its place", async () => {
    const table = await setTable({ streams: { ...streams(), maxLines: 2 } });
    const pip = table.join("pip");
    for (let round = 0; round < 5; round++) {
      const line = table.streams.speak({ text: "The bridge is out. Run!" });
      await Bun.sleep(5);
      line.cancel();
      expect(await line.handedOver).toMatchObject(clean);
      await line.done;
    }
    expect(pip.of("narrative").map(({ content }) => content)).toEqual(
      Array(5).fill("The bridge is out. Run!"),
    );
  });
});

test("an engine given as an object that never answers costs its patience once; the next one speaks for it", async () => {
  const party = await createParty({
    engines: [new Hanging({ name: "hanging" }), new ToneEngine()],
    pool: { hangMs: 60 },
  });
  const pip = new FakeSocket();
  const connection = party.connections.connect(pip, "pip");
  pip.beforeLook = () => connection.flush();
  const report = await party.speak({ text: "The bridge is out. Run!" }).handedOver;
  expect(report).toMatchObject({ delivered: true, engines: ["tone"], problems: [] });
  expect((await party.status()).engines[0]?.outOfOrder).toBe(
    'the engine "hanging" gave no sound within 60 ms',
  );
  await party.close();
});

test("a table opens, speaks and closes whatever an engine does not answer", async () => {
  const mute: TTSEngine = { ...plainEngine("mute"), isAvailable: never, warmup: never, shutdown: never };
  const party = await createParty({ engines: [mute, new ToneEngine()] });
  const pip = new FakeSocket();
  party.connections.connect(pip, "pip");
  expect((await party.speak({ text: "Run!" }).handedOver).delivered).toBe(true);
  await party.close();
  // It has some five seconds to say whether it is there, and three to shut down.
}, 20_000);

test("a table opens, tells how it is, speaks and closes whatever a router does not answer", async () => {
  const own = new TTSRouter({ engines: [new ToneEngine()] });
  const router: RouterShape = {
    initialize: never,
    warmup: never,
    examine: never,
    getEngineForContext: never,
    getStatus: never,
    shutdown: never,
    synthesize: never,
    speak: (...args) => own.speak(...args),
  };
  const log: string[] = [];
  const party = await createParty({ router, log: (line) => log.push(line) });
  expect(log).toEqual(["the router did not answer within 10000 ms"]);
  party.connections.connect(new FakeSocket(), "pip");
  expect((await party.speak({ text: "Run!" }).handedOver).delivered).toBe(true);
  expect((await party.status()).engines).toMatchObject([{ available: false, outOfOrder: log[0] }]);
  await party.close();
}, 60_000);

function plainEngine(name: string): TTSEngine {
  const tone = new ToneEngine({ name });
  return {
    name,
    capabilities: tone.capabilities,
    supportedLanguages: () => ["*"],
    isAvailable: async () => true,
    warmup: async () => undefined,
    shutdown: async () => undefined,
    synthesize: (...args) => tone.synthesize(...args),
  };
}

const hostile = Object.defineProperty({}, "message", {
  get() {
    throw new Error("no");
  },
});

const ODD: [thrown: unknown, told: string][] = [
  [new Error("the quota is used up\x1b[2J"), "the quota is used up\ufffd[2J"],
  [Object.freeze(new TypeError("frozen")), "frozen"],
  ["just words", "just words"],
  [{ message: "an object" }, "an object"],
  [undefined, "no reason was given"],
  [null, "no reason was given"],
  [hostile, "no reason was given"],
];

describe.each(ODD)("case %#: whatever is thrown", (thrown, told) => {
  const fail = (): never => {
    throw thrown;
  };

  test.each([
    ["at once", fail],
    ["as a rejection", () => Promise.reject(thrown)],
    [
      "while it speaks",
      async () => ({ engine: "x", events: { [Symbol.asyncIterator]: () => ({ next: fail }) } }),
    ],
  ])("by a router, %s, is told in the report, and the text arrives", async (_when, speak) => {
    const { streams, join } = await setTable({ streams: { router: { speak } } });
    const pip = join("pip");
    const { problems, delivered } = await streams.speak({ text: "Run!" }).handedOver;
    expect({ problems, delivered }).toEqual({
      problems: [{ code: "engine-failed", message: `the router failed: ${told}`, retryable: false }],
      delivered: false,
    });
    expect(pip.of("narrative").map(({ content }) => content)).toEqual(["Run!"]);
  });

  test("by a registry is told in the report and the log; the line is spoken in a plain voice", async () => {
    const log: string[] = [];
    const registry: VoiceSource = { getVoiceConfig: fail, getNpcVoice: fail, getCastVoice: fail };
    const { streams, engine, join } = await setTable({
      streams: { registry, log: (line) => log.push(line) },
    });
    const pip = join("pip");
    const text = "Run! [voice old_mara]Psst.[/voice]";
    const { problems, delivered } = await streams.speak({ text, npc: {}, speaker: "mara" }).handedOver;
    expect(problems).toEqual([
      { code: "voice-unknown", message: `the registry failed: ${told}`, retryable: false },
    ]);
    expect([delivered, pip.clips.length, new Set(log).size]).toEqual([true, 2, 1]);
    expect(engine.voices).toEqual([plainVoice("en-us"), plainVoice("en-us")]);
  });

  test("by a text is told in the report, and what came before it is spoken", async () => {
    const { streams, join } = await setTable();
    const pip = join("pip");
    const text: TextSource = (async function* () {
      yield "The bridge is out. And then";
      fail();
    })();
    const { problems } = await streams.speak({ text }).handedOver;
    expect(problems).toMatchObject([
      { code: "text-failed", message: `the text broke off before its end: ${told}` },
    ]);
    expect(pip.clips.length).toBe(1);
  });
});

test.each([[undefined], [{}], [new Promise(() => undefined)], [{ ...plainVoice("en"), speed: "fast" }]])(
  "a registry that answers nonsense does not keep a line from being spoken: %p",
  async (nonsense) => {
    const answer = (): never => nonsense as never;
    const { streams, join } = await setTable({
      streams: { registry: { getVoiceConfig: answer, getNpcVoice: answer, getCastVoice: answer } },
    });
    join("pip");
    expect((await streams.speak({ text: "Run!" }).handedOver).delivered).toBe(true);
  },
);

test("a text that never goes on, nor ends when it is told to, does not keep a line that is cancelled", async () => {
  const { streams, join } = await setTable({ streams: { maxLines: 1 } });
  join("pip");
  let told = 0;
  const text: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: never,
      return: () => {
        told += 1;
        return never();
      },
    }),
  };
  for (let round = 1; round <= 3; round++) {
    const line = streams.speak({ text });
    await Bun.sleep(2);
    line.cancel();
    expect(await line.done).toMatchObject({ cancelled: true });
    expect(told).toBe(round);
  }
});

const nothing = async function* (): AsyncGenerator<string, void, undefined> {
  for (;;) yield "";
};
const stillAtIt = async function* (): AsyncGenerator<SentenceEvent, void, undefined> {
  for (;;) yield { type: "progress", samples: 0 };
};

test.each([
  ["a text", { text: nothing }, {}],
  [
    "a router",
    { text: () => "Run!" },
    { router: { speak: async () => ({ engine: "x", events: stillAtIt() }) } },
  ],
])(
  "%s that says nothing, without end or pause, keeps nobody from cancelling it",
  async (_what, { text }, streams) => {
    const table = await setTable({ streams });
    table.join("pip");
    const line = table.streams.speak({ text: text() });
    setTimeout(() => line.cancel(), 20);
    expect(await line.handedOver).toMatchObject({ cancelled: true });
  },
);

test("no half of a character reaches an engine or a listener, wherever it came in", async () => {
  const { streams, engine, join } = await setTable();
  const pip = join("pip");
  const deltas = async function* () {
    yield "The \ud83d";
    yield "\udc09 and the \udc09 roar\0.";
  };
  const half = "half \ud83d\x1b x";
  const lines = [
    streams.speak({ text: `${half}.`, speaker: half, voice: { voiceId: half, style: half } }),
    streams.speak({ text: deltas(), speaker: half, npc: { race: half, gender: half } }),
    streams.speak({
      text: `[voice ${half}]Psst.[/voice]`,
      to: ["pip"],
      speaker: half,
      context: half as never,
    }),
  ];
  for (const line of lines) expect((await line.handedOver).delivered).toBe(true);
  await streams.prepare({ text: half, speaker: half }).catch(() => undefined);
  expect(pip.of("narrative").map(({ content }) => content)).toEqual([
    "half \ufffd\ufffd x.",
    "The 🐉 and the \ufffd roar\ufffd.",
  ]);
  const seen = JSON.stringify([pip.messages, engine.asked, engine.voices]);
  expect(seen).not.toMatch(/\\u(d[89a-f]|00[01])/i);
  expect(streams.log.recent.every(({ speaker }) => speaker === "half \ufffd\ufffd x")).toBe(true);
});

test("a line whose text is waited for is on its way to nobody else meanwhile", async () => {
  const { streams, join } = await setTable();
  const pip = join("pip");
  const open = streams.speak({ text: { [Symbol.asyncIterator]: () => ({ next: never }) }, to: ["pip"] });
  const other = streams.speak({ text: "Run!" });
  await until(() => pip.of("narrative").length === 1);
  open.cancel();
  await Promise.all([open.done, other.done]);
});

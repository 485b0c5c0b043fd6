import { describe, expect, test } from "bun:test";
import { QualityLadder } from "../../../src/party/transport/quality-ladder.ts";
import { setTable, until } from "../../support/table.ts";
import { V2Client } from "../../support/v2-client.ts";

const LAGGING = { type: "heard", utterance: "u", heardMs: 0, state: "lagging", underruns: 0 } as const;

function ladder(): QualityLadder & { pass(ms: number): void } {
  let now = 0;
  const made = new QualityLadder(() => now);
  return Object.assign(made, {
    pass(ms: number): void {
      now += ms;
    },
  });
}

describe("the ladder", () => {
  test("goes down a rung for every three seconds of backlog, and ends at captions", () => {
    const rungs = ladder();
    const seen = [];
    for (let second = 0; second < 12; second++) {
      rungs.observe(second * 1000);
      seen.push(rungs.encodingFor("opus"));
      rungs.pass(1000);
    }
    expect(seen.slice(0, 9)).toEqual([
      "opus",
      "opus",
      "opus",
      "opus-low",
      "opus-low",
      "opus-low",
      undefined,
      undefined,
      undefined,
    ]);
    expect(rungs.encodingFor("opus")).toBeUndefined();
  });

  test("goes up a rung for every ten seconds of calm", () => {
    const rungs = ladder();
    for (let report = 0; report < 6; report++) rungs.report(true);
    expect(rungs.encodingFor("opus")).toBeUndefined();
    const seen = [];
    for (let second = 0; second <= 25; second++) {
      rungs.observe(0);
      seen.push(rungs.encodingFor("opus"));
      rungs.pass(1000);
    }
    expect(seen.indexOf("opus-low")).toBe(10);
    expect(seen.indexOf("opus")).toBe(20);
  });

  test("does not mind a burst, nor one dry second", () => {
    const rungs = ladder();
    for (let second = 0; second < 30; second++) {
      rungs.observe(second % 3 === 0 ? 2500 : 0);
      rungs.report(second % 3 === 0);
      rungs.pass(1000);
    }
    expect(rungs.encodingFor("opus")).toBe("opus");
  });

  test("of PCM has nothing between itself and captions", () => {
    const rungs = ladder();
    for (let report = 0; report < 3; report++) rungs.report(true);
    expect(rungs.encodingFor("pcm16")).toBeUndefined();
  });
});

test("who runs dry again and again is sent half the bytes, then only text, and then sound again", async () => {
  const table = await setTable();
  const thorin = new V2Client(table, "thorin", { codecs: ["opus"] });
  const say = async (): Promise<number> => {
    const before = thorin.frames.length;
    await table.streams.speak({ text: "A sentence of some length, so that it has bytes enough." }).handedOver;
    const fresh = thorin.frames.slice(before);
    return fresh.reduce((sum, { payload }) => sum + payload.length, 0);
  };
  const runDry = (): void => {
    for (let report = 0; report < 3; report++) thorin.connection.v2.report(LAGGING);
  };
  const full = await say();
  runDry();
  expect(thorin.connection.v2.state).toBe("lagging");
  const low = await say();
  expect(low / full).toBeWithin(0.3, 0.8);
  runDry();
  expect(thorin.connection.v2.state).toBe("text-only");
  expect(await say()).toBe(0);
  const texts = thorin.of("speech.text").filter(({ words }) => !words);
  expect(texts).toHaveLength(3);
  expect(thorin.of("speech.end")).toHaveLength(3);
});

test("who does not read loses sound, keeps the connection until it stalls, and keeps nobody waiting", async () => {
  const table = await setTable({
    engine: { samplesPerChar: 4000 },
    connections: { queueBytes: 100_000, stallMs: 100 },
    streams: { resumeMs: 100 },
  });
  const slow = new V2Client(table, "thorin", {}, false);
  const quick = new V2Client(table, "elara");
  const line = table.streams.speak({ text: "A line that is long enough to fill it." });
  await until(() => quick.of("speech.end").length === 1);
  const { players } = await line.handedOver;
  expect(players.find(({ player }) => player === "elara")).toMatchObject({ complete: true });
  expect(players.find(({ player }) => player === "thorin")).toMatchObject({ complete: false });
  expect(slow.socket.closed?.code).toBe(1013);
}, 30_000);

import { afterAll, describe, expect, test } from "bun:test";
import { BardcastError } from "../../src/core/errors.ts";
import { createParty } from "../../src/party/create-party.ts";
import type { Party } from "../../src/party/party.ts";
import type { PartyOptions } from "../../src/party/party-options.ts";
import type { UtteranceRequest } from "../../src/party/request/utterance.ts";
import { FakeSocket } from "../support/fake-socket.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const party: Party = await createParty({
  engines: [new ToneEngine()],
  players: ["thorin"],
  cache: false,
  log: () => undefined,
});
afterAll(() => party.close());

/** What somebody is told who did that: a code, and a sentence. */
async function refusal(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof BardcastError)) return `no code: ${error}`;
    return `${error.code}: ${error.message}`;
  }
  return "nothing";
}

describe("what no type checker has seen is refused with what there is instead", () => {
  const options: [unknown, RegExp][] = [
    [{ engine: ["espeak"] }, /^bad-request: engine: there is no such field; there is: .*engines/],
    [{ engines: "espeak" }, /^bad-request: engines: expected a list/],
    [{ engines: ["espeak", 5] }, /^bad-request: engines\.1: expected the name of an engine/],
    [{ engines: [{ speak() {} }] }, /^bad-request: engines\.0: .*an object with synthesize/],
    [{ engines: ["nope"] }, /^engine-unavailable: there is no engine named "nope"; there is: espeak/],
    [{ players: "thorin" }, /^bad-request: players: expected a list of strings/],
    [{ campaignDir: 5 }, /^bad-request: campaignDir: expected a string/],
    [{ pool: { sise: 2 } }, /^bad-request: pool\.sise: there is no such field; there is: size/],
    [{ pool: { size: "many" } }, /^bad-request: pool\.size: expected a number/],
    [{ cache: true }, /^bad-request: cache: expected false, or an object/],
    [{ settings: { reveal: "never" } }, /^bad-request: settings\.reveal: expected "early"/],
    [{ log: "yes" }, /^bad-request: log: expected a function/],
    ["thorin", /^bad-request: expected an object with id, /],
  ];
  test.each(options)("a table set with %j", async (given, words) => {
    expect(await refusal(() => createParty(given as PartyOptions))).toMatch(words);
  });

  const lines: [unknown, RegExp][] = [
    [undefined, /^bad-request: expected an object with text, /],
    ["Run!", /^bad-request: expected an object with text, /],
    [{}, /^text-empty: /],
    [{ text: 5 }, /^bad-request: text: expected a string/],
    [{ text: "Run!", speeker: "mara" }, /^bad-request: speeker: there is no such field; there is: .*speaker/],
    [{ text: "Run!", to: "thorin" }, /^bad-request: to: expected "all", or a list of strings/],
    [{ text: "Run!", to: [] }, /^bad-request: to: there is nobody in it/],
    [{ text: "Run!", to: ["gandalf"] }, /^unknown-player: nobody here is called gandalf; seated: thorin/],
    [
      { text: "Run!", context: "song" },
      /^bad-request: context: there is none called "song"; there is: combat/,
    ],
    [{ text: "Run!", priority: "high" }, /^bad-request: priority: expected a number/],
    [{ text: "Run!", interrupt: "yes" }, /^bad-request: interrupt: expected true, false, "drop"/],
    [{ text: "Run!", reveal: "never" }, /^bad-request: reveal: expected "early"/],
    [{ text: "Run!", speech: "no" }, /^bad-request: speech: expected true or false/],
    [{ text: "Run!", speaker: 5 }, /^bad-request: speaker: expected a string/],
    [{ text: "Run!", npc: { race: "elf" } }, /^bad-request: speaker: expected the name of the NPC/],
    [
      { text: "Run!", speaker: "mara", npc: { rase: "elf" } },
      /^bad-request: npc\.rase: there is no such field/,
    ],
    [{ text: "Run!", omit: ["thoughts"] }, /^bad-request: omit: expected a list of "think"/],
    [{ text: "Run!", signal: "stop" }, /^bad-request: signal: expected an AbortSignal/],
    [{ text: "Run!", voice: { speed: 99 } }, /^bad-request: speed: expected a number from 0\.25 to 4/],
    [{ text: "Run!", voice: { effects: ["fog"] } }, /^bad-request: effects\.0: expected effects among cave/],
  ];
  test.each(lines)("a line %j", async (given, words) => {
    const line = given as UtteranceRequest;
    expect(await refusal(() => party.speak(line))).toMatch(words);
    expect(await refusal(() => party.prepare(line))).toMatch(words);
    expect(await refusal(async () => Array.fromAsync(party.render(line)))).toMatch(words);
  });

  test("a line said in the short ways", async () => {
    const wrong = { spekaer: "mara" } as object;
    expect(await refusal(() => party.streamToAll("Run!", wrong))).toMatch(/^bad-request: spekaer: /);
    expect(await refusal(() => party.streamToPlayer("gandalf", "Run!"))).toMatch(/^unknown-player: /);
    const nameless = undefined as unknown as string;
    expect(await refusal(() => party.streamNpcToAll("Run!", nameless))).toMatch(/^bad-request: speaker: /);
    expect(await refusal(() => party.streamToPlayer(nameless, "Run!"))).toMatch(/^bad-request: to: /);
  });
});

test("of a line that is only made, what is not as it was meant is told to the log", async () => {
  const log: string[] = [];
  const other = await createParty({
    engines: [new ToneEngine()],
    cache: false,
    log: (words) => log.push(words),
  });
  log.length = 0;
  await Array.fromAsync(other.render({ text: "[effect fog]Run!" }));
  expect(log).toEqual([expect.stringMatching(/^\[effect fog\] is no tag, and was read as text/)]);
  await other.close();
});

test("what is said all the same, but not as it was meant, is in the report", async () => {
  party.listen(new FakeSocket(), await party.tokens.verify(await party.tokens.issue("thorin")));
  const problems = async (line: UtteranceRequest): Promise<string[]> =>
    (await party.speak(line).handedOver).problems.map(({ code, message }) => `${code}: ${message}`);
  expect(await problems({ text: "[effect fog]Run![/effect] Now. [pause 2 hours]" })).toEqual([
    "markup-unknown: [effect fog] is no tag, and was read as text: effects are cave, telepathy, giant, spirit, radio",
    "markup-unknown: [pause 2 hours] is no tag, and was read as text: a pause is written [pause 500ms] or [pause 2s]",
  ]);
  expect(await problems({ text: "[whisper]Run![/whispr]" })).toEqual([
    expect.stringMatching(/^markup-unknown: \[\/whispr\] is no tag/),
  ]);
  expect(await problems({ text: "Run!", voice: { ptich: 3, style: "sad" } })).toEqual([
    "voice-unknown: voice.ptich was passed on to the engine; did you mean pitch?",
  ]);
  // Brackets are text as well.
  expect(await problems({ text: "It says [sic]. [whisper]Run![/whisper]" })).toEqual([]);
  expect(await problems({ text: "Run!", voice: { engine: "nope" } })).toEqual([
    expect.stringMatching(/^engine-unavailable: the voice asks for the engine "nope", .*; there is: tone/),
  ]);
});

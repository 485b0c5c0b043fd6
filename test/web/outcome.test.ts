import { expect, test } from "bun:test";
import type { PlayerDelivery, RecentUtterance } from "../../src/core/protocol/api.ts";
import { markdownOf } from "../../src/web/dm/log/markdown.ts";
import { outcomeOf } from "../../src/web/dm/log/outcome.ts";

function player(name: string, heardMs: number, rest: Partial<PlayerDelivery> = {}): PlayerDelivery {
  return { player: name, heardMs, complete: true, textOnly: false, muted: false, underruns: 0, ...rest };
}

function line(players: PlayerDelivery[], rest: Partial<RecentUtterance> = {}): RecentUtterance {
  const report = {
    utterance: "u",
    delivered: true,
    cancelled: rest.state === "cancelled",
    listeners: players.length,
    players,
    sentences: 1,
    durationMs: 8_000,
    engines: ["espeak"],
    problems: [],
  };
  return { utterance: "u", speaker: "dm", to: "all", text: "Run!", state: "done", report, ...rest };
}

test("nobody is said to have heard what they did not hear, whatever was handed to them", () => {
  const stopped = line([player("thorin", 7_900), player("elara", 2_000)]);
  expect(outcomeOf(stopped).words).toBe("Heard by Thorin. Elara heard 2 of 8 seconds.");
  const gone = [
    player("pip", 3_000, { complete: false, reason: "silent" }),
    player("wren", 8_000, { muted: true }),
    player("bess", 0),
  ];
  expect(outcomeOf(line(gone))).toEqual({
    good: false,
    words:
      "Pip slept after 3 of 8 seconds. Wren had the sound off and read it. Bess had the sound, but it was off.",
  });
});

test("of a line that broke off it is told how much of it was heard, where that is known", () => {
  const words = "Broke off: the server ended in the middle of it. Who comes back gets the text.";
  expect(outcomeOf(line([], { state: "broken-off" }))).toEqual({ good: false, words });
  const heard = line([player("pip", 3_100, { complete: false }), player("wren", 0, { complete: false })], {
    state: "broken-off",
  });
  expect(outcomeOf(heard).words).toBe(`${words} Pip heard 3 s of it.`);
});

test("who heard nearly all of it is not said to have heard as much as there is", () => {
  expect(outcomeOf(line([player("elara", 7_600)])).words).toBe("Elara heard 7.6 of 8.0 seconds.");
});

test("of a line that was stopped it is told how far it was heard, and by whom", () => {
  const stopped = line([player("thorin", 3_100), player("elara", 3_000), player("pip", 100)], {
    state: "cancelled",
  });
  expect(outcomeOf(stopped).words).toBe(
    "You stopped it after 3 of 8 seconds. Thorin and Elara heard that much.",
  );
  expect(outcomeOf(line([player("thorin", 0)], { state: "cancelled" })).words).toBe(
    "You stopped it before anybody heard it.",
  );
});

test("who listens along at the desk is nobody's audience", () => {
  expect(outcomeOf(line([player("observer:console", 8_000)])).words).toBe("Nobody was here to hear it.");
  expect(outcomeOf(line([player("observer:console", 8_000), player("pip", 8_000)])).words).toBe(
    "Heard by Pip.",
  );
});

test("the log as Markdown says what was said and keeps what is emphasised; no other word of it is a mark", () => {
  const text = markdownOf("An evening", [
    line([player("thorin", 8_000)], { text: "*Never* [here], 2 * 3.", speaker: "old_mara", to: ["thorin"] }),
  ]);
  expect(text).toContain("**Old Mara** *(whispers to Thorin)*");
  expect(text).toContain("*Never* \\[here\\], 2 \\* 3.");
});

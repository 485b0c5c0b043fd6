import { expect, test } from "bun:test";
import type { Presence } from "../../src/core/protocol/presence.ts";
import { ownPresence } from "../../src/web/play/own-presence.ts";
import { stepDetail, stepWords } from "../../src/web/play/sheets/step-words.ts";
import { answerNotice, loudspeakerWords, missedWords, silenceWords } from "../../src/web/play/words.ts";

test("how long the table has been silent is said in steps, and never more than it was", () => {
  expect([5, 9, 10, 29, 59, 60, 119, 180].map(silenceWords)).toEqual(
    [
      "5 seconds",
      "5 seconds",
      "10 seconds",
      "20 seconds",
      "30 seconds",
      "1 minute",
      "1 minute",
      "3 minutes",
    ].map((time) => `No word from the table for ${time}.`),
  );
});

test("one line is missed, or several", () => {
  expect([1, 2].map(missedWords)).toEqual([
    "You are back. You missed 1 line.",
    "You are back. You missed 2 lines.",
  ]);
});

test("at a table with loudspeakers everybody is told where the sound is, and what becomes of whispers", () => {
  const wordsOf = (self: string, players: Pick<Presence, "id" | "loudspeaker">[]): string | undefined => {
    const all = players.map((player) => ({ connections: 1, state: "connected", ...player }) as const);
    return loudspeakerWords(ownPresence(all, self));
  };
  const table = [
    { id: "elara", loudspeaker: true },
    { id: "pip", loudspeaker: false },
  ];
  expect(wordsOf("pip", [{ id: "elara" }, { id: "pip" }])).toBeUndefined();
  expect(wordsOf("pip", table)).toBe("The table listens to Elara’s device. Here you hear whispers.");
  expect(wordsOf("elara", table)).toBe("The table hears this device. Whispers to you are only shown.");
  // A loudspeaker that lost its seat is still in what the page was told.
  expect(wordsOf("pip", [{ id: "elara", loudspeaker: true }, { id: "pip" }])).toBeUndefined();
});

test("whether a device sounds together with the others is not claimed where it cannot be known", () => {
  const state = { skewMs: -2, uncertaintyMs: 1.2, isTrusted: true };
  expect(stepWords(state)).toBe("This device sounds together with the others");
  expect(stepDetail(state)).toBe("To within 4 thousandths of a second.");
  expect(stepWords({ ...state, isTrusted: false })).toContain("may sound a little before or after");
});

test("what other players tell the game master is nobody's news, but a raised hand", () => {
  const told = { id: "1", player: "old_mara", at: "", private: false } as const;
  expect(answerNotice({ ...told, kind: "hand", raised: true }, false)).toBe("Old Mara raises a hand.");
  expect(answerNotice({ ...told, kind: "hand", raised: false }, false)).toBeUndefined();
  expect(answerNotice({ ...told, kind: "slower" }, false)).toBeUndefined();
  expect(answerNotice({ ...told, kind: "slower" }, true)).toBe("Asked to speak slower.");
});

import { expect, test } from "bun:test";
import { speakable } from "../../../src/core/text/sentences.ts";

test.each([
  ["You must *never* open it.", "You must never open it."],
  ["*Never* open it.", "Never open it."],
  ["It is **very** old, and `rusty`.", "It is very old, and rusty."],
  ["## The Old Keep", "The Old Keep"],
  ["> She said _run_!", "She said run!"],
  ["- Bring a torch.", "Bring a torch."],
  ["See [the map](https://example.com/map) first.", "See the map first."],
  ["(whispering) Come closer.", "Come closer."],
  ["[The door creaks]", ""],
  ["*sighs* I told you.", "I told you."],
  ["*grins and draws his sword*", ""],
  ["I told you. *sighs*", "I told you."],
  ['"Run!" (he points at the gate)', '"Run!"'],
  ["One. (softly) Two.", "One. Two."],
  ["Visit (Waterdeep) now.", "Visit (Waterdeep) now."],
  ["(Waterdeep) is big.", "(Waterdeep) is big."],
  ["2 * 3 is 6, and a_b stays.", "2 * 3 is 6, and a_b stays."],
  ["[shout]Run![/shout]", "[shout]Run![/shout]"],
  ["[pause 5min] Run!", "[pause 5min] Run!"],
  ["Run![/whisper]", "Run![/whisper]"],
  ["[effect fog] Run!", "[effect fog] Run!"],
  ["[Pause for effect] Run!", "Run!"],
  ["[pause] Run!", "Run!"],
  ["Ciao, *bella*!", "Ciao, bella!"],
  ["«Il drago» ruggisce.", "«Il drago» ruggisce."],
])("of %p is said %p", (shown, said) => {
  expect(speakable(shown).text).toBe(said);
});

test("words are placed where they stand in what is shown", () => {
  const shown = "(whispering)  The **dark** [tower](http://x.y) waits.";
  const { text, inCaption } = speakable(shown);
  expect(text).toBe("The dark tower waits.");
  const words = [...text.matchAll(/\w+/g)].map(
    ({ 0: word, index }) => [index, word.length, 1, 2] as [number, number, number, number],
  );
  expect(inCaption(words).map(([start, length]) => shown.slice(start, start + length))).toEqual([
    "The",
    "dark",
    "tower",
    "waits",
  ]);
});

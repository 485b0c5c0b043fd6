import { expect, test } from "bun:test";
import { PassageSplitter } from "../../../src/core/text/passage-splitter.ts";
import { unknownTags } from "../../../src/core/text/unknown-tags.ts";

/** Each passage, with its sounds where they stand in it. */
function read(deltas: readonly string[]): string[] {
  const splitter = new PassageSplitter();
  const passages = [...deltas.flatMap((delta) => splitter.push(delta)), ...splitter.flush()];
  return passages.map(({ text, cues = [] }) =>
    cues.reduceRight((shown, { at, name }) => `${shown.slice(0, at)}<${name}>${shown.slice(at)}`, text),
  );
}

const CASES: readonly [string, string[]][] = [
  ["She turns the key [sound lock] and waits.", ["She turns the key <lock>and waits."]],
  ["[sound door] Mara enters. She sits.", ["<door>Mara enters.", "She sits."]],
  ["It opens. [sound door] Mara enters.", ["It opens.", "<door>Mara enters."]],
  ["She leaves. [sound door]", ["She leaves.<door>"]],
  ["She leaves [sound door].", ["She leaves <door>."]],
  ["[sound door]", ["<door>"]],
  ["[sound door] [sound Old Bell]", ["<door><Old Bell>"]],
  ["Ha[SOUND bell]lt!", ["Ha<bell>lt!"]],
  ["One. [pause 1s] [sound a] [whisper]Two.[/whisper]", ["One.", "<a>Two."]],
  ["*She [sound a] runs* **fast [sound b]**.", ["*She <a>runs* **fast <b>**."]],
  [
    "# Night\n\n[sound owl] It is late.\n\n- one [sound a]\n- two",
    ["# Night", "<owl>It is late.", "- one<a>", "- two"],
  ],
];

test.each(CASES)("the sounds of %j stand at their words", (text, passages) => {
  expect(read([text])).toEqual(passages);
});

test("wherever a text is cut into deltas, sounds stay at their words", () => {
  for (const [text, passages] of CASES) {
    expect(read([...text])).toEqual(passages);
    for (let at = 1; at < text.length; at++)
      expect(read([text.slice(0, at), text.slice(at)])).toEqual(passages);
  }
});

test("a stage direction about a sound is none, and what names none is pointed out", () => {
  expect(read(["[Sound of thunder] Run!"])).toEqual(["[Sound of thunder] Run!"]);
  expect(unknownTags("[Sound of thunder] [sound] [/sound] [sounds door] [sound door]")).toEqual([
    "[sound]",
    "[/sound]",
    "[sounds door]",
  ]);
});

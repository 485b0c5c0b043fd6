import { expect, test } from "bun:test";
import { doubtIn } from "../../src/web/dm/composer/doubts.ts";

const sounds = ["dice", "Door"];
const known = (name: string): boolean => name === "old_mara";

test.each([
  ["[effect fog]Who?[/effect]", "[effect fog]", undefined],
  ["[effect caev]Who?[/effect]", "[effect caev]", "[effect cave]"],
  ["Wait. [pause 2] Now.", "[pause 2]", "[pause 2s]"],
  ["Wait. [pause five] Now.", "[pause five]", "[pause 500ms]"],
  ["[shout]Run![/shout]", "[/shout]", undefined],
  ["[voice nobody]Psst.[/voice]", "[voice nobody]", undefined],
  ["It shuts. [sound dor]", "[sound dor]", "[sound Door]"],
])("what %p would not do is pointed out before it is said", (text, tag, instead) => {
  const doubt = doubtIn(text, known, sounds);
  expect(doubt?.tag).toBe(tag);
  if (instead !== undefined) expect(doubt?.instead).toBe(instead);
});

test.each([
  "[whisper]They come.[/whisper] [pause 1.5s][effect CAVE]Who?[/effect]",
  "[voice old_mara]You are late, dear.[/voice]",
  "[The door creaks] In it, nobody. [laughs]",
  "It shuts [sound door] again. [Sound of thunder]",
])("%p is as its writer takes it", (text) => {
  expect(doubtIn(text, known, sounds)).toBeUndefined();
});

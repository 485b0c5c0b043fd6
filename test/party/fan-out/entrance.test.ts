import { expect, test } from "bun:test";
import { TimeSlicer } from "../../../src/core/async/time-slicer.ts";
import type { AudioFrame } from "../../../src/party/fan-out/audio-frame.ts";
import { entranceToFrames } from "../../../src/party/fan-out/entrance.ts";
import { UtteranceAudio } from "../../../src/party/fan-out/utterance-audio.ts";

/** Half a second each, of a thousand bytes. */
function frame(sequence: number, begins: boolean): AudioFrame {
  const ptsSamples = sequence * 12_000;
  return { begins, bytes: 1_000, sentence: 0, sequence, ptsSamples, samples: 12_000, messages: new Map() };
}

/** The sound of a line whose last sentence is being made, of which four frames came. */
function lastSentence(retainBytes: number): UtteranceAudio {
  const audio = new UtteranceAudio({ retainBytes, keepMs: 60_000 }, new TimeSlicer());
  audio.beginSentence(["opus"]);
  for (let sequence = 0; sequence < 4; sequence++) audio.addFrame(frame(sequence, sequence === 0));
  return audio;
}

test("who joins when the others have heard all there is of the last sentence begins at its beginning", () => {
  const company = { heardMs: 2_000, inStep: false, isLast: true };
  const audio = lastSentence(1_000_000);
  expect(entranceToFrames(audio, 2_000, company)).toMatchObject({ index: 0, fromMs: 0 });
  // When it is complete there is nothing more to be heard.
  audio.endSentence();
  audio.leaveSentence();
  expect(entranceToFrames(audio, 2_000, company)).toMatchObject({ index: 4, fromMs: 2_000 });
  audio.cut();
});

test("whoever comes when the beginning of the last sentence is not kept any more is sent nothing from its middle", () => {
  const audio = lastSentence(2_000);
  for (const heardMs of [undefined, 1_500, 2_000]) {
    const { index } = entranceToFrames(audio, 2_000, { heardMs, inStep: false, isLast: true });
    expect(index).toBeUndefined();
  }
  audio.cut();
});
